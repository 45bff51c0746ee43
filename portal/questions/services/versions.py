"""What every change of the versions that an answer holds for leads to."""

from collections.abc import Iterable
from typing import Any

from portal.core.bulk import rows_update
from portal.questions import events
from portal.questions.indexing import questions_changed
from portal.questions.models import Answer
from portal.questions.selectors.passports import answers_refuted

from .holding import rows_hold


def obsolete_recount(*, ids: Iterable[int]) -> list[Answer]:
    """Sets whether these answers are outdated from what is there; returns those that turned, with their questions."""
    wanted = list(ids)
    held = rows_hold(Answer.objects.filter(pk__in=wanted).select_related("question"))
    answers = list(held.defer(*BODIES))
    refuted = answers_refuted(wanted)
    turned = []
    for answer in answers:
        if answer.obsolete != (answer.pk in refuted):
            answer.obsolete = not answer.obsolete
            turned.append(answer)
    rows_update(model=Answer, objects=turned, names=["obsolete"])
    questions_changed({answer.question_id for answer in turned})
    return turned


def questions_reassess(*, user: Any, ids: Iterable[int]) -> None:
    """Derives anew which answers of questions are outdated, where those may be about other products by now.

    Belongs into the transaction of the change. user: who made it, None for the portal itself.
    """
    said, last = Answer.objects.filter(question__in=list(ids), confirmations__isnull=False).order_by("pk").distinct(), 0
    while answers := list(said.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        versions_changed(user=user, ids=answers)
        last = answers[-1]


def versions_changed(*, user: Any, ids: Iterable[int]) -> None:
    """Derives anew whether these answers are outdated, and announces those that turned.

    Belongs into the transaction of the change. user: who made it.
    """
    for answer in obsolete_recount(ids=ids):
        kind = events.AnswerOutdated if answer.obsolete else events.AnswerRevived
        events.announce_answer(kind, answer, user)


BATCH = 500
# The words of posts have no part in it.
BODIES = ("body", "body_html", "question__body", "question__body_html")
