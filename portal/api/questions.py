"""Calls about questions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.core.limits import limit_request
from portal.discovery.selectors import similar_run
from portal.questions.selectors.access import question_visible_to
from portal.questions.services.anonymity import question_sign
from portal.questions.services.questions import question_create, question_delete, question_edit, question_restore

from . import schemas
from .answering import answered, nothing, page_told
from .auth import ANYONE, MEMBER
from .idempotency import write
from .parsing import Moment, PageLimit, RowId, require_no_space, version_begun_from
from .posts import changed, question_now, read
from .representations import question_told
from .search import result_told
from .selectors import question_rows

router = Router(tags=["Questions"])


@router.get(
    "/questions", auth=ANYONE, response=schemas.QuestionPage, summary="List questions", operation_id="questions"
)
def question_list(
    request: HttpRequest,
    *,
    language: str = "",
    topic: str = "",
    status: schemas.StatusName | None = None,
    author: str = "",
    official: bool | None = None,
    since: Moment | None = None,
    cursor: str | None = None,
    limit: PageLimit = 50,
) -> dict[str, object]:
    """Every question that the caller may see, closed ones and duplicates too, in every language, the newest first.

    `topic` is a slug and takes in the topics below it. `official` asks for those with an official answer, or without.
    `since` leaves out what was not asked or edited since then.
    """
    page = question_rows(
        user=request.user,
        cursor=cursor,
        size=limit,
        language=language,
        topic=topic,
        status=status or "",
        author=author,
        official=official,
        since=since,
    )
    return page_told(request, page, question_told)


@router.post(
    "/questions", auth=MEMBER, response={200: schemas.Duplicates, 201: schemas.QuestionAsked},
    summary="Ask a question", operation_id="question_ask",
)  # fmt: skip
def question_ask(request: HttpRequest, payload: schemas.QuestionIn, *, check: bool = False) -> HttpResponse:
    """Asks a question as the token's owner. The answer also names what was asked before that is like it.

    With `check=true` nothing is asked, and only that is told, so that a program can show it first.
    """
    if not check:
        return _asked(request, payload)
    limit_request(request, action="suggest")
    return answered(schemas.Duplicates(possible_duplicates=_likes(request, payload)))


@write("ask")
def _asked(request: HttpRequest, payload: schemas.QuestionIn) -> HttpResponse:
    require_no_space(payload.space)
    user: Any = request.user
    likes = _likes(request, payload)
    made = question_create(
        user=user,
        title=payload.title,
        body=payload.body,
        language=payload.language or user.language,
        topics=payload.topics,
        anonymous=payload.anonymous,
    )
    told = schemas.QuestionAsked(**question_now(request, made.pk).model_dump(), possible_duplicates=likes)
    location = request.build_absolute_uri(f"/api/v1/questions/{made.pk}")
    return answered(told, status=201, location=location, version=told.version)


def _likes(request: HttpRequest, payload: schemas.QuestionIn) -> list[schemas.Result]:
    user: Any = request.user
    language = payload.language or user.language
    page = similar_run(user=user, title=payload.title, body=payload.body, language=language)
    return [result_told(request, result) for result in page.results]


@router.get(
    "/questions/{row:question_id}", auth=ANYONE, response=schemas.Question, summary="Read a question",
    operation_id="question",
)  # fmt: skip
def question_read(request: HttpRequest, response: HttpResponse, question_id: RowId) -> schemas.Question:
    """One question. Its `ETag` is the version that a change must name in `If-Match`."""
    return read(response, question_now(request, question_id))


@router.patch(
    "/questions/{row:question_id}", auth=MEMBER, response=schemas.Question, summary="Change a question",
    operation_id="question_change",
)  # fmt: skip
@write("edit")
def question_change(request: HttpRequest, question_id: RowId, payload: schemas.QuestionPatch) -> HttpResponse:
    """Changes what is given and leaves the rest. Needs `If-Match` with the version that the change began from."""
    current = question_visible_to(request.user, question_id)
    version = version_begun_from(request, current.version)
    require_no_space(payload.space)
    question_edit(
        user=request.user,
        question_id=question_id,
        version=version,
        title=payload.title,
        body=payload.body,
        language=payload.language,
        topics=payload.topics,
        note=payload.note,
    )
    return changed(question_now(request, question_id))


@router.delete(
    "/questions/{row:question_id}/anonymous", auth=MEMBER, response=schemas.Question, summary="Give your name",
    operation_id="question_sign",
)  # fmt: skip
@write("edit")
def question_give_name(request: HttpRequest, question_id: RowId) -> HttpResponse:
    """Gives the asker's name to what she asked anonymously, and to all she wrote below it. There is no way back."""
    question_sign(user=request.user, question_id=question_id)
    return answered(question_now(request, question_id))


@router.delete(
    "/questions/{row:question_id}", auth=MEMBER, response={204: None}, summary="Delete a question",
    operation_id="question_delete",
)  # fmt: skip
@write("edit")
def question_remove(request: HttpRequest, question_id: RowId) -> HttpResponse:
    """Takes a question away. One with answers goes only by the staff."""
    question_delete(user=request.user, question_id=question_id)
    return nothing()


@router.post(
    "/questions/{row:question_id}/restore", auth=MEMBER, response=schemas.Question, summary="Bring a question back",
    operation_id="question_restore",
)  # fmt: skip
@write("edit")
def question_return(request: HttpRequest, question_id: RowId) -> HttpResponse:
    """Brings a deleted question back with all that is below it: by the staff, or by who deleted her own."""
    question_restore(user=request.user, question_id=question_id)
    return changed(question_now(request, question_id))
