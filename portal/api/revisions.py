"""Calls about the versions of a post."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.core.paging import keyset_page
from portal.questions import models
from portal.questions.selectors.access import answer_visible_to, question_visible_to
from portal.questions.selectors.authors import person_shown
from portal.questions.selectors.revisions import revision_html, revision_of, revisions_of, words_of_revision
from portal.questions.services.restoring import revision_restore

from . import revision_schemas, schemas
from .answering import page_told
from .auth import ANYONE, MEMBER
from .idempotency import write
from .parsing import PageLimit, RowId, version_begun_from
from .posts import answer_now, changed, question_now
from .representations import absolute, author_told

router = Router(tags=["Versions"])


def revision_told(request: HttpRequest, revision: models.Revision) -> revision_schemas.Revision:
    """Returns a version that came with the people it names."""
    words = words_of_revision(revision)
    return revision_schemas.Revision(
        number=revision.number,
        url=absolute(request, revision.get_absolute_url()),
        editor=_person(request, revision, revision.editor),
        approved_by=_person(request, revision, revision.approved_by),
        improved=revision.improved,
        restores=revision.restores,
        note=revision.note,
        title=words.title or None,
        body=words.body,
        topics=words.topics,
        language=words.language or None,
        created_at=revision.created_at,
    )


def _person(request: HttpRequest, revision: models.Revision, person: Any) -> schemas.Author | None:
    """Returns who did something to a post as everybody may know her."""
    shown = person_shown(reader=None, question=revision.question, person=person, post=revision.answer)
    return author_told(request, shown.member)


def _listed(
    request: HttpRequest, post: models.Question | models.Answer, cursor: str | None, limit: int
) -> dict[str, object]:
    page = keyset_page(revisions_of(post), order=("-number",), cursor=cursor, size=limit)
    return page_told(request, page, revision_told)


def _whole(request: HttpRequest, post: models.Question | models.Answer, number: int) -> revision_schemas.RevisionFull:
    revision = revision_of(post, number)
    told = revision_told(request, revision)
    return revision_schemas.RevisionFull(**told.model_dump(), body_html=revision_html(revision))


def _restored(request: HttpRequest, kind: Literal["question", "answer"], post_id: int, number: int) -> int:
    visible = question_visible_to if kind == "question" else answer_visible_to
    version = version_begun_from(request, visible(request.user, post_id).version)
    return revision_restore(user=request.user, kind=kind, post_id=post_id, number=number, version=version).pk


@router.get(
    "/questions/{row:question_id}/revisions", auth=ANYONE, response=revision_schemas.RevisionPage,
    summary="List a question's versions", operation_id="question_revisions",
)  # fmt: skip
def question_revisions(
    request: HttpRequest, question_id: RowId, cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """Every version of a question, the newest first. An imported one that was never edited may have none."""
    return _listed(request, question_visible_to(request.user, question_id), cursor, limit)


@router.get(
    "/questions/{row:question_id}/revisions/{row:number}", auth=ANYONE, response=revision_schemas.RevisionFull,
    summary="Read a version of a question", operation_id="question_revision",
)  # fmt: skip
def question_revision(request: HttpRequest, question_id: RowId, number: RowId) -> revision_schemas.RevisionFull:
    """One version, also as readers saw it."""
    return _whole(request, question_visible_to(request.user, question_id), number)


@router.post(
    "/questions/{row:question_id}/revisions/{row:number}/restore", auth=MEMBER, response=schemas.Question,
    summary="Bring a version of a question back", operation_id="question_revision_restore",
)  # fmt: skip
@write("edit")
def question_revision_restore(request: HttpRequest, question_id: RowId, number: RowId) -> HttpResponse:
    """Makes it the newest version, by those who may edit the question. Needs `If-Match` with the version that was
    read. 409 where the question says the same already."""
    return changed(question_now(request, _restored(request, "question", question_id, number)))


@router.get(
    "/answers/{row:answer_id}/revisions", auth=ANYONE, response=revision_schemas.RevisionPage,
    summary="List an answer's versions", operation_id="answer_revisions",
)  # fmt: skip
def answer_revisions(
    request: HttpRequest, answer_id: RowId, cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """Every version of an answer, the newest first."""
    return _listed(request, answer_visible_to(request.user, answer_id), cursor, limit)


@router.get(
    "/answers/{row:answer_id}/revisions/{row:number}", auth=ANYONE, response=revision_schemas.RevisionFull,
    summary="Read a version of an answer", operation_id="answer_revision",
)  # fmt: skip
def answer_revision(request: HttpRequest, answer_id: RowId, number: RowId) -> revision_schemas.RevisionFull:
    """One version, also as readers saw it."""
    return _whole(request, answer_visible_to(request.user, answer_id), number)


@router.post(
    "/answers/{row:answer_id}/revisions/{row:number}/restore", auth=MEMBER, response=schemas.Answer,
    summary="Bring a version of an answer back", operation_id="answer_revision_restore",
)  # fmt: skip
@write("edit")
def answer_revision_restore(request: HttpRequest, answer_id: RowId, number: RowId) -> HttpResponse:
    """Makes it the newest version, by those who may edit the answer. Needs `If-Match`, as for a question."""
    return changed(answer_now(request, _restored(request, "answer", answer_id, number)))
