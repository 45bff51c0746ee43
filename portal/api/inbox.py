"""A member's inbox."""

from django.http import HttpRequest
from ninja import Router

from portal.notifications.selectors import Entry, inbox_page, unread_count

from . import told_schemas as schemas
from .answering import next_address
from .auth import MEMBER
from .parsing import PageLimit
from .representations import absolute

router = Router(tags=["Inbox"])


def note_told(request: HttpRequest, entry: Entry) -> schemas.Note:
    """Returns a note with what it tells of."""
    note, document = entry.note, entry.thing.document
    search = note.saved_search
    return schemas.Note.model_validate(
        {
            "id": note.pk,
            "kind": note.kind,
            "read": note.read_at is not None,
            "created_at": note.created_at,
            "saved_search": {"id": search.pk, "name": search.name} if search else None,
            "type": document.type,
            "object_id": int(document.id) if document.id.isascii() and document.id.isdigit() else document.id,
            "source_id": document.source_id,
            "url": absolute(request, entry.thing.path),
            "language": document.language,
            "title": document.title,
        }
    )


@router.get("/inbox", auth=MEMBER, response=schemas.NotePage, summary="Read your inbox", operation_id="inbox")
def inbox_list(
    request: HttpRequest, *, unread: bool = False, cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """What the token's owner was told, the newest first; with `unread` what she has not read."""
    page = inbox_page(request.user, cursor=cursor, unread=unread, size=limit)
    return {
        "results": [note_told(request, entry) for entry in page.entries],
        "next": next_address(request, page.next),
        "unread_count": unread_count(request.user),
    }
