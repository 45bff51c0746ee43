"""A member's inbox."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.notifications.selectors.inbox import Entry, entries_of, inbox_page, notification_of, unread_count
from portal.notifications.selectors.items import ItemView
from portal.notifications.services.inbox import notification_read
from portal.notifications.words import items_words

from . import told_schemas as schemas
from .answering import answered, next_address, nothing
from .auth import MEMBER
from .idempotency import write
from .parsing import PageLimit, RowId
from .representations import absolute, author_told

router = Router(tags=["Inbox"])


def _item_told(request: HttpRequest, view: ItemView) -> dict[str, Any]:
    happening = view.happening
    kind, _colon, number = happening.post.partition(":")
    return {
        "what": happening.what,
        "type": kind,
        "id": int(number),
        "url": absolute(request, view.path),
        "author": author_told(request, view.actor.member),
        "at": view.item.at,
        "read": view.item.read_at is not None,
    }


def note_told(request: HttpRequest, entry: Entry) -> schemas.Note:
    """Returns a note with what it tells of."""
    note, thread, search = entry.note, entry.thread, entry.note.saved_search
    return schemas.Note.model_validate(
        {
            "id": note.pk,
            "kind": note.kind,
            "read": note.read_at is not None,
            "created_at": note.told_at,
            "saved_search": {"id": search.pk, "name": search.name} if search else None,
            "type": thread.type,
            "object_id": int(thread.id) if thread.id.isascii() and thread.id.isdigit() else thread.id,
            "source_id": thread.source_id,
            "url": absolute(request, entry.path),
            "language": entry.language,
            "title": entry.title,
            "text": items_words(note.kind, list(entry.items), thread, note.recipient_id) if entry.items else "",
            "items": [_item_told(request, view) for view in entry.items],
        }
    )


@router.get("/inbox", auth=MEMBER, response=schemas.NotePage, summary="Read your inbox", operation_id="inbox")
def inbox_list(
    request: HttpRequest, *, unread: bool = False, kind: str = "", cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """What the token's owner was told, the latest first; with `unread` what she has not read; `kind` is one of
    `mentions`, `answers`, `comments`, `changes`, `following`, `searches`. A note that something joins meanwhile moves
    to the front."""
    page = inbox_page(request.user, cursor=cursor, unread=unread, group=kind, size=limit)
    return {
        "results": [note_told(request, entry) for entry in page.entries],
        "next": next_address(request, page.next),
        "unread_count": unread_count(request.user),
    }


@router.put(
    "/inbox/{row:note_id}/read", auth=MEMBER, response=schemas.Note, summary="Mark a note as read or unread",
    operation_id="inbox_read",
)  # fmt: skip
@write("follow")
def inbox_read(request: HttpRequest, note_id: RowId, payload: schemas.ReadIn) -> HttpResponse:
    """Of the token's owner's own. What the note tells of is read with it, and not mailed any more."""
    notification_read(user=request.user, note_id=note_id, read=payload.read)
    entries = entries_of(request.user, [notification_of(request.user, note_id)])
    return answered(note_told(request, entries[0])) if entries else nothing()
