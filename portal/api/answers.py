"""Calls about answers, and which one helped."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.questions.selectors.access import answer_visible_to, question_visible_to
from portal.questions.services.answers import (
    answer_accept,
    answer_create,
    answer_delete,
    answer_edit,
    answer_restore,
    answer_unaccept,
)
from portal.questions.services.official import official_lift, official_mark
from portal.questions.services.passport import Claim

from . import schemas
from .answering import answered, nothing, page_told
from .auth import ANYONE, MEMBER
from .idempotency import write
from .life_schemas import WordsIn
from .parsing import PageLimit, RowId, version_begun_from
from .posts import answer_now, changed, read
from .representations import answer_told
from .selectors import answer_rows

router = Router(tags=["Answers"])


def _claim(versions: schemas.RangeIn | None) -> Claim:
    """Returns what a call says of the releases that an answer is written for."""
    return Claim(versions.first, versions.last) if versions else Claim()


@router.get(
    "/questions/{row:question_id}/answers", auth=ANYONE, response=schemas.AnswerPage, summary="List answers",
    operation_id="answers",
)  # fmt: skip
def answer_list(
    request: HttpRequest, question_id: RowId, cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """The answers to a question, the earliest first."""
    question = question_visible_to(request.user, question_id)
    page = answer_rows(user=request.user, question_id=question.pk, cursor=cursor, size=limit)
    return page_told(request, page, answer_told)


@router.post(
    "/questions/{row:question_id}/answers", auth=MEMBER, response={201: schemas.Answer},
    summary="Answer a question", operation_id="answer_give",
)  # fmt: skip
@write("answer")
def answer_give(request: HttpRequest, question_id: RowId, payload: schemas.AnswerIn) -> HttpResponse:
    """Answers a question as the token's owner."""
    made = answer_create(
        user=request.user,
        question_id=question_id,
        body=payload.body,
        language=payload.language,
        official=payload.official,
        claim=_claim(payload.versions) if payload.versions else None,
    )
    told = answer_now(request, made.pk)
    location = request.build_absolute_uri(f"/api/v1/answers/{made.pk}")
    return answered(told, status=201, location=location, version=told.version)


@router.get(
    "/answers/{row:answer_id}", auth=ANYONE, response=schemas.Answer, summary="Read an answer", operation_id="answer"
)
def answer_read(request: HttpRequest, response: HttpResponse, answer_id: RowId) -> schemas.Answer:
    """One answer. Its `ETag` is the version that a change must name in `If-Match`."""
    return read(response, answer_now(request, answer_id))


@router.patch(
    "/answers/{row:answer_id}", auth=MEMBER, response=schemas.Answer, summary="Change an answer",
    operation_id="answer_change",
)  # fmt: skip
@write("edit")
def answer_change(request: HttpRequest, answer_id: RowId, payload: schemas.AnswerPatch) -> HttpResponse:
    """Changes what is given and leaves the rest. Needs `If-Match` with the version that the change began from."""
    current = answer_visible_to(request.user, answer_id)
    version = version_begun_from(request, current.version)
    answer_edit(
        user=request.user,
        answer_id=answer_id,
        version=version,
        body=payload.body,
        language=payload.language,
        note=payload.note,
        claim=_claim(payload.versions) if "versions" in payload.model_fields_set else None,
    )
    return changed(answer_now(request, answer_id))


@router.delete(
    "/answers/{row:answer_id}", auth=MEMBER, response={204: None}, summary="Delete an answer",
    operation_id="answer_delete",
)  # fmt: skip
@write("edit")
def answer_remove(request: HttpRequest, answer_id: RowId) -> HttpResponse:
    """Takes an answer away; an accepted one no longer settles its question."""
    answer_delete(user=request.user, answer_id=answer_id)
    return nothing()


@router.post(
    "/answers/{row:answer_id}/restore", auth=MEMBER, response=schemas.Answer, summary="Bring an answer back",
    operation_id="answer_restore",
)  # fmt: skip
@write("edit")
def answer_return(request: HttpRequest, answer_id: RowId) -> HttpResponse:
    """Brings a deleted answer back, accepted where it was and no other took its place.

    By the staff, or by who deleted her own.
    """
    answer_restore(user=request.user, answer_id=answer_id)
    return changed(answer_now(request, answer_id))


@router.post(
    "/answers/{row:answer_id}/accept", auth=MEMBER, response=schemas.Answer, summary="Accept an answer",
    operation_id="answer_accept",
)  # fmt: skip
@write("edit")
def answer_take(request: HttpRequest, answer_id: RowId) -> HttpResponse:
    """Makes it the accepted answer, in place of another; by the asker, the staff, and experts where they are allowed.
    Repeating it changes nothing."""
    answer_accept(user=request.user, answer_id=answer_id)
    return answered(answer_now(request, answer_id))


@router.delete(
    "/answers/{row:answer_id}/accept", auth=MEMBER, response=schemas.Answer, summary="Take an acceptance back",
    operation_id="answer_unaccept",
)  # fmt: skip
@write("edit")
def answer_untake(request: HttpRequest, answer_id: RowId) -> HttpResponse:
    """Takes the acceptance back; by who may accept. On any other answer it changes nothing."""
    answer_unaccept(user=request.user, answer_id=answer_id)
    return answered(answer_now(request, answer_id))


@router.post(
    "/answers/{row:answer_id}/official", auth=MEMBER, response=schemas.Answer, summary="Make an answer official",
    operation_id="answer_make_official",
)  # fmt: skip
@write("edit")
def answer_make_official(request: HttpRequest, answer_id: RowId, payload: WordsIn | None = None) -> HttpResponse:
    """Makes it the company's official answer; by who wrote it and may answer officially, and by the staff where a
    colleague wrote it. Repeating it changes nothing."""
    official_mark(user=request.user, answer_id=answer_id, words=payload.words if payload else "")
    return answered(answer_now(request, answer_id))


@router.delete(
    "/answers/{row:answer_id}/official", auth=MEMBER, response=schemas.Answer,
    summary="Take it back that an answer is official", operation_id="answer_end_official",
)  # fmt: skip
@write("edit")
def answer_end_official(request: HttpRequest, answer_id: RowId) -> HttpResponse:
    """It is no longer official, and stays as it is otherwise; by its author and the staff. On any other answer it
    changes nothing."""
    official_lift(user=request.user, answer_id=answer_id)
    return answered(answer_now(request, answer_id))
