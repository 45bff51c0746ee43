"""What a member does in her inbox."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from portal.core.clock import now
from portal.notifications.models import Kind, NoteItem, Notification
from portal.notifications.selectors.inbox import notification_of, notifications_of
from portal.notifications.selectors.things import things_visible_to

# Days after which what nobody read is no news to anybody.
UNREAD_DAYS = 365
AT_ONCE, MOST_BATCHES = 500, 20


@transaction.atomic
def notification_read(*, user: Any, note_id: int, read: bool = True) -> Notification:
    """Marks a note as read or as unread; raises ``NotFound`` for one that is not this member's.

    A note is read with all that it tells of; marked as unread, it tells of the latest again.
    """
    note = notification_of(user, note_id)
    if (note.read_at is not None) != read:
        note.read_at = now() if read else None
        note.save(update_fields=["read_at"])
        if read:
            note.items.filter(read_at=None).update(read_at=note.read_at)
        elif (latest := note.items.order_by("-id").first()) is not None:
            NoteItem.objects.filter(pk=latest.pk).update(read_at=None)
    return note


@transaction.atomic
def notifications_read_all(*, user: Any) -> int:
    """Marks all of a member's notes as read; returns how many were not."""
    return _read(notifications_of(user))


def question_notes_read(*, user: Any, question_id: int) -> int:
    """Marks what a member was told of a question as read, because she reads it; returns how many notes that were.

    A note about a topic or a member that tells of other questions too stays unread for these.
    """
    own = NoteItem.objects.filter(read_at=None, happening__question_id=question_id)
    here = Q(document_type="question", document_id=str(question_id)) | Exists(own.filter(note=OuterRef("pk")))
    unread = notifications_of(user).filter(here, read_at=None)
    notes = list(unread.values_list("pk", flat=True))
    if not notes:
        return 0
    moment = now()
    with transaction.atomic():
        own.filter(note__in=notes).update(read_at=moment)
        others = NoteItem.objects.filter(note=OuterRef("pk"), read_at=None)
        return Notification.objects.filter(~Exists(others), pk__in=notes).update(read_at=moment)


def _read(notes: Any) -> int:
    moment = now()
    unread = list(notes.filter(read_at=None).values_list("pk", flat=True))
    for begin in range(0, len(unread), 500):
        some = unread[begin : begin + 500]
        NoteItem.objects.filter(note__in=some, read_at=None).update(read_at=moment)
        Notification.objects.filter(pk__in=some).update(read_at=moment)
    return len(unread)


def notes_forget() -> int:
    """Deletes notes that were read ``PORTAL_NOTE_DAYS`` ago (0: never), and after a year (or that time, where it is
    longer) the unread ones too; returns how many.

    Some hundreds at a time, so that nobody waits for the database meanwhile; what is left goes the next time.
    """
    days = settings.PORTAL_NOTE_DAYS
    if not days:
        return 0
    read_before, told_before = now() - timedelta(days=days), now() - timedelta(days=max(days, UNREAD_DAYS))
    # What was read that long ago was told before that: the age of a note finds both.
    old = Notification.objects.filter(Q(read_at__lt=read_before) | Q(told_at__lt=told_before), told_at__lt=read_before)
    gone = 0
    for _batch in range(MOST_BATCHES):
        some = list(old.order_by("told_at").values_list("pk", flat=True)[:AT_ONCE])
        if not some:
            break
        with transaction.atomic():
            NoteItem.objects.filter(note__in=some).delete()
            Notification.objects.filter(pk__in=some).delete()
        gone += len(some)
    return gone


def notifications_hide_unseen(*, user: Any, most: int = 200) -> int:
    """Hides the unread notes of saved searches about what the member may not see now, and shows those that she may
    again, so that the count of unread ones is true.

    Looks at the newest ``most``; returns how many are hidden of these. All other notes are looked at when counted.
    """
    notes = list(notifications_of(user).filter(read_at=None, kind=Kind.SAVED_SEARCH)[:most])
    seen = things_visible_to(user, [(note.document_type, note.document_id) for note in notes])
    gone = {note.pk for note in notes if (note.document_type, note.document_id) not in seen}
    for hidden in (True, False):
        changed = [note.pk for note in notes if (note.pk in gone) == hidden and note.hidden != hidden]
        if changed:
            Notification.objects.filter(pk__in=changed).update(hidden=hidden)
    return len(gone)
