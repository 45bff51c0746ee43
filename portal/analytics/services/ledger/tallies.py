"""Counts of each day, of all searches and of each gap's."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncDate

from portal.analytics.models import GapDay, GapSearch, SearchDay
from portal.analytics.selectors.searching import LED_SOMEWHERE, people_searches
from portal.discovery.models import ResultOpened

from .figures import totals_count

_CHUNK = 500
LATE_RANK = 6
"""Opened from here down, a result counts as found late."""
POOR_BELOW = 40
"""Holding less of the weight of what was asked (in percent), the best result is a poor match. Measured:
docs/explanation/gap-ledger.md."""
_ANSWERED = Q(answered_at__isnull=False)
_POOR = Q(coverage__lt=POOR_BELOW) & ~_ANSWERED
_LATE = Q(degraded=True) | (Q(opened_count__gt=0) & Q(near=False))
_WELL = _ANSWERED | (
    Q(opened_count__gt=0, near=True, degraded=False) & (Q(coverage=None) | Q(coverage__gte=POOR_BELOW))
)

Row = TypeVar("Row", bound=models.Model)
Counts = dict[Hashable, dict[str, int]]


def days_count(*, since: datetime) -> None:
    """Counts every day from the one of ``since`` on anew, and writes what differs."""
    first = since.date()
    _write(SearchDay, first, ("day", "language"), _of_all(first))
    touched = _write(GapDay, first, ("gap_id", "day"), _of_gaps(first))
    totals_count(gap_ids={row.gap_id for row in touched})


def _of_all(first: date) -> Counts:
    rows = people_searches().annotate(day=TruncDate("at")).filter(at__date__gte=first)
    counted = rows.values_list("day", "language").annotate(
        searches=Count("pk"),
        without_result=Count("pk", filter=Q(total=0)),
        clicked=Count("pk", filter=LED_SOMEWHERE),
        degraded=Count("pk", filter=Q(degraded=True)),
    )
    names = ("searches", "without_result", "clicked", "degraded")
    return {(day, language): dict(zip(names, figures, strict=True)) for day, language, *figures in counted.order_by()}


def _of_gaps(first: date) -> Counts:
    near = ResultOpened.objects.filter(search=OuterRef("pk"), rank__lt=LATE_RANK)
    placed = GapSearch.objects.filter(search=OuterRef("pk"))
    rows = people_searches().annotate(day=TruncDate("at"), near=Exists(near), gap=placed.values("gap_id")[:1])
    counted = (
        rows.filter(at__date__gte=first, gap__isnull=False)
        .values_list("gap", "day")
        .annotate(
            searches=Count("pk"),
            without_result=Count("pk", filter=Q(total=0) & ~LED_SOMEWHERE),
            led=Count("pk", filter=LED_SOMEWHERE),
            late=Count("pk", filter=_LATE),
            poor=Count("pk", filter=_POOR),
            well=Count("pk", filter=_WELL),
        )
    )
    names = ("searches", "without_result", "clicked", "late", "poor", "well")
    return {(gap, day): dict(zip(names, figures, strict=True)) for gap, day, *figures in counted.order_by()}


def _write(model: type[Row], first: date, key: Sequence[str], counted: Mapping[Any, dict[str, int]]) -> list[Row]:
    """Makes the model's rows from ``first`` on those counted; returns the rows that were made, changed or deleted.

    In short transactions: SQLite has one writer at a time, and readers' searches are written down meanwhile.
    """
    there = {tuple(getattr(row, name) for name in key): row for row in _rows(model).filter(day__gte=first)}
    gone = [row for place, row in there.items() if place not in counted]
    fresh = [
        model(**dict(zip(key, place, strict=True)), **each) for place, each in counted.items() if place not in there
    ]
    changed = []
    for place, figures in counted.items():
        row = there.get(place)
        if row is not None and any(getattr(row, name) != value for name, value in figures.items()):
            for name, value in figures.items():
                setattr(row, name, value)
            changed.append(row)
    columns = list(next(iter(counted.values()), {}))
    for rows in _chunks(gone):
        _rows(model).filter(pk__in=[row.pk for row in rows]).delete()
    for rows in _chunks(fresh):
        _rows(model).bulk_create(rows)
    for rows in _chunks(changed):
        _rows(model).bulk_update(rows, columns)
    return [*gone, *fresh, *changed]


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]


def _rows(model: type[Row]) -> models.Manager[Row]:
    manager: models.Manager[Row] = model._default_manager
    return manager
