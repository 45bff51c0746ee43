"""What a member marks: bookmarks for herself, and that she has the problem of a question too."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.questions.models import Bookmark
from portal.questions.selectors.marks import bookmarks_page
from portal.questions.services.bookmarks import bookmark_remove, bookmark_set
from portal.questions.services.demands import demand_add, demand_remove

from . import mark_schemas as schemas
from .answering import answered, nothing, page_told
from .auth import MEMBER
from .idempotency import write
from .parsing import PageLimit, RowId
from .representations import absolute

router = Router(tags=["Bookmarks and demand"])
Kind = Literal["question", "answer"]


def bookmark_told(request: HttpRequest, kept: Bookmark) -> schemas.Bookmark:
    """Returns a bookmark that came with its post."""
    post: Any = kept.question or kept.answer
    asked = kept.question or post.question
    return schemas.Bookmark.model_validate(
        {
            "kind": "question" if kept.question_id else "answer",
            "id": post.pk,
            "question_id": asked.pk,
            "title": asked.title,
            "url": absolute(request, post.get_absolute_url()),
            "note": kept.note,
            "created_at": kept.created_at,
        }
    )


@router.get(
    "/bookmarks", auth=MEMBER, response=schemas.BookmarkPage, summary="List your bookmarks", operation_id="bookmarks"
)
def bookmark_list(request: HttpRequest, cursor: str | None = None, limit: PageLimit = 50) -> dict[str, object]:
    """What the token's owner keeps, the newest first. What was deleted is left out, and comes back with its post."""
    return page_told(request, bookmarks_page(user=request.user, cursor=cursor, size=limit), bookmark_told)


def _kept(request: HttpRequest, kind: Kind, post_id: int, note: str | None) -> HttpResponse:
    return answered(bookmark_told(request, bookmark_set(user=request.user, kind=kind, post_id=post_id, note=note)))


@router.put(
    "/questions/{row:question_id}/bookmark", auth=MEMBER, response=schemas.Bookmark, summary="Keep a question",
    operation_id="question_bookmark",
)  # fmt: skip
@write("bookmark")
def question_keep(request: HttpRequest, question_id: RowId, payload: schemas.BookmarkIn) -> HttpResponse:
    """Keeps a question for the token's owner alone; repeating it changes nothing but the note, where one is given."""
    return _kept(request, "question", question_id, payload.note)


@router.delete(
    "/questions/{row:question_id}/bookmark", auth=MEMBER, response={204: None}, summary="Keep a question no longer",
    operation_id="question_bookmark_drop",
)  # fmt: skip
@write("bookmark")
def question_drop(request: HttpRequest, question_id: RowId) -> HttpResponse:
    """Takes the bookmark away; where there is none it changes nothing."""
    bookmark_remove(user=request.user, kind="question", post_id=question_id)
    return nothing()


@router.put(
    "/answers/{row:answer_id}/bookmark", auth=MEMBER, response=schemas.Bookmark, summary="Keep an answer",
    operation_id="answer_bookmark",
)  # fmt: skip
@write("bookmark")
def answer_keep(request: HttpRequest, answer_id: RowId, payload: schemas.BookmarkIn) -> HttpResponse:
    """Keeps an answer for the token's owner alone; repeating it changes nothing but the note, where one is given."""
    return _kept(request, "answer", answer_id, payload.note)


@router.delete(
    "/answers/{row:answer_id}/bookmark", auth=MEMBER, response={204: None}, summary="Keep an answer no longer",
    operation_id="answer_bookmark_drop",
)  # fmt: skip
@write("bookmark")
def answer_drop(request: HttpRequest, answer_id: RowId) -> HttpResponse:
    """Takes the bookmark away; where there is none it changes nothing."""
    bookmark_remove(user=request.user, kind="answer", post_id=answer_id)
    return nothing()


@router.put(
    "/questions/{row:question_id}/demand", auth=MEMBER, response=schemas.Demand, summary="Have a problem too",
    operation_id="question_demand",
)  # fmt: skip
@write("demand")
def question_want(request: HttpRequest, question_id: RowId) -> HttpResponse:
    """Counts the token's owner among those who have the problem too; she follows the question. Repeating it changes
    nothing; who asked cannot."""
    count = demand_add(user=request.user, question_id=question_id)
    return answered(schemas.Demand(wanted=True, demand_count=count))


@router.delete(
    "/questions/{row:question_id}/demand", auth=MEMBER, response=schemas.Demand, summary="Have a problem no longer",
    operation_id="question_demand_drop",
)  # fmt: skip
@write("demand")
def question_want_no_more(request: HttpRequest, question_id: RowId) -> HttpResponse:
    """Takes it back; where there is nothing to take back it changes nothing."""
    count = demand_remove(user=request.user, question_id=question_id)
    return answered(schemas.Demand(wanted=False, demand_count=count))
