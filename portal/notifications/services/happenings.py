"""Writing down what is to be told, in the transaction of the change itself."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from portal.core.clock import now
from portal.notifications.models import Happening
from portal.questions.models import Answer

KEPT = timedelta(days=7)
AT_ONCE = 5_000
MOST_ASKED = 5


def happening_keep(
    *,
    what: str,
    question_id: int,
    actor_id: int | None,
    answer_id: int | None = None,
    comment_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> Happening:
    """Writes down that something happened; the worker tells those who are to know.

    what: a rule of ``selectors/audience.py``. data: what else the rule needs.
    """
    return Happening.objects.create(
        what=what,
        question_id=question_id,
        answer_id=answer_id,
        comment_id=comment_id,
        actor_id=actor_id,
        data=data or {},
        at=now(),
    )


def confirmations_keep(
    *, asked: Iterable[tuple[int, Sequence[int]]], actor_id: int | None, release_id: int
) -> list[Happening]:
    """Writes down that authors are asked whether answers of theirs still hold on a new release.

    asked: (author's id, ids of her answers, those first that matter most); of each author's the first ``MOST_ASKED``.
    """
    wanted = {answer: author for author, answers in asked for answer in answers[:MOST_ASKED]}
    questions = dict(Answer.objects.filter(pk__in=wanted).values_list("pk", "question_id"))
    moment = now()
    return Happening.objects.bulk_create(
        Happening(
            what="confirmation",
            question_id=questions[answer],
            answer_id=answer,
            actor_id=actor_id,
            data={"members": [author], "release": release_id},
            at=moment,
        )
        for answer, author in wanted.items()
        if answer in questions
    )


def merge_forget(*, merge_id: int, target_id: int) -> int:
    """Takes back what was told of two questions being joined, because they were parted; returns how many rows."""
    told = Happening.objects.filter(what="merged", question_id=target_id, data__merge=merge_id)
    return told.delete()[0]


def happenings_forget() -> int:
    """Deletes what happened a while ago and nobody was to know; returns how many rows went, ``AT_ONCE`` at most."""
    old = Happening.objects.filter(told_at__lt=now() - KEPT, items__isnull=True)
    return Happening.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()[0]
