"""How a call is answered: pages of lists with the address of the next, and what a write made."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from portal.core.paging import Slice

Row = TypeVar("Row", bound=Model)


def next_address(request: HttpRequest, cursor: str | None) -> str | None:
    """Returns the absolute address of the page after this one: this call with the cursor changed."""
    if cursor is None:
        return None
    asked = request.GET.copy()
    asked["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")


def page_told(request: HttpRequest, page: Slice[Row], tell: Callable[[HttpRequest, Row], BaseModel]) -> dict[str, Any]:
    """Returns the members of a list's answer."""
    return {"results": [tell(request, row) for row in page.rows], "next": next_address(request, page.next)}


def etag(version: int) -> str:
    """Returns the entity tag of a version, as ``If-Match`` takes it back."""
    return f'"{version}"'


def answered(
    told: BaseModel,
    *,
    status: int = 200,
    location: str | None = None,
    version: int | None = None,
) -> HttpResponse:
    """Returns the answer to a write. location: of what was made; version: of what was changed."""
    response = HttpResponse(told.model_dump_json(), status=status, content_type="application/json; charset=utf-8")
    if location is not None:
        response.headers["Location"] = location
    if version is not None:
        response.headers["ETag"] = etag(version)
    return response


def nothing() -> HttpResponse:
    """Returns the answer to a deletion."""
    response = HttpResponse(status=204)
    del response.headers["Content-Type"]
    return response
