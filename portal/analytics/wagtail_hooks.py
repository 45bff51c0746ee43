"""An article that the gap ledger asks for begins with the words that people searched for as its title.

Wagtail tells of a new page without its request, so the title waits between the hook that has the request and the
signal that has the page; both are of one request.
"""

from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.signals import init_new_page

LONGEST = 255
_title: ContextVar[str] = ContextVar("title_of_a_new_page", default="")


@hooks.register("before_create_page")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def title_asked(request: HttpRequest, parent_page: Any, page_class: Any) -> None:
    """Keeps the title that the address asks for until the page is there."""
    asked = request.GET.get("title", "") if request.method == "GET" else ""
    _title.set(" ".join(asked.replace("\x00", " ").split())[:LONGEST])


def title_given(sender: Any, page: Any, **_more: Any) -> None:
    """Gives a new page the title that was asked for."""
    title = _title.get()
    _title.set("")
    if title and not page.title:
        page.title = page.draft_title = title[:1].upper() + title[1:]


init_new_page.connect(title_given, dispatch_uid="gap-ledger-title")
