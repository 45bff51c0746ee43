"""Voting: one member has one vote for a post."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.questions.services.votes import vote_cast

from . import schemas
from .answering import answered
from .auth import MEMBER
from .idempotency import write
from .parsing import RowId

router = Router(tags=["Votes"])


def _cast(request: HttpRequest, kind: Literal["question", "answer"], post_id: int, value: int) -> HttpResponse:
    score = vote_cast(user=request.user, kind=kind, post_id=post_id, value=value)
    return answered(schemas.Vote.model_validate({"value": value, "score": score}))


@router.put(
    "/questions/{row:question_id}/vote", auth=MEMBER, response=schemas.Vote, summary="Vote for a question",
    operation_id="question_vote",
)  # fmt: skip
@write("vote")
def question_vote(request: HttpRequest, question_id: RowId, payload: schemas.VoteIn) -> HttpResponse:
    """Sets the member's vote; repeating it changes nothing, 0 takes it back. Nobody votes for what she wrote."""
    return _cast(request, "question", question_id, payload.value)


@router.put(
    "/answers/{row:answer_id}/vote", auth=MEMBER, response=schemas.Vote, summary="Vote for an answer",
    operation_id="answer_vote",
)  # fmt: skip
@write("vote")
def answer_vote(request: HttpRequest, answer_id: RowId, payload: schemas.VoteIn) -> HttpResponse:
    """Sets the member's vote; repeating it changes nothing, 0 takes it back. Nobody votes for what she wrote."""
    return _cast(request, "answer", answer_id, payload.value)
