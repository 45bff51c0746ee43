"""Sections that apps offer to pages of the areas below them: the home page, a member's profile.

The home page is Wagtail's and lies in ``knowledge``; what is alive on it comes from areas it may not import. Each of
those registers a section in its ``ready()``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: a template and the function that gathers its context for a request."""

    name: str
    order: int
    template: str
    context: Callable[[HttpRequest], dict[str, Any]]


_sections: dict[str, dict[str, Section]] = {}


def register_section(page: str, section: Section) -> None:
    """Offers ``section`` to the page of this name (``home``)."""
    _sections.setdefault(page, {})[section.name] = section


def page_sections(page: str, request: HttpRequest) -> list[tuple[str, dict[str, Any]]]:
    """Returns (template, context) of the sections of a page, in their order."""
    found = sorted(_sections.get(page, {}).values(), key=lambda section: (section.order, section.name))
    return [(section.template, section.context(request)) for section in found]
