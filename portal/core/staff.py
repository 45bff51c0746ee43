"""The pages for staff under ``/staff/``: each app registers its own in ``ready()``, their index lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise

from .permissions import require_moderator

View = TypeVar("View", bound=Callable[..., HttpResponse])


@dataclass(frozen=True, slots=True)
class StaffPage:
    """An entry of the index: the name of its address, what it is called, what it answers, an icon of the sprite."""

    url_name: str
    label: str | Promise
    description: str | Promise
    icon: str
    order: int


_pages: dict[str, StaffPage] = {}


def register_staff_page(page: StaffPage) -> None:
    """Makes a page for staff known."""
    _pages[page.url_name] = page


def staff_pages() -> list[StaffPage]:
    """Returns the pages for staff in their order."""
    return sorted(_pages.values(), key=lambda page: (page.order, page.url_name))


def staff_only(view: View) -> View:
    """Decorates a page for staff: a stranger is led to sign in, a member refused.

    These addresses carry no language; the page speaks the one of the member's settings, and nobody may keep it.
    """

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_moderator(request.user)
        language = getattr(request.user, "language", "")
        if translation.check_for_language(language):
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language() or language
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return cast(View, run)
