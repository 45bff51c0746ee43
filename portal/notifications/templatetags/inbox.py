"""What the frame of every page tells a member of her inbox."""

from typing import Any

from django import template

from portal.notifications.selectors import unread_count

register = template.Library()


@register.simple_tag
def unread_notes(user: Any) -> int:
    """How many notes the reader has not read; 0 for a stranger, without a query."""
    return unread_count(user)
