"""What waits to be told, for ``/metrics``."""

from django.db.models import Min, QuerySet

from portal.core.clock import now
from portal.notifications.models import Happening, NoteItem


def gauges() -> dict[str, float]:
    """Returns how many happenings wait to be told, how many items are overdue for a mail, and the oldest ones' age."""
    happenings = Happening.objects.filter(told_at=None)
    mails = NoteItem.objects.filter(handled_at=None, mail_due_at__lte=now())
    return {
        "portal_notes_pending": float(happenings.count()),
        "portal_notes_oldest_seconds": _age(happenings, "at"),
        "portal_note_mails_pending": float(mails.count()),
        "portal_note_mails_oldest_seconds": _age(mails, "mail_due_at"),
    }


def _age(rows: QuerySet[Happening] | QuerySet[NoteItem], column: str) -> float:
    oldest = rows.aggregate(oldest=Min(column))["oldest"]
    return (now() - oldest).total_seconds() if oldest else 0.0
