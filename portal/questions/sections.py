"""What questions offer to the home page and to the staff's index."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.core.home import Section, register_section
from portal.core.staff import StaffPage, register_staff_page
from portal.questions.selectors.lists import home_questions


def _home(request: HttpRequest) -> dict[str, Any]:
    return home_questions(user=request.user, language=getattr(request, "LANGUAGE_CODE", "en"))


def register_sections() -> None:
    """Offers the questions that are alive to the home page."""
    register_section("home", Section("questions", 10, "questions/home_section.html", _home))


def register_staff_pages() -> None:
    """Offers the staff the versions of products."""
    register_staff_page(
        StaffPage(
            url_name="staff-releases",
            label=_("Versions of products"),
            description=_("What came out when, and how many answers are confirmed on the newest version."),
            icon="verified",
            order=60,
        )
    )
