"""What experts offer to the home page."""

from typing import Any

from django.http import HttpRequest

from portal.core.home import Section, register_section

from .selectors.standings import experts_top

MOST = 6


def _home(request: HttpRequest) -> dict[str, Any]:
    """Returns who helps most in the page's language, or in any where that is too quiet to tell."""
    language = getattr(request, "LANGUAGE_CODE", "")
    found = experts_top(viewer=request.user, language=language, size=MOST)
    if len(found) < 3:
        found = experts_top(viewer=request.user, size=MOST)
    return {"experts": found}


def register_sections() -> None:
    """Offers "people who help" to the home page."""
    register_section("home", Section("people", 40, "experts/home_section.html", _home))
