"""The inbox as its owner may see it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.core.errors import NotFound
from portal.core.paging import keyset_page
from portal.core.permissions import is_member
from portal.notifications.models import Kind, NoteItem, Notification
from portal.questions.models import Question

from .items import ItemView, items_visible_to, latest_items
from .things import Thread, found_threads, split_thread, threads_visible_to

PAGE_SIZE = 30
MOST_COUNTED = 100
ORDER = ("-told_at", "-id")
# How a member narrows her inbox down.
GROUPS: dict[str, tuple[Kind, ...]] = {
    "mentions": (Kind.MENTION,),
    "answers": (Kind.ANSWER, Kind.OFFICIAL, Kind.ACCEPTED, Kind.REMINDER, Kind.CONFIRMATION),
    "comments": (Kind.COMMENT,),
    "changes": (Kind.STATUS, Kind.EDIT, Kind.SUGGESTION, Kind.MERGED),
    "following": (Kind.QUESTION, Kind.MEMBER),
    "searches": (Kind.SAVED_SEARCH,),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A note with what it is about, and what it tells of that: the latest first, nothing for a saved search."""

    note: Notification
    thread: Thread
    items: Sequence[ItemView] = ()

    @property
    def first(self) -> ItemView | None:
        """What to read first: the earliest of what is told."""
        return self.items[-1] if self.items else None

    @property
    def title(self) -> str:
        """What it names: the question where it tells of one, else what the note is about."""
        question = self._question
        return question.title if question is not None else self.thread.title

    @property
    def language(self) -> str | None:
        """The language that its title is written in, None for names."""
        question = self._question
        return question.language if question is not None else self.thread.language

    @property
    def _question(self) -> Question | None:
        questions = {view.happening.question_id for view in self.items}
        return self.items[0].happening.question if len(questions) == 1 else None

    @property
    def path(self) -> str:
        """The path of what to read first."""
        return self.items[-1].path if self.items else self.thread.path


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
    """Returns how many notes a member has not read, of what she may see now; never more than ``MOST_COUNTED``.

    The frame of every page asks. One small query where nothing waits; the long one, which looks at every post that is
    told of, only where something does.
    """
    unread = notifications_of(user).filter(read_at=None, hidden=False)
    if not is_member(user) or not unread.exists():
        return 0
    items = items_visible_to(user, NoteItem.objects.filter(note=OuterRef("pk"), read_at=None))
    return unread.filter(Q(kind=Kind.SAVED_SEARCH) | Exists(items)).order_by()[:MOST_COUNTED].count()


def inbox_page(
    user: Any, *, cursor: str | None = None, unread: bool = False, group: str = "", size: int = PAGE_SIZE
) -> InboxPage:
    """Returns a page of the inbox, the latest first, without what its owner may no longer see.

    group: a name of ``GROUPS``, empty for all. A page may hold fewer than ``size`` notes and still have a next one.
    """
    notes = notifications_of(user).select_related("saved_search")
    notes = notes.filter(read_at=None) if unread else notes
    notes = notes.filter(kind__in=GROUPS[group]) if group in GROUPS else notes
    page = keyset_page(notes, order=ORDER, cursor=cursor, size=size)
    return InboxPage(entries_of(user, page.rows), page.next)


def entries_of(user: Any, notes: Sequence[Notification]) -> list[Entry]:
    """Returns the notes with what they tell of, without those of which the reader may see nothing now."""
    searched = [note for note in notes if note.kind == Kind.SAVED_SEARCH]
    told = [note for note in notes if note.kind != Kind.SAVED_SEARCH]
    found = found_threads(user, [(note.document_type, note.document_id) for note in searched])
    items = latest_items(user, [note.pk for note in told]) if told else {}
    keys = {note: split_thread(views[0].item.thread) for note, views in items.items()}
    threads = threads_visible_to(user, keys.values())
    entries = []
    for note in notes:
        key = (note.document_type, note.document_id)
        if note.kind == Kind.SAVED_SEARCH and key in found:
            entries.append(Entry(note, found[key]))
        elif note.pk in items and keys[note.pk] in threads:
            entries.append(Entry(note, threads[keys[note.pk]], items[note.pk]))
    return entries
