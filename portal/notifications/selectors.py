"""The inbox as its owner may see it now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.core.errors import NotFound
from portal.core.paging import keyset_page
from portal.core.permissions import is_member
from portal.discovery.registry import ResultType, result_types
from search.documents import SearchDocument
from search.registry import indexed_type

from .models import Notification

PAGE_SIZE = 30
ORDER = ("-id",)
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Thing:
    """What a note or a mail tells of, as it is now: its document, its kind and the path of its page."""

    document: SearchDocument
    kind: ResultType
    path: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A note with what it tells of."""

    note: Notification
    thing: Thing


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Some notes and the cursor of the next, None at the end."""

    entries: list[Entry]
    next: str | None


def notifications_of(user: Any) -> QuerySet[Notification]:
    """Returns the notes of a member: nobody else's, and none for a stranger."""
    if not is_member(user):
        return Notification.objects.none()
    return Notification.objects.filter(recipient=user)


def notification_of(user: Any, note_id: int) -> Notification:
    """Returns one of a member's notes; raises ``NotFound`` for every other."""
    found = notifications_of(user).filter(pk=note_id).first()
    if found is None:
        raise NotFound
    return found


def unread_count(user: Any) -> int:
    """Returns how many notes a member has not read."""
    return notifications_of(user).filter(read_at__isnull=True).count()


def things_visible_to(user: Any, keys: Iterable[Key]) -> dict[Key, Thing]:
    """Returns of these (type, id) what the reader may see now, in a few queries for each type."""
    ids: dict[str, list[str]] = defaultdict(list)
    for name, identity in dict.fromkeys(keys):
        ids[name].append(identity)
    found: dict[Key, Thing] = {}
    for name, wanted in ids.items():
        kind, indexed = result_types().get(name), indexed_type(name)
        if kind is None or indexed is None:
            continue
        paths = kind.visible(user, wanted)
        for document in indexed.load(list(paths)):
            found[name, document.id] = Thing(document, kind, paths[document.id])
    return found


def inbox_page(user: Any, *, cursor: str | None = None, unread: bool = False, size: int = PAGE_SIZE) -> InboxPage:
    """Returns a page of the inbox, the newest first, without what its owner may no longer see.

    A page may therefore hold fewer than ``size`` notes and still have a next one.
    """
    notes = notifications_of(user).select_related("saved_search")
    notes = notes.filter(read_at__isnull=True) if unread else notes
    page = keyset_page(notes, order=ORDER, cursor=cursor, size=size)
    things = things_visible_to(user, [(note.document_type, note.document_id) for note in page.rows])
    entries = [
        Entry(note, things[note.document_type, note.document_id])
        for note in page.rows
        if (note.document_type, note.document_id) in things
    ]
    return InboxPage(entries, page.next)
