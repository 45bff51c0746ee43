"""How votes stand, and votes in series, for those who may see it."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.questions.models import VoteReversal
from portal.questions.selectors.access import answer_visible_to, question_visible_to
from portal.questions.selectors.reversals import reversals_page, votes_broken_down
from portal.questions.selectors.rights import check_breakdown
from portal.questions.services.serial_votes import reversal_undo

from . import mark_schemas as schemas
from .answering import answered, page_told
from .auth import MEMBER
from .idempotency import write
from .parsing import PageLimit, RowId

router = Router(tags=["Votes"])


def reversal_told(request: HttpRequest, reversal: VoteReversal) -> schemas.VoteReversal:
    """Returns a reversal that came with its people."""
    names = ("votes_count", "cast_count", "began_at", "ended_at", "created_at", "undone_at", "value")
    people = {"voter": reversal.voter.username, "author": reversal.author.username}
    return schemas.VoteReversal.model_validate(
        {"id": reversal.pk, **people, **{name: getattr(reversal, name) for name in names}}
    )


def _votes(request: HttpRequest, kind: Literal["question", "answer"], post_id: int) -> schemas.Votes:
    check_breakdown(request.user)
    user = request.user
    post = question_visible_to(user, post_id) if kind == "question" else answer_visible_to(user, post_id)
    up, down = votes_broken_down(post=post)
    return schemas.Votes(up=up, down=down, score=post.score)


@router.get(
    "/questions/{row:question_id}/votes", auth=MEMBER, response=schemas.Votes, summary="How votes for a question stand",
    operation_id="question_votes",
)  # fmt: skip
def question_votes(request: HttpRequest, question_id: RowId) -> schemas.Votes:
    """How many were up and how many down; for the staff and members with 500 reputation. Never by whom."""
    return _votes(request, "question", question_id)


@router.get(
    "/answers/{row:answer_id}/votes", auth=MEMBER, response=schemas.Votes, summary="How votes for an answer stand",
    operation_id="answer_votes",
)  # fmt: skip
def answer_votes(request: HttpRequest, answer_id: RowId) -> schemas.Votes:
    """How many were up and how many down; for the staff and members with 500 reputation. Never by whom."""
    return _votes(request, "answer", answer_id)


@router.get(
    "/staff/vote-reversals", auth=MEMBER, response=schemas.VoteReversalPage, summary="List votes in series",
    operation_id="vote_reversals",
)  # fmt: skip
def reversal_list(request: HttpRequest, cursor: str | None = None, limit: PageLimit = 50) -> dict[str, object]:
    """Votes that the rule against series took out of the count, the newest first. 403 for others than staff."""
    return page_told(request, reversals_page(user=request.user, cursor=cursor, size=limit), reversal_told)


@router.post(
    "/staff/vote-reversals/{row:reversal_id}/undo", auth=MEMBER, response=schemas.VoteReversal,
    summary="Give votes back", operation_id="vote_reversal_undo",
)  # fmt: skip
@write("edit")
def reversal_take_back(request: HttpRequest, reversal_id: RowId, payload: schemas.ReasonIn) -> HttpResponse:
    """Lets the votes of a reversal count again. 403 for others than staff, 409 where they do already."""
    undone = reversal_undo(user=request.user, reversal_id=reversal_id, reason=payload.reason)
    return answered(reversal_told(request, undone))
