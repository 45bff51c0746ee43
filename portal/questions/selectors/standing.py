"""What experts may do: members with standing in a topic of a question, where the staff allow it.

This area does not know standing: one above it says who has enough of it, by ``register_standing`` in its ``ready()``.
"""

from collections.abc import Callable
from typing import Any

from portal.core.permissions import is_member, may_moderate
from portal.questions.models import ExpertRights, Question

Standing = Callable[[Any, Question], bool]
_standings: list[Standing] = []

ASK_DETAILS, ACCEPT, OFFICIAL = "ask_details", "accept", "official"
"""The rights that the staff grant to experts, as the fields of ``ExpertRights`` are called."""


def register_standing(stands: Standing) -> None:
    """Lets the area that knows experts say whether a member has standing in a topic of a question."""
    if stands not in _standings:
        _standings.append(stands)


def has_standing(user: Any, question: Question) -> bool:
    """Whether this member is an expert in what the question is about."""
    return is_member(user) and any(stands(user, question) for stands in _standings)


def expert_rights(user: Any, question: Question) -> frozenset[str]:
    """Returns what this member may do to a question as an expert; nothing where she is none.

    A page asks for each of its answers: it is looked up once for a question as it was read.
    """
    known: dict[int | None, frozenset[str]] = vars(question).setdefault("_expert_rights", {})
    if user.pk not in known:
        known[user.pk] = _granted() if has_standing(user, question) else frozenset()
    return known[user.pk]


def _granted() -> frozenset[str]:
    rights = ExpertRights.load()
    return frozenset(name for name in (ASK_DETAILS, ACCEPT, OFFICIAL) if getattr(rights, name))


def may_answer_officially(user: Any, question: Question) -> bool:
    """Whether ``user`` may answer a question in the name of the company: staff, and experts who are allowed to."""
    return may_moderate(user) or OFFICIAL in expert_rights(user, question)
