"""What templates call the status of a question."""

from django import template

from portal.questions.models import Status
from portal.questions.models.question import SETTLED

register = template.Library()

BADGED = (Status.NEEDS_DETAILS, *SETTLED)
"""The statuses that are named beside a title; the others show in the counts of answers."""


@register.filter
def status_badge_label(status: str) -> str:
    """Returns what a badge beside a title says of a status, empty where there is none."""
    return str(Status(status).label) if status in BADGED else ""
