"""A member's saved searches."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.core.paging import keyset_page
from portal.discovery.models import SavedSearch
from portal.discovery.selectors import saved_search_of, saved_searches_of
from portal.discovery.services.saved_searches import saved_search_change, saved_search_create, saved_search_delete

from . import told_schemas as schemas
from .answering import answered, etag, nothing, page_told
from .auth import MEMBER
from .idempotency import write
from .parsing import PageLimit, RowId, version_begun_from
from .representations import absolute

router = Router(tags=["Saved searches"])
NEWEST = ("-created_at", "-id")


def search_told(request: HttpRequest, search: SavedSearch) -> schemas.SavedSearch:
    """Returns a saved search."""
    return schemas.SavedSearch.model_validate(
        {
            "id": search.pk,
            "name": search.name,
            "query": search.parameters,
            "url": absolute(request, f"/{search.language}/search/?{search.parameters}"),
            "language": search.language,
            "frequency": search.frequency,
            "created_at": search.created_at,
            "version": search.version,
        }
    )


@router.get(
    "/saved-searches", auth=MEMBER, response=schemas.SavedSearchPage, summary="List your saved searches",
    operation_id="saved_searches",
)  # fmt: skip
def search_list(request: HttpRequest, cursor: str | None = None, limit: PageLimit = 50) -> dict[str, object]:
    """The searches that the token's owner saved, the newest first."""
    page = keyset_page(saved_searches_of(request.user), order=NEWEST, cursor=cursor, size=limit)
    return page_told(request, page, search_told)


@router.post(
    "/saved-searches", auth=MEMBER, response={201: schemas.SavedSearch}, summary="Save a search",
    operation_id="saved_search_add",
)  # fmt: skip
@write("keep")
def search_add(request: HttpRequest, payload: schemas.SavedSearchIn) -> HttpResponse:
    """Saves a search; its owner is told of what is new. The same query saved again is the one that is there."""
    user: Any = request.user
    made = saved_search_create(user=user, **payload.model_dump())
    location = request.build_absolute_uri(f"/api/v1/saved-searches/{made.pk}")
    return answered(search_told(request, made), status=201, location=location, version=made.version)


@router.get(
    "/saved-searches/{row:search_id}", auth=MEMBER, response=schemas.SavedSearch, summary="Read a saved search",
    operation_id="saved_search",
)  # fmt: skip
def search_read(request: HttpRequest, response: HttpResponse, search_id: RowId) -> schemas.SavedSearch:
    """One of the token's owner's own. Its `ETag` is the version that a change must name in `If-Match`."""
    search = saved_search_of(request.user, search_id)
    response.headers["ETag"] = etag(search.version)
    return search_told(request, search)


@router.patch(
    "/saved-searches/{row:search_id}", auth=MEMBER, response=schemas.SavedSearch, summary="Change a saved search",
    operation_id="saved_search_change",
)  # fmt: skip
@write("keep")
def search_change(request: HttpRequest, search_id: RowId, payload: schemas.SavedSearchPatch) -> HttpResponse:
    """Renames it or changes how often it tells. Needs `If-Match` with the version that the change began from."""
    user: Any = request.user
    version = version_begun_from(request, saved_search_of(user, search_id).version)
    changed = saved_search_change(user=user, search_id=search_id, version=version, **payload.model_dump())
    return answered(search_told(request, changed), version=changed.version)


@router.delete(
    "/saved-searches/{row:search_id}", auth=MEMBER, response={204: None}, summary="Delete a saved search",
    operation_id="saved_search_delete",
)  # fmt: skip
@write("keep")
def search_remove(request: HttpRequest, search_id: RowId) -> HttpResponse:
    """Deletes it; notes that it brought stay in the inbox."""
    user: Any = request.user
    saved_search_delete(user=user, search_id=search_id)
    return nothing()
