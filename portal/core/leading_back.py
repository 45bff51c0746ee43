"""Where a person is led who comes by reading to an address that only takes forms.

She reloaded a page that a form had answered, came back from signing in, or pasted an address. She is led to the thing
that the form was about: an area that knows says where that is (``register_about``), else the nearest address above
it that is a page. Where she may not see the thing, it is not there for her. Programs get the bare 405.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from .errors import PortalError

About = Callable[[Any, Mapping[str, Any]], str | None]
_areas: dict[str, About] = {}
# Every address that is nobody else's is Wagtail's.
CATCH_ALL = "wagtail_serve"


class FormsOnly(PortalError):
    """This address only takes forms, and there is no page to lead to."""

    status, code = 405, "method-not-allowed"
    default = _("This address only takes what a form sends. Please go back to the page and send it from there.")


def register_about(area: str, about: About) -> None:
    """Lets an area say what its addresses are about; called in an app's ``ready()``.

    area: the beginning of the names of its views' modules. about: takes a user and what stands in the address, and
    returns the path of the thing, None where it knows none; raises ``NotFound`` where she may not see it.
    """
    _areas[area] = about


def wants_page(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a person came by reading to an address that only takes forms; the API has its own answers."""
    reading = request.method in ("GET", "HEAD") and "HX-Request" not in request.headers
    reading = reading and not request.path.startswith("/api/")
    return response.status_code == 405 and reading and "text/html" in request.headers.get("Accept", "")


def led_back(request: HttpRequest) -> HttpResponse:
    """Returns the redirect to what an address is about; raises ``NotFound`` and ``FormsOnly``."""
    path = _about(request) or _above(request.path)
    if path is None:
        raise FormsOnly
    response = redirect(path)
    add_never_cache_headers(response)
    return response


def _about(request: HttpRequest) -> str | None:
    match = request.resolver_match
    if match is None:
        return None
    for area, about in _areas.items():
        if match.func.__module__.startswith(area):
            return about(request.user, match.kwargs)
    return None


def _above(path: str) -> str | None:
    """Returns the nearest address above a path that is a page of the portal, below the home page."""
    parts = path.strip("/").split("/")[:-1]
    while len(parts) > 1 or parts == ["staff"]:
        address = f"/{'/'.join(parts)}/"
        try:
            match = resolve(address)
        except Resolver404:
            match = None
        if match is not None and match.url_name != CATCH_ALL:
            return address
        parts.pop()
    return None
