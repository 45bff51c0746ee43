"""Writing down what is to be told, in the transaction of the change itself."""

from typing import Any

from portal.core.clock import now
from portal.notifications.models import Happening


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


def merge_forget(*, merge_id: int, target_id: int) -> int:
    """Takes back what was told of two questions being joined, because they were parted; returns how many rows."""
    told = Happening.objects.filter(what="merged", question_id=target_id, data__merge=merge_id)
    return told.delete()[0]
