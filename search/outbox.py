"""Saying that documents changed.

Call :func:`enqueue` in the transaction that changes them: both commit, or neither does.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone

from search.models import IndexClock, OutboxEntry

LEASE = timedelta(seconds=30)
# Seconds: how long a document waits that cannot be read or is refused, and how long everything does for an engine
# that is down (it may be back any time).
LONGEST_DELAY = 60
LONGEST_ENGINE_DELAY = 8
_LONGEST_ERROR = 500
_CLOCK_ROW = 1


def enqueue(document_type: str, ids: Iterable[object]) -> int:
    """Say that documents of a type may have changed, appeared or gone; return how many.

    A handful of inserts, whatever their number. A document already waiting gets a second line, and is loaded once.
    Merging here would lose a change that commits while the first line is being worked on.
    """
    lines = [OutboxEntry(document_type=document_type, object_id=str(each)) for each in dict.fromkeys(ids)]
    OutboxEntry.objects.bulk_create(lines, batch_size=2_000)
    return len(lines)


def pending_count() -> int:
    """Return how many lines wait, failed ones included (``portal_search_outbox_pending``)."""
    return OutboxEntry.objects.count()


def oldest_pending_seconds() -> float:
    """Return the age of the oldest waiting line in seconds, 0.0 when nothing waits."""
    oldest = OutboxEntry.objects.order_by("created_at").values_list("created_at", flat=True).first()
    return 0.0 if oldest is None else max(0.0, (timezone.now() - oldest).total_seconds())


def is_due() -> bool:
    """Say whether any line may be worked on now (by this worker or another)."""
    return OutboxEntry.objects.filter(available_at__lte=timezone.now()).exists()


def claim(limit: int, *, ignore_leases: bool) -> list[OutboxEntry]:
    """Take up to ``limit`` lines that are due, the oldest first, and lease them to this worker.

    ``ignore_leases``: the caller is the only writer (it holds the index's lock), so a lease can only be
    that of a worker that died.
    """
    now = timezone.now()
    due = OutboxEntry.objects.filter(available_at__lte=now).order_by("id")
    if ignore_leases:
        return list(due[:limit])
    with transaction.atomic():
        free = due.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=now))
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True)
        lines = list(free[:limit])
        OutboxEntry.objects.filter(pk__in=[line.pk for line in lines]).update(leased_until=now + LEASE)
        return lines


def settle(lines: Iterable[OutboxEntry]) -> None:
    """Delete lines whose documents the engine has."""
    OutboxEntry.objects.filter(pk__in=[line.pk for line in lines]).delete()


def postpone(lines: Iterable[OutboxEntry], error: str, *, longest: int = LONGEST_DELAY) -> None:
    """Keep lines for later: 1, 2, 4 ... at most ``longest`` seconds after the first, second, third ... failure."""
    now = timezone.now()
    changed = list(lines)
    for line in changed:
        line.available_at = now + timedelta(seconds=min(longest, 2 ** min(line.attempts, 10)))
        line.attempts += 1
        line.leased_until = None
        line.last_error = error[:_LONGEST_ERROR]
    OutboxEntry.objects.bulk_update(changed, ["available_at", "attempts", "leased_until", "last_error"], batch_size=200)


def next_version() -> int:
    """Return a version greater than any before, committed: call it before reading what will be indexed.

    It follows the wall clock (microseconds), so that it also rises over a database restored from a backup.
    Must not be called inside a transaction that outlives the reading.
    """
    now = int(timezone.now().timestamp() * 1_000_000)
    with transaction.atomic():
        clock, _ = IndexClock.objects.select_for_update().get_or_create(pk=_CLOCK_ROW)
        clock.version = max(clock.version + 1, now)
        clock.save(update_fields=["version"])
        return clock.version


def pending_keys() -> set[tuple[str, str]]:
    """Return (type, id) of everything that waits."""
    return set(OutboxEntry.objects.values_list("document_type", "object_id"))


def waiting_up_to(line: int) -> int:
    """Return how many lines up to number ``line`` still wait."""
    return OutboxEntry.objects.filter(pk__lte=line).count()


def last_line() -> int:
    """Return the number of the newest line, 0 when nothing waits."""
    newest: dict[str, Any] = OutboxEntry.objects.aggregate(newest=Max("pk"))
    return int(newest["newest"] or 0)
