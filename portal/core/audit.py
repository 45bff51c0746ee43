"""The log of what the staff did: acts that must be answered for are written down with who, which, why and when.

An app names its acts in ``ready()``; a service calls ``audit_write`` in the transaction of the act itself, so that
neither is there without the other. Nothing changes or removes an entry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from .models import AuditEntry
from .paging import Slice, keyset_page
from .permissions import require_moderator

PAGE_SIZE = 50
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class AuditAction:
    """A kind of act: its stable name, what it is called, and the path of the thing that it was done to (by its id)."""

    name: str
    label: str | Promise
    address: Callable[[str], str]


_actions: dict[str, AuditAction] = {}


def register_audit_action(action: AuditAction) -> None:
    """Makes a kind of act known; called in an app's ``ready()``."""
    _actions[action.name] = action


def audit_actions() -> dict[str, AuditAction]:
    """Returns the kinds of act by name, in the order of registration."""
    return dict(_actions)


def audit_write(
    *,
    actor: Any,
    action: str,
    subject_type: str,
    subject_id: object,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Writes one act down and returns its entry.

    actor: a user, None for the system. action: a registered name; raises ``KeyError`` for any other.
    """
    known = _actions[action]
    return AuditEntry.objects.create(
        actor=actor,
        actor_name=actor.username if actor is not None else "",
        action=known.name,
        subject_type=subject_type,
        subject_id=str(subject_id),
        reason=reason[:LONGEST_REASON],
        detail=dict(detail or {}),
    )


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry as the staff read it: what the act is called, and where its subject lies (empty: not known)."""

    entry: AuditEntry
    label: str | Promise
    path: str


def audit_page(*, user: Any, action: str = "", cursor: str | None = None) -> tuple[list[AuditRow], str | None]:
    """Returns one page of the log, newest first, and the cursor of the next; to staff only.

    action: one kind of act only.
    """
    require_moderator(user)
    found = AuditEntry.objects.select_related("actor")
    found = found.filter(action=action) if action else found
    page: Slice[AuditEntry] = keyset_page(found, order=("-created_at", "-id"), cursor=cursor, size=PAGE_SIZE)
    return [_row(entry) for entry in page.rows], page.next


def _row(entry: AuditEntry) -> AuditRow:
    known = _actions.get(entry.action)
    if known is None:
        return AuditRow(entry, entry.action, "")
    return AuditRow(entry, known.label, known.address(entry.subject_id))
