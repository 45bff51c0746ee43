"""Comments under questions and answers (those under articles: ``articles``)."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.core.errors import Moved, NotFound
from portal.questions.selectors.access import answer_visible_to, comment_visible_to, question_visible_to
from portal.questions.services.comments import comment_create, comment_delete, comment_edit, comment_restore
from portal.questions.services.conversions import comment_convert, conversion_undo

from . import schemas
from .answering import answered, nothing, page_told
from .auth import ANYONE, MEMBER
from .idempotency import write
from .parsing import PageLimit, RowId, version_begun_from
from .posts import answer_now, changed, comment_now, read
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
    made = comment_create(
        user=request.user,
        kind=kind,
        post_id=post_id,
        body=payload.body,
        parent_id=payload.parent_id,
        language=payload.language,
    )
    told = comment_now(request, made.pk)
    return answered(told, status=201, location=told.url)


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


@router.get(
    "/comments/{row:comment_id}", auth=ANYONE, response=schemas.Comment, summary="Read a comment",
    operation_id="comment",
)  # fmt: skip
def comment_read(request: HttpRequest, response: HttpResponse, comment_id: RowId) -> schemas.Comment:
    """One comment under a question or an answer. Its `ETag` is the version that a change must name in `If-Match`."""
    return read(response, comment_now(request, comment_id))


@router.patch(
    "/comments/{row:comment_id}", auth=MEMBER, response=schemas.Comment, summary="Change a comment",
    operation_id="comment_change",
)  # fmt: skip
@write("edit")
def comment_change(request: HttpRequest, comment_id: RowId, payload: schemas.CommentPatch) -> HttpResponse:
    """Changes what is given, by its author or staff; what it said before is kept. Needs `If-Match`."""
    current = comment_visible_to(request.user, comment_id)
    comment_edit(
        user=request.user,
        comment_id=comment_id,
        version=version_begun_from(request, current.version),
        body=current.body if payload.body is None else payload.body,
        language=payload.language,
    )
    return changed(comment_now(request, comment_id))


@router.delete(
    "/comments/{row:comment_id}", auth=MEMBER, response={204: None}, summary="Delete a comment",
    operation_id="comment_delete",
)  # fmt: skip
@write("edit")
def comment_remove(request: HttpRequest, comment_id: RowId) -> HttpResponse:
    """Takes a comment away; replies to it stay."""
    comment_delete(user=request.user, comment_id=comment_id)
    return nothing()


@router.post(
    "/comments/{row:comment_id}/restore", auth=MEMBER, response=schemas.Comment, summary="Bring a comment back",
    operation_id="comment_restore",
)  # fmt: skip
@write("edit")
def comment_return(request: HttpRequest, comment_id: RowId) -> HttpResponse:
    """Brings a deleted comment back: by staff, or by who deleted her own."""
    comment_restore(user=request.user, comment_id=comment_id)
    return changed(comment_now(request, comment_id))


@router.post(
    "/comments/{row:comment_id}/answer", auth=MEMBER, response={201: schemas.Answer},
    summary="Make an answer of a comment", operation_id="comment_convert",
)  # fmt: skip
@write("edit")
def comment_made_answer(request: HttpRequest, comment_id: RowId) -> HttpResponse:
    """By its author or staff. Replies become the answer's comments; the comment's address answers 301 from then on."""
    made = comment_convert(user=request.user, comment_id=comment_id)
    told = answer_now(request, made.pk)
    location = request.build_absolute_uri(f"/api/v1/answers/{made.pk}")
    return answered(told, status=201, location=location, version=told.version)


@router.delete(
    "/comments/{row:comment_id}/answer", auth=MEMBER, response=schemas.Comment,
    summary="Make an answer a comment again", operation_id="conversion_undo",
)  # fmt: skip
@write("edit")
def answer_made_comment(request: HttpRequest, comment_id: RowId) -> HttpResponse:
    """Undoes it: by staff, or by its author who had done it. The answer's comments become replies."""
    try:
        comment_visible_to(request.user, comment_id)
    except Moved as moved:
        conversion_undo(user=request.user, answer_id=moved.pk)
        return answered(comment_now(request, comment_id))
    raise NotFound
