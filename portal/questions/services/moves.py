"""Keeping what happens to a question's status, so that everybody can read who moved it, why and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.questions.models import Act, Answer, Question, QuestionMove, Role, Status, Why
from portal.questions.models.lifecycle import UNDOABLE

KEPT = (
    "status", "settled_at", "settled_by_id", "settled_why", "settled_reason", "duplicate_of_id", "needs_details",
    "locked",
)  # fmt: skip
# Acts that are kept only where they moved the status: a second answer moves nothing.
FOLLOWING = (Act.ANSWER, Act.DELETE_ANSWER, Act.RESTORE_ANSWER, Act.GIVE_DETAILS)


def state_of(question: Question) -> dict[str, Any]:
    """Returns the columns that say where a question stands, as they are on the instance."""
    return {name: getattr(question, name) for name in KEPT}


def state_restore(*, question: Question, before: Mapping[str, Any]) -> None:
    """Gives a question the columns of ``state_of`` back, as they were kept; saves nothing."""
    for name in KEPT:
        if name in before:
            setattr(question, name, before[name])
    if isinstance(question.settled_at, str):
        question.settled_at = datetime.fromisoformat(question.settled_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An act and whose it is.

    by: a user, None for the portal or a vote. role: None to be found out from ``by``. why: a code of ``lifecycle.Why``.
    answer: the one it is about. other: the question that this one was joined with or parted from.
    """

    act: Act
    by: Any
    role: Role | None = None
    why: str = ""
    words: str = ""
    answer: Answer | None = None
    other: Question | None = None


def move_keep(*, question: Question, before: Mapping[str, Any], decision: Decision) -> QuestionMove | None:
    """Keeps a move that was just made, and returns it; None where it moved nothing that is worth a line.

    question: as it now stands. before: ``state_of`` of it earlier in the same transaction.
    """
    act, by = decision.act, decision.by
    if act in FOLLOWING and before["status"] == question.status:
        return None
    return QuestionMove.objects.create(
        question=question,
        act=act,
        from_status=before["status"],
        to_status=question.status,
        by=by,
        role=decision.role or _role(question, by, act),
        why=decision.why,
        words=decision.words[:300],
        answer=decision.answer,
        other=decision.other,
        before=_plain(before) if act in UNDOABLE else {},
    )


def _plain(before: Mapping[str, Any]) -> dict[str, Any]:
    """Returns columns as JSON keeps them; moments to the microsecond, so that they come back as they were."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in before.items()}


def details_take(*, question: Question, by: Any) -> None:
    """Lets what the asker adds stand for the details that were asked for, also where the question was closed for the
    want of them; saves nothing. Where nobody with an account asked, it is the staff's word that counts.
    """
    if by is None or question.author_id not in (None, by.pk):
        return
    question.needs_details = False
    if question.status == Status.CLOSED and question.settled_why == Why.NO_DETAILS:
        settlement_clear(question)


def settlement_clear(question: Question) -> None:
    """Takes a person's word off a question, so that its status follows from what is there; saves nothing."""
    question.settled_at = question.settled_by = question.duplicate_of = None
    question.settled_why = question.settled_reason = ""
    question.status = Status.OPEN


def _role(question: Question, by: Any, act: Act) -> Role:
    if by is None:
        return Role.PORTAL
    if by.is_staff:
        return Role.STAFF
    if question.author_id == by.pk:
        return Role.ASKER
    return Role.EXPERT if act in (Act.ACCEPT, Act.UNACCEPT) else Role.MEMBER
