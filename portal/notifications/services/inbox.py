"""What a member does in her inbox."""

from typing import Any

from portal.core.clock import now
from portal.notifications.models import Notification
from portal.notifications.selectors import notification_of, notifications_of, things_visible_to


def notification_read(*, user: Any, note_id: int, read: bool = True) -> Notification:
    """Marks a note as read or as unread; raises ``NotFound`` for one that is not this member's."""
    note = notification_of(user, note_id)
    if (note.read_at is not None) != read:
        note.read_at = now() if read else None
        note.save(update_fields=["read_at"])
    return note


def notifications_read_all(*, user: Any) -> int:
    """Marks all of a member's notes as read; returns how many were not."""
    return notifications_of(user).filter(read_at__isnull=True).update(read_at=now())


def notifications_drop_unseen(*, user: Any, most: int = 200) -> int:
    """Deletes the unread notes about what the member may no longer see, so that the count of unread ones is true.

    Looks at the newest ``most``; returns how many went.
    """
    notes = list(notifications_of(user).filter(read_at__isnull=True)[:most])
    seen = things_visible_to(user, [(note.document_type, note.document_id) for note in notes])
    gone = [note.pk for note in notes if (note.document_type, note.document_id) not in seen]
    return notifications_of(user).filter(pk__in=gone).delete()[0] if gone else 0
