"""Where a question stands, as its page tells it: what was decided, by whom and why, and what the reader may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.core.errors import NotAllowed, PortalError, Words
from portal.core.paging import Slice, keyset_page
from portal.core.permissions import allows, is_member
from portal.questions.models import Act, Question, QuestionMove, Status, Why
from portal.questions.models.lifecycle import DECIDED, SHUT

from .access import questions_visible_to
from .moves import BODIES, ReopenTally, acts_open, check_reopen, check_reopen_vote, moves_of, reopen_tally
from .rights import check_answer

TOLD = (*DECIDED, Act.ACCEPT, Act.UNACCEPT, Act.MAKE_OFFICIAL, Act.END_OFFICIAL, Act.MERGE, Act.PART)
"""What the question's own page tells of; its history tells everything."""
LATEST = 4
LOOKED_BACK = 60
SETTLING = (Act.CLOSE, Act.MARK_DUPLICATE, Act.MARK_OBSOLETE, Act.ARCHIVE, Act.UNARCHIVE, Act.UNDO)


@dataclass(frozen=True, slots=True)
class LifeView:
    """Where a question stands.

    moves: the latest that its page tells of, the earliest first; more: whether there are others before them. settling,
    lock, details: the moves that made it what it is now, where they are known. why: the reason it was closed for.
    no_answers: why nobody may answer now, empty where members may. tally: of the vote to open it again.
    """

    moves: list[QuestionMove]
    more: bool
    settling: QuestionMove | None
    lock: QuestionMove | None
    details: QuestionMove | None
    why: str
    no_answers: Words
    tally: ReopenTally | None
    may_reopen: bool
    acts: list[Act]


def life_view(*, user: Any, question: Question) -> LifeView:
    """Returns where a visible question stands; two queries more for a member, one for a stranger."""
    told = list(moves_of(question, TOLD)[:LOOKED_BACK])
    shut = question.status in SHUT
    votes = shut and is_member(user) and _votes(user, question)
    acts = acts_open(user, question) if is_member(user) else []
    return LifeView(
        moves=told[:LATEST][::-1],
        more=len(told) > LATEST,
        settling=_latest(told, SETTLING, question.settled_at is not None),
        lock=_latest(told, (Act.LOCK,), question.locked),
        details=_latest(told, (Act.ASK_DETAILS,), question.status == Status.NEEDS_DETAILS),
        why=str(Why(question.settled_why).label) if question.settled_why in Why.values else "",
        no_answers=_refusal(user, question),
        tally=reopen_tally(user=user, question=question) if votes else None,
        may_reopen=shut and Act.REOPEN in acts,
        acts=acts,
    )


def _votes(user: Any, question: Question) -> bool:
    """Whether it takes this member's vote, since she may not simply open the question again."""
    return allows(check_reopen_vote, user, question) and not allows(check_reopen, user, question)


def _latest(moves: Sequence[QuestionMove], acts: Sequence[Act], holds: bool) -> QuestionMove | None:
    return next((move for move in moves if move.act in acts), None) if holds else None


def _refusal(user: Any, question: Question) -> Words:
    """Returns why nobody may answer now, empty where members may."""
    if question.status == Status.ARCHIVED:
        return _("This question is archived: it can be read, but no longer changed.")
    try:
        if is_member(user):
            check_answer(user, question)
        elif question.locked:
            return _("This question is locked by the staff.")
        elif question.status in (Status.CLOSED, Status.DUPLICATE):
            return _("This question is closed and takes no new answers.")
    except NotAllowed:
        return ""
    except PortalError as error:
        return error.words
    return ""


def moves_page(*, user: Any, question: Question, cursor: str | None, size: int) -> Slice[QuestionMove]:
    """Returns a page of what a visible question went through, the earliest first."""
    found = (
        QuestionMove.objects.filter(question=question)
        .select_related("by", "answer", "question", "other")
        .defer(*BODIES)
    )
    return keyset_page(found, order=("id",), cursor=cursor, size=size)


DECISIONS = {
    "closed": (Act.CLOSE,),
    "duplicate": (Act.MARK_DUPLICATE,),
    "obsolete": (Act.MARK_OBSOLETE,),
    "archived": (Act.ARCHIVE, Act.UNARCHIVE),
    "locked": (Act.LOCK, Act.UNLOCK),
    "details": (Act.ASK_DETAILS,),
    "reopened": (Act.REOPEN,),
    "undone": (Act.UNDO,),
    "joined": (Act.MERGE, Act.PART),
}
"""What the staff's list can be narrowed to."""
PAGE_SIZE = 30


def decisions_page(
    *, user: Any, kind: str = "", by: str = "", cursor: str | None = None, size: int = PAGE_SIZE
) -> Slice[QuestionMove]:
    """Returns what was decided lately about questions that the reader sees, the latest first.

    kind: of ``DECISIONS``. by: ``me``, ``others`` (the rest of the people), ``portal`` (its jobs and votes); anything
    else: whoever.
    """
    acts = DECISIONS.get(kind, tuple(act for each in DECISIONS.values() for act in each))
    seen = questions_visible_to(user)
    found = QuestionMove.objects.filter(act__in=[str(act) for act in acts], question__in=seen)
    if by == "me":
        found = found.filter(by=user)
    elif by == "others":
        found = found.filter(by__isnull=False).exclude(by=user)
    elif by == "portal":
        found = found.filter(by__isnull=True)
    rows = found.select_related("by", "question__author").defer("question__body", "question__body_html")
    return keyset_page(rows, order=("-at", "-id"), cursor=cursor, size=size)


def undoable_among(moves: Sequence[QuestionMove]) -> set[int]:
    """Returns the ids of those of the moves that can be taken back now, in one query."""
    ids = {move.question_id for move in moves}
    decided = QuestionMove.objects.filter(question__in=ids, act__in=[str(act) for act in DECIDED])
    last = dict(decided.order_by("id").values_list("question_id", "id"))
    return {move.pk for move in moves if last.get(move.question_id) == move.pk and move.may_be_undone}
