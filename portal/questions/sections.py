"""What questions offer to the home page."""

from typing import Any

from django.http import HttpRequest

from portal.core.home import Section, register_section
from portal.questions.selectors.lists import home_questions


def _home(request: HttpRequest) -> dict[str, Any]:
    return home_questions(user=request.user, language=getattr(request, "LANGUAGE_CODE", "en"))


def register_sections() -> None:
    """Offers the questions that are alive to the home page."""
    register_section("home", Section("questions", 10, "questions/home_section.html", _home))
