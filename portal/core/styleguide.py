"""The gallery of the design system: the blocks of docs/explanation/design-system.md, drawn with the real sheets.

It is routed in DEBUG only. The page of documentation is the one source: what it shows to copy is what is drawn here.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from .clock import now

PAGE = Path("docs") / "explanation" / "design-system.md"
FENCE = re.compile(r"^#{2,3} (?P<title>.+?)$|^```html\n(?P<source>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """A component of the page: the heading above it, the HTML to copy, and that HTML as it is drawn."""

    title: str
    source: str
    html: SafeString


def sample_context() -> dict[str, Any]:
    """Returns the people and the moment that the examples speak of."""
    member = SimpleNamespace(username="mira", shown_name="Mira Sato", is_staff=False, reputation=1204)
    staff = SimpleNamespace(username="omar", shown_name="Omar Haddad", is_staff=True, reputation=4812)
    return {"sample": {"member": member, "staff": staff, "moment": now() - timedelta(hours=3)}}


def styleguide_examples(*, request: HttpRequest) -> list[Example]:
    """Returns every block of the page of documentation, drawn for this request; raises OSError without that page."""
    text = (Path(settings.LOCALE_PATHS[0]).parent / PAGE).read_text(encoding="utf-8")
    engine = engines["django"]
    found: list[Example] = []
    title = ""
    for match in FENCE.finditer(text):
        if match["source"] is None:
            title = match["title"]
            continue
        template = engine.from_string("{% load i18n static design %}" + match["source"])
        drawn = SafeString(template.render(sample_context(), request))
        found.append(Example(title, match["source"], drawn))
    return found


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Draws the gallery."""
    return render(request, "styleguide.html", {"examples": styleguide_examples(request=request)})
