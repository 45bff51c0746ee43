"""What the frame of every page tells a member of her inbox."""

from typing import Any

from django import template

from portal.notifications.selectors.inbox import Entry, unread_count
from portal.notifications.words import items_words

register = template.Library()


@register.simple_tag
def unread_notes(user: Any) -> int:
    """How many notes the reader has not read; 0 for a stranger, without a query.

    The reader of the request remembers it: where nothing waits, reading a page need not look for what it tells of.
    """
    user.unread_notes = unread_count(user)
    return int(user.unread_notes)


@register.simple_tag
def note_words(entry: Entry) -> str:
    """What a note says of what happened: by whom, or how many times."""
    return items_words(entry.note.kind, list(entry.items), entry.thread, entry.note.recipient_id)


@register.simple_tag
def note_title(entry: Entry) -> str:
    """What a note names: the question where it tells of one, else the topic or the member."""
    return entry.title
