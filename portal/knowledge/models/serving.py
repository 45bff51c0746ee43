"""How a page gets what its template shows.

A page class may not import what reads its data (selectors lie above models), so each area registers a function for
its page class; Wagtail calls ``get_context`` and this finds the function.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

Gather = Callable[[HttpRequest, Any], dict[str, Any]]
_gatherers: dict[type[Page], Gather] = {}


def shows(kind: type[Page]) -> Callable[[Gather], Gather]:
    """Registers the decorated function as the one that gathers the context of pages of this class."""

    def register(function: Gather) -> Gather:
        _gatherers[kind] = function
        return function

    return register


class PortalPage(Page):
    """A page whose context a registered function gathers (the nearest class in its ancestry)."""

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Returns Wagtail's context with that of the registered function."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        for kind in type(self).__mro__:
            if kind in _gatherers:
                return context | _gatherers[kind](request, self)
        return context
