"""A member's drafts: what she is writing and has not posted."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.core.paging import keyset_page
from portal.questions.models import Draft
from portal.questions.selectors.drafts import draft_at, draft_named, draft_row, drafts_of, place_named
from portal.questions.services.drafts import draft_discard, draft_save

from . import draft_schemas as schemas
from .answering import answered, etag, nothing, page_told
from .auth import MEMBER
from .idempotency import write
from .parsing import PageLimit, version_begun_from
from .representations import absolute

router = Router(tags=["Drafts"])
NEWEST = ("-updated_at", "-id")


def draft_told(request: HttpRequest, draft: Draft) -> schemas.Draft:
    """Returns a draft."""
    row = draft_row(request.user, draft)
    return schemas.Draft.model_validate(
        {
            "place": draft.place,
            "kind": draft.kind,
            "target_id": draft.target_id or None,
            "url": absolute(request, row.address) if row.address else None,
            "fields": draft.fields,
            "set_aside": draft.set_aside,
            "version": draft.version,
            "created_at": draft.created_at,
            "updated_at": draft.updated_at,
        }
    )


@router.get("/drafts", auth=MEMBER, response=schemas.DraftPage, summary="List your drafts", operation_id="drafts")
def draft_list(request: HttpRequest, cursor: str | None = None, limit: PageLimit = 50) -> dict[str, object]:
    """What the token's owner is writing, the last one touched first."""
    page = keyset_page(drafts_of(request.user), order=NEWEST, cursor=cursor, size=limit)
    return page_told(request, page, draft_told)


@router.get(
    "/drafts/{place}", auth=MEMBER, response=schemas.Draft, summary="Read a draft", operation_id="draft"
)  # fmt: skip
def draft_read(request: HttpRequest, response: HttpResponse, place: str) -> schemas.Draft:
    """The draft at a place. Its `ETag` is the version that a change must name in `If-Match`."""
    draft = draft_named(request.user, place)
    response.headers["ETag"] = etag(draft.version)
    return draft_told(request, draft)


@router.put(
    "/drafts/{place}", auth=MEMBER, response={200: schemas.Draft, 204: None}, summary="Keep a draft",
    operation_id="draft_keep",
)  # fmt: skip
@write("draft")
def draft_write(request: HttpRequest, place: str, payload: schemas.DraftIn) -> HttpResponse:
    """Keeps what is being written at a place: `ask`, `answer-7` (to question 7), `question-edit-7`, `answer-edit-9`,
    `question-comment-7`, `answer-comment-9`, `reply-3` (to comment 3).

    Where there is a draft already, `If-Match` must name its version. A draft that says nothing is deleted.
    """
    user: Any = request.user
    where = place_named(place)
    held = draft_at(user, where)
    version = version_begun_from(request, held.version) if held is not None else 0
    kept = draft_save(user=user, place=where, fields=payload.model_dump(), version=version)
    if kept is None:
        return nothing()
    return answered(draft_told(request, kept), version=kept.version)


@router.delete(
    "/drafts/{place}", auth=MEMBER, response={204: None}, summary="Delete a draft", operation_id="draft_delete"
)
@write("draft")
def draft_remove(request: HttpRequest, place: str) -> HttpResponse:
    """Deletes the draft at a place."""
    draft_named(request.user, place)
    draft_discard(user=request.user, place=place_named(place))
    return nothing()
