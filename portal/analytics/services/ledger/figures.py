"""What a gap's days come to, and what is wrong with it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django.db.models import Q, Sum

from portal.analytics.models import Gap, GapDay, GapKind, GapSource, GapStatus
from portal.core.clock import now

LATELY, WINDOW = timedelta(days=30), timedelta(days=90)
NO_RESULT_FROM, NO_RESULT_SHARE = 2, 0.5
NO_CLICK_FROM, NO_CLICK_SHARE = 5, 0.2
POOR_FROM, POOR_SHARE = 3, 0.5
WEAK_FROM, WEAK_SHARE = 3, 0.5
_COLUMNS = ("window", "failed", "clicked", "late", "poor", "lately", "earlier", "kind")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Sums:
    """A gap's searches of the last 90 days, and of the two last spans of 30."""

    window: int = 0
    without_result: int = 0
    clicked: int = 0
    late: int = 0
    poor: int = 0
    lately: int = 0
    earlier: int = 0

    @property
    def failed(self) -> int:
        """Searches that led nowhere."""
        return self.window - self.clicked


def kind_of(sums: Sums) -> GapKind | None:
    """Returns what is wrong with searches, the worst first; None where nothing is.

    Nothing found: by half of them, two at least. Poor match: the best result of half of them, three at least, holds
    little of what was asked. Nothing opened: by four of five, of five at least. Found late: half of those that led
    somewhere, three at least, were opened from far down or answered by the database.
    """
    if sums.without_result >= max(NO_RESULT_FROM, NO_RESULT_SHARE * sums.window):
        return GapKind.NO_RESULT
    if sums.poor >= max(POOR_FROM, POOR_SHARE * sums.window):
        return GapKind.POOR_MATCH
    if sums.window >= NO_CLICK_FROM and sums.clicked < NO_CLICK_SHARE * sums.window:
        return GapKind.NO_CLICK
    if sums.late >= max(WEAK_FROM, WEAK_SHARE * sums.clicked):
        return GapKind.WEAK
    return None


def gaps_figure() -> int:
    """Writes every gap's figures anew where they differ; returns how many did. A kind stays until another one comes."""
    sums = _sums(now().date())
    moving = Gap.objects.filter(Q(pk__in=list(sums)) | Q(window__gt=0)) if len(sums) < _CHUNK else Gap.objects
    changed = []
    for gap in moving.filter(source=GapSource.SEARCHES).iterator(chunk_size=2_000):
        found = sums.get(gap.pk, Sums())
        before = tuple(getattr(gap, name) for name in _COLUMNS)
        for name in _COLUMNS[:-1]:
            setattr(gap, name, getattr(found, name))
        gap.kind = kind_of(found) or gap.kind
        if before != tuple(getattr(gap, name) for name in _COLUMNS):
            changed.append(gap)
    gaps_save(gaps=changed, columns=_COLUMNS)
    return len(changed)


def gaps_save(*, gaps: Sequence[Gap], columns: Sequence[str]) -> None:
    """Writes these columns of whole rows: an upsert takes a third of the time that Django's ``bulk_update`` does."""
    for start in range(0, len(gaps), _CHUNK):
        Gap.objects.bulk_create(
            gaps[start : start + _CHUNK], update_conflicts=True, unique_fields=["pk"], update_fields=list(columns)
        )


def _sums(today: date) -> dict[int, Sums]:
    lately = Q(day__gt=today - LATELY)
    earlier = Q(day__gt=today - 2 * LATELY, day__lte=today - LATELY)
    rows = GapDay.objects.filter(day__gt=today - WINDOW).values_list("gap_id")
    summed = rows.annotate(
        all_90=Sum("searches"),
        empty_90=Sum("without_result"),
        clicked_90=Sum("clicked"),
        late_90=Sum("late"),
        poor_90=Sum("poor"),
        lately_30=Sum("searches", filter=lately, default=0),
        earlier_30=Sum("searches", filter=earlier, default=0),
    )
    return {gap: Sums(*figures) for gap, *figures in summed.order_by()}


def totals_count(*, gap_ids: Collection[int]) -> None:
    """Counts all searches that there ever were of these gaps."""
    for chunk in _chunks(gap_ids):
        rows = GapDay.objects.filter(gap__in=chunk).values_list("gap_id").annotate(all=Sum("searches")).order_by()
        totals = dict(rows)
        gaps = [gap for gap in Gap.objects.filter(pk__in=chunk) if gap.total != totals.get(gap.pk, 0)]
        for gap in gaps:
            gap.total = totals.get(gap.pk, 0)
        gaps_save(gaps=gaps, columns=["total"])


def gaps_forget() -> int:
    """Deletes what never was a gap, and was not searched for in the last 90 days; returns how many."""
    quiet = Gap.objects.filter(source=GapSource.SEARCHES, kind="", status=GapStatus.OPEN, fix_kind="")
    found = quiet.filter(last_seen__lt=now() - WINDOW, changes__isnull=True)
    return sum(Gap.objects.filter(pk__in=chunk).delete()[0] for chunk in _chunks(found.values_list("pk", flat=True)))


def _chunks(keys: Collection[int]) -> Iterator[list[int]]:
    left = iter(sorted(keys))
    while chunk := list(islice(left, _CHUNK)):
        yield chunk
