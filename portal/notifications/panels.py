"""What the pages of questions, topics and members show of following, and what reading a question does to notes."""

from typing import Any

from django.http import HttpRequest

from portal.core.panels import Panel, register_panel
from portal.core.permissions import is_member
from portal.questions.models import Question

from .selectors.follows import Target, follow_state, target_key, target_kind
from .services.inbox import question_notes_read

TEMPLATE = "notifications/follow_button.html"


def follow_context(request: HttpRequest, target: Target) -> dict[str, Any]:
    """Returns what the button shows: how the reader stands to the thing, and how many follow it."""
    return {
        "state": follow_state(request.user, target),
        "kind": target_kind(target),
        "key": target_key(target),
        "signed_in": is_member(request.user),
    }


def _question(request: HttpRequest, question: Question) -> dict[str, Any]:
    """Reading the page of a question is reading what its notes tell of."""
    waits = getattr(request.user, "unread_notes", None) != 0
    if is_member(request.user) and request.method == "GET" and waits:
        question_notes_read(user=request.user, question_id=question.pk)
    return follow_context(request, question)


def _member(request: HttpRequest, member: Any) -> dict[str, Any] | None:
    return None if member.pk == getattr(request.user, "pk", None) else follow_context(request, member)


def register_panels() -> None:
    """Offers the button to the pages of what can be followed."""
    register_panel("question-actions", Panel("follow", 10, TEMPLATE, _question))
    register_panel("topic-actions", Panel("follow", 10, TEMPLATE, follow_context))
    register_panel("member-actions", Panel("follow", 10, TEMPLATE, _member))
