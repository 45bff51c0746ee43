"""Deflection: readers who found the answer and did not ask, and how many of them the suggestions made.

A visitor counts in the period of her first search, once her seven days are over. She is deflected when she searched,
opened something and asked nothing in that time, unless her last word was "none of these". Visitors of the holdout saw
no suggestions on the ask page; nothing else was different, and chance alone chose them. So the difference between the
two groups is what the suggestions did (docs/explanation/deflection.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from portal.analytics.proportions import Interval, difference
from portal.core.clock import now
from portal.discovery.models import Search, Surface
from portal.discovery.visitors import WINDOW

ENOUGH = 50
"""Visitors that each group must have before the difference means anything."""
STEPS = ("week", "month")


@dataclass(slots=True)
class Group:
    """Visitors who did, or did not, see suggestions; of those, who opened something, asked, and were deflected."""

    visitors: int = 0
    opened: int = 0
    asked: int = 0
    deflected: int = 0

    @property
    def deflected_share(self) -> float | None:
        """The share of visitors who were deflected, None without visitors."""
        return self.deflected / self.visitors if self.visitors else None

    @property
    def asked_share(self) -> float | None:
        """The share of visitors who asked, None without visitors."""
        return self.asked / self.visitors if self.visitors else None


@dataclass(slots=True)
class Deflection:
    """A period, or all of them, of one language or of all (an empty one). treated saw suggestions."""

    start: date | None
    language: str
    treated: Group = field(default_factory=Group)
    holdout: Group = field(default_factory=Group)

    @property
    def effect(self) -> Interval | None:
        """By how much more visitors who saw suggestions were deflected; None where a group is empty."""
        one, other = self.treated, self.holdout
        if not (one.visitors and other.visitors):
            return None
        return difference(one.deflected, one.visitors, other.deflected, other.visitors)

    @property
    def spared(self) -> Interval | None:
        """By how much fewer visitors who saw suggestions asked: the stricter figure, which needs nothing opened."""
        one, other = self.treated, self.holdout
        if not (one.visitors and other.visitors):
            return None
        return difference(other.asked, other.visitors, one.asked, one.visitors)

    @property
    def enough(self) -> bool:
        """Whether both groups have visitors enough for the difference to mean something."""
        return min(self.treated.visitors, self.holdout.visitors) >= ENOUGH


@dataclass(slots=True)
class DeflectionReport:
    """Everything that the page shows. waiting: visitors whose seven days are not over."""

    total: Deflection
    languages: list[Deflection]
    periods: list[Deflection]
    waiting: int


@dataclass(slots=True)
class Visitor:
    """What the searches of one visitor come to, read from the first to the last."""

    first_at: datetime
    language: str
    holdout: bool
    counts: bool = True
    began_to_ask: bool = False
    opened: bool = False
    asked: bool = False
    answered: bool = False
    declined_last: bool = False

    def read(self, search: dict[str, Any]) -> None:
        """Takes in her next search."""
        self.counts = self.counts and search["excluded"] == ""
        self.began_to_ask = self.began_to_ask or search["surface"] == Surface.ASK
        self.opened = self.opened or search["opened_count"] > 0
        self.asked = self.asked or search["question_id"] is not None
        self.answered = self.answered or search["answered_at"] is not None
        if search["opened_count"] or search["declined_at"]:
            self.declined_last = search["declined_at"] is not None

    @property
    def deflected(self) -> bool:
        """Whether she found her answer, as far as one can see, and did not ask."""
        return self.opened and not self.asked and (self.answered or not self.declined_last)


def deflection_report(
    *, since: datetime, until: datetime | None = None, language: str = "", step: str = "week", asking: bool = False
) -> DeflectionReport:
    """Counts visitors whose first search lies between ``since`` and ``until`` (default: now). One query.

    language: only these visitors, by the page of their first search; empty: all. step: week or month. asking: only
    visitors who typed a title on the ask page, where alone the suggestions are.
    """
    moment = now()
    until = until or moment
    total, waiting = Deflection(None, language), 0
    languages: dict[str, Deflection] = {}
    periods = {start: Deflection(start, language) for start in period_starts(since, until, step)}
    for visitor in _visitors(since, until):
        if not visitor.counts or (language and visitor.language != language) or (asking and not visitor.began_to_ask):
            continue
        if visitor.first_at > moment - WINDOW:
            waiting += 1
            continue
        spoken = languages.setdefault(visitor.language, Deflection(None, visitor.language))
        for place in (total, spoken, periods[period_of(visitor.first_at, step)]):
            group = place.holdout if visitor.holdout else place.treated
            group.visitors += 1
            group.opened += visitor.opened
            group.asked += visitor.asked
            group.deflected += visitor.deflected
    return DeflectionReport(total, [languages[code] for code in sorted(languages)], list(periods.values()), waiting)


def period_of(moment: datetime, step: str) -> date:
    """Returns the first day of the week (a Monday) or month that a moment lies in, in UTC."""
    day = moment.astimezone(UTC).date()
    return day.replace(day=1) if step == "month" else day - timedelta(days=day.weekday())


def period_starts(since: datetime, until: datetime, step: str) -> list[date]:
    """Returns the first days of all periods from one moment to another, also of those in which nothing happened."""
    starts, day = [], period_of(since, step)
    while day <= until.astimezone(UTC).date():
        starts.append(day)
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1) if step == "month" else day + timedelta(days=7)
    return starts


def _visitors(since: datetime, until: datetime) -> Iterator[Visitor]:
    """Yields the visitors whose first search lies between two moments, with all they did in their seven days."""
    columns = (
        "visitor", "at", "language", "holdout", "surface", "excluded", "opened_count", "question_id", "answered_at",
        "declined_at",
    )  # fmt: skip
    around = Search.objects.filter(at__gte=since - WINDOW, at__lt=until + WINDOW).exclude(visitor="")
    rows = around.order_by("visitor", "at", "id").values(*columns).iterator(chunk_size=2000)
    for _key, searches in groupby(rows, itemgetter("visitor")):
        first = next(searches)
        visitor = Visitor(first["at"], first["language"], first["holdout"])
        for search in chain([first], searches):
            visitor.read(search)
        if since <= visitor.first_at < until:
            yield visitor
