"""Comments under questions and answers (those under articles: ``articles``)."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.questions.selectors.access import answer_visible_to, comment_visible_to, question_visible_to
from portal.questions.services.repeats import comment_create_once

from . import schemas
from .answering import answered, page_told
from .auth import ANYONE, MEMBER
from .idempotency import key_of, write
from .parsing import PageLimit, RowId
from .representations import comment_told
from .selectors import comment_rows

router = Router(tags=["Comments"])
Kind = Literal["question", "answer"]


def _listed(request: HttpRequest, kind: Kind, post_id: int, cursor: str | None, size: int) -> dict[str, object]:
    if kind == "question":
        question_visible_to(request.user, post_id)
    else:
        answer_visible_to(request.user, post_id)
    page = comment_rows(user=request.user, kind=kind, post_id=post_id, cursor=cursor, size=size)
    return page_told(request, page, comment_told)


def _made(request: HttpRequest, kind: Kind, post_id: int, payload: schemas.CommentIn) -> HttpResponse:
    made, repeated = comment_create_once(
        user=request.user,
        kind=kind,
        post_id=post_id,
        body=payload.body,
        parent_id=payload.parent_id,
        named=key_of(request) is not None,
    )
    told = comment_told(request, comment_visible_to(request.user, made.pk))
    return answered(told, status=201, location=told.url, repeated=repeated)


@router.get(
    "/questions/{row:question_id}/comments", auth=ANYONE, response=schemas.CommentPage,
    summary="List the comments on a question", operation_id="question_comments",
)  # fmt: skip
def question_comments(
    request: HttpRequest, question_id: RowId, cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """The comments under the question itself, the earliest first."""
    return _listed(request, "question", question_id, cursor, limit)


@router.post(
    "/questions/{row:question_id}/comments", auth=MEMBER, response={201: schemas.Comment},
    summary="Comment on a question", operation_id="question_comment",
)  # fmt: skip
@write("comment")
def question_comment(request: HttpRequest, question_id: RowId, payload: schemas.CommentIn) -> HttpResponse:
    """Comments on a question, or replies to a comment there."""
    return _made(request, "question", question_id, payload)


@router.get(
    "/answers/{row:answer_id}/comments", auth=ANYONE, response=schemas.CommentPage,
    summary="List the comments on an answer", operation_id="answer_comments",
)  # fmt: skip
def answer_comments(
    request: HttpRequest, answer_id: RowId, cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """The comments under an answer, the earliest first."""
    return _listed(request, "answer", answer_id, cursor, limit)


@router.post(
    "/answers/{row:answer_id}/comments", auth=MEMBER, response={201: schemas.Comment},
    summary="Comment on an answer", operation_id="answer_comment",
)  # fmt: skip
@write("comment")
def answer_comment(request: HttpRequest, answer_id: RowId, payload: schemas.CommentIn) -> HttpResponse:
    """Comments on an answer, or replies to a comment there."""
    return _made(request, "answer", answer_id, payload)
