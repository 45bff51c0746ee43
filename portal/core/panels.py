"""Small parts that apps offer to pages of the areas below them, each about one thing: a question, a topic, a member.

The page of a question lies in ``questions``; whether its reader follows it is known above. Who knows registers a panel
for the place in ``ready()``, and the page draws them with ``{% panels "question-follow" question %}``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Panel:
    """A template and the function that gathers its context for a request and the thing that the page is about.

    The function returns None where there is nothing to show.
    """

    name: str
    order: int
    template: str
    context: Callable[[HttpRequest, Any], dict[str, Any] | None]


_panels: dict[str, dict[str, Panel]] = {}


def register_panel(place: str, panel: Panel) -> None:
    """Offers ``panel`` to a place of a page; called in an app's ``ready()``."""
    _panels.setdefault(place, {})[panel.name] = panel


def panels_for(place: str, request: HttpRequest, thing: Any) -> list[tuple[str, dict[str, Any]]]:
    """Returns (template, context) of what there is to show at a place about ``thing``, in its order."""
    found = sorted(_panels.get(place, {}).values(), key=lambda panel: (panel.order, panel.name))
    drawn = [(panel.template, panel.context(request, thing)) for panel in found]
    return [(template, context) for template, context in drawn if context is not None]
