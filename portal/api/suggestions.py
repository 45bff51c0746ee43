"""Calls about suggested edits."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.core.paging import keyset_page
from portal.questions import models
from portal.questions.selectors.access import answer_visible_to, question_visible_to
from portal.questions.selectors.authors import person_shown
from portal.questions.selectors.revisions import words_of_post
from portal.questions.selectors.suggested import suggestion_visible_to
from portal.questions.selectors.suggestions import proposal_of, suggestions_of, suggestions_page
from portal.questions.services.suggestions import (
    suggestion_accept,
    suggestion_create,
    suggestion_reject,
    suggestion_withdraw,
)

from . import revision_schemas, schemas
from .answering import answered, nothing, page_told
from .auth import MEMBER
from .idempotency import write
from .parsing import NO_VERSION, PageLimit, RowId, version_begun_from
from .representations import absolute, author_told

router = Router(tags=["Suggestions"])
Kind = Literal["question", "answer"]


def suggestion_told(request: HttpRequest, suggestion: models.Suggestion) -> revision_schemas.Suggestion:
    """Returns a suggestion that came with its post and the people it names."""
    post = suggestion.post
    clashes = suggestion.waits and bool(proposal_of(suggestion, words_of_post(post)).clashes)

    def person(user: Any) -> schemas.Author | None:
        shown = person_shown(reader=None, question=suggestion.question, person=user, post=suggestion.answer)
        return author_told(request, shown.member)

    return revision_schemas.Suggestion.model_validate(
        {
            "id": suggestion.pk,
            "url": absolute(request, suggestion.get_absolute_url()),
            "question_id": suggestion.question_id,
            "answer_id": suggestion.answer_id,
            "version": suggestion.version,
            "title": suggestion.title or None,
            "body": suggestion.body,
            "topics": suggestion.topics,
            "reason": suggestion.reason,
            "status": str(suggestion.status),
            "stale": clashes,
            "author": person(suggestion.author),
            "decided_by": person(suggestion.decided_by),
            "decision": suggestion.decision,
            "revision": suggestion.revision.number if suggestion.revision else None,
            "created_at": suggestion.created_at,
            "decided_at": suggestion.decided_at,
        }
    )


def _told(request: HttpRequest, suggestion_id: int) -> revision_schemas.Suggestion:
    return suggestion_told(request, suggestion_visible_to(request.user, suggestion_id))


def _made(request: HttpRequest, kind: Kind, post_id: int, payload: revision_schemas.AnswerSuggestionIn) -> HttpResponse:
    visible = question_visible_to if kind == "question" else answer_visible_to
    version = version_begun_from(request, visible(request.user, post_id).version)
    words = payload.model_dump()
    made = suggestion_create(user=request.user, kind=kind, post_id=post_id, version=version, **words)
    location = request.build_absolute_uri(f"/api/v1/suggestions/{made.pk}")
    return answered(_told(request, made.pk), status=201, location=location)


def _listed(
    request: HttpRequest, post: models.Question | models.Answer, cursor: str | None, limit: int
) -> dict[str, object]:
    found = suggestions_of(user=request.user, post=post)
    page = keyset_page(found, order=("-created_at", "-id"), cursor=cursor, size=limit)
    return page_told(request, page, suggestion_told)


@router.post(
    "/questions/{row:question_id}/suggestions", auth=MEMBER, response={201: revision_schemas.Suggestion},
    summary="Suggest an edit of a question", operation_id="question_suggest",
)  # fmt: skip
@write("edit")
def question_suggest(
    request: HttpRequest, question_id: RowId, payload: revision_schemas.QuestionSuggestionIn
) -> HttpResponse:
    """Suggests what is given and leaves the rest, to the question's author, the staff and experts in its topics. Needs
    `If-Match` with the question's version. 409 for who may change it herself, or has one waiting."""
    return _made(request, "question", question_id, payload)


@router.get(
    "/questions/{row:question_id}/suggestions", auth=MEMBER, response=revision_schemas.SuggestionPage,
    summary="List a question's suggested edits", operation_id="question_suggestions",
)  # fmt: skip
def question_suggestions(
    request: HttpRequest, question_id: RowId, cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """Those that the caller decides on, and her own; the newest first."""
    return _listed(request, question_visible_to(request.user, question_id), cursor, limit)


@router.post(
    "/answers/{row:answer_id}/suggestions", auth=MEMBER, response={201: revision_schemas.Suggestion},
    summary="Suggest an edit of an answer", operation_id="answer_suggest",
)  # fmt: skip
@write("edit")
def answer_suggest(
    request: HttpRequest, answer_id: RowId, payload: revision_schemas.AnswerSuggestionIn
) -> HttpResponse:
    """Suggests other words for an answer. Needs `If-Match`, as for a question."""
    return _made(request, "answer", answer_id, payload)


@router.get(
    "/answers/{row:answer_id}/suggestions", auth=MEMBER, response=revision_schemas.SuggestionPage,
    summary="List an answer's suggested edits", operation_id="answer_suggestions",
)  # fmt: skip
def answer_suggestions(
    request: HttpRequest, answer_id: RowId, cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """Those that the caller decides on, and her own; the newest first."""
    return _listed(request, answer_visible_to(request.user, answer_id), cursor, limit)


@router.get(
    "/suggestions", auth=MEMBER, response=revision_schemas.SuggestionPage, summary="List suggested edits",
    operation_id="suggestions",
)  # fmt: skip
def suggestion_list(
    request: HttpRequest,
    role: Literal["review", "mine"] = "review",
    status: Literal["pending", "accepted", "rejected", "withdrawn"] = "pending",
    cursor: str | None = None,
    limit: PageLimit = 50,
) -> dict[str, object]:
    """Those that the caller decides on, the longest waiting first; with `role=mine` her own, the newest first."""
    page = suggestions_page(user=request.user, role=role, status=status, cursor=cursor, size=limit)
    return page_told(request, page, suggestion_told)


@router.get(
    "/suggestions/{row:suggestion_id}", auth=MEMBER, response=revision_schemas.Suggestion,
    summary="Read a suggested edit", operation_id="suggestion",
)  # fmt: skip
def suggestion_read(request: HttpRequest, suggestion_id: RowId) -> revision_schemas.Suggestion:
    """One of those that the caller decides on, or her own."""
    return _told(request, suggestion_id)


@router.post(
    "/suggestions/{row:suggestion_id}/accept", auth=MEMBER, response=revision_schemas.Suggestion,
    summary="Accept a suggested edit", operation_id="suggestion_accept",
)  # fmt: skip
@write("edit")
def suggestion_take(
    request: HttpRequest, suggestion_id: RowId, payload: revision_schemas.SuggestionAcceptIn | None = None
) -> HttpResponse:
    """Makes it the post's next version, credited to who suggested it. What is given takes the place of what was
    suggested; then `If-Match` must name the post's version. 409 where somebody decided already, 412 where the post
    changed in the same words since."""
    words = payload.model_dump() if payload is not None else {}
    version = NO_VERSION
    if any(words.get(name) is not None for name in ("title", "body", "topics")):
        version = version_begun_from(request, suggestion_visible_to(request.user, suggestion_id).post.version)
    suggestion_accept(user=request.user, suggestion_id=suggestion_id, version=version, **words)
    return answered(_told(request, suggestion_id))


@router.post(
    "/suggestions/{row:suggestion_id}/reject", auth=MEMBER, response=revision_schemas.Suggestion,
    summary="Decline a suggested edit", operation_id="suggestion_reject",
)  # fmt: skip
@write("edit")
def suggestion_decline(
    request: HttpRequest, suggestion_id: RowId, payload: revision_schemas.SuggestionRejectIn
) -> HttpResponse:
    """Declines it; `words` tell its author why."""
    suggestion_reject(user=request.user, suggestion_id=suggestion_id, words=payload.words)
    return answered(_told(request, suggestion_id))


@router.delete(
    "/suggestions/{row:suggestion_id}", auth=MEMBER, response={204: None}, summary="Take a suggested edit back",
    operation_id="suggestion_withdraw",
)  # fmt: skip
@write("edit")
def suggestion_take_back(request: HttpRequest, suggestion_id: RowId) -> HttpResponse:
    """Takes back what the caller suggested, as long as nobody decided."""
    suggestion_withdraw(user=request.user, suggestion_id=suggestion_id)
    return nothing()
