"""The report of an evaluation: one HTML file that needs nothing else, no script, no network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi

from search.evaluation.comparing import Change, Comparison
from search.evaluation.metrics import NAMES, percentile
from search.evaluation.plots import Histogram, IntervalPlot, interval_plot, latency_histogram
from search.evaluation.running import Outcome, SetRun
from search.evaluation.statistics import Difference, Interval, score_intervals

# Queries listed of each kind; what is beyond is counted.
LISTED = 200
_LISTED_DOCUMENTS = 5
_NDCG, _HIT_5 = list(NAMES).index("ndcg_10"), list(NAMES).index("hit_5")


@dataclass(frozen=True, slots=True)
class Measured:
    """A run with its intervals, one for each measure, and its latencies in milliseconds."""

    run: SetRun
    intervals: list[Interval]
    p50: float
    p95: float

    @classmethod
    def of(cls, run: SetRun) -> "Measured":
        """Measure a run."""
        bounds = score_intervals(list(run.scores.values()))
        return cls(run, bounds, percentile(run.latencies, 0.5), percentile(run.latencies, 0.95))

    @property
    def title(self) -> str:
        return f"{self.run.name} · {self.run.engine}"


@dataclass(frozen=True, slots=True)
class _Line:
    """A document in a list: its rank, what it is, and whether it is one of those expected."""

    rank: int | None
    label: str
    expected: bool


@dataclass(frozen=True, slots=True)
class _Query:
    """A query told: what was expected, and what each run found."""

    text: str
    expected: list[_Line]
    found: list[_Line]
    rank: int | None
    found_before: list[_Line]
    rank_before: int | None
    gain: str = ""


@dataclass(frozen=True, slots=True)
class _Listing:
    """Queries of one kind, and how many more there are."""

    kind: str
    total: int
    queries: list[_Query]

    @property
    def more(self) -> int:
        return self.total - len(self.queries)


@dataclass(frozen=True, slots=True)
class _Compared:
    comparison: Comparison
    differences: list[Difference]
    listings: list[_Listing]


@dataclass(frozen=True, slots=True)
class _Missed:
    run: SetRun
    listing: _Listing


def render_report(measured: Sequence[Measured], comparisons: Sequence[Comparison]) -> str:
    """Return the whole HTML file."""
    plots = [
        interval_plot("nDCG@10", [(each.title, each.intervals[_NDCG]) for each in measured]),
        interval_plot("Hit@5", [(each.title, each.intervals[_HIT_5]) for each in measured]),
    ]
    context = {
        "language": get_language() or "en",
        "direction": "rtl" if get_language_bidi() else "ltr",
        "made_at": datetime.now(UTC),
        "names": list(NAMES.values()),
        "measured": measured,
        "plots": plots,
        "difference_plots": _difference_plots(comparisons),
        "comparisons": [_compared(each) for each in comparisons],
        "missed": [_Missed(each.run, _missed(each.run)) for each in measured],
        "histograms": _histograms(measured),
    }
    return render_to_string("search/evaluation_report.html", context)


def _difference_plots(comparisons: Sequence[Comparison]) -> list[IntervalPlot]:
    if not comparisons:
        return []
    return [
        interval_plot(
            name,
            [(f"{each.after.name} · {each.after.engine}", each.differences[place].interval) for each in comparisons],
            difference=True,
        )
        for place, name in ((_NDCG, "nDCG@10"), (_HIT_5, "Hit@5"))
    ]


def _histograms(measured: Sequence[Measured]) -> list[Histogram]:
    return [latency_histogram(each.title, each.run.latencies) for each in measured]


def _compared(comparison: Comparison) -> _Compared:
    kinds = (("losses", comparison.losses), ("wins", comparison.wins))
    listings = [
        _Listing(kind, len(changes), [_changed(comparison, each) for each in changes[:LISTED]])
        for kind, changes in kinds
    ]
    return _Compared(comparison, comparison.differences, listings)


def _changed(comparison: Comparison, change: Change) -> _Query:
    before, after = comparison.before, comparison.after
    labels = {**before.labels, **after.labels}
    return _Query(
        text=change.after.text,
        expected=_expected(change.after, labels),
        found=_found(change.after, labels),
        rank=change.after.rank,
        found_before=_found(change.before, labels),
        rank_before=change.before.rank,
        gain=f"{change.gain:+.2f}",
    )


def _missed(run: SetRun) -> _Listing:
    missed = [outcome for outcome in run.outcomes.values() if outcome.rank is None]
    queries = [
        _Query(outcome.text, _expected(outcome, run.labels), _found(outcome, run.labels), None, [], None)
        for outcome in missed[:LISTED]
    ]
    return _Listing("missed", len(missed), queries)


def _expected(outcome: Outcome, labels: dict[str, str]) -> list[_Line]:
    ranks = {document: rank for rank, document in enumerate(outcome.found, start=1)}
    graded = sorted(outcome.expected, key=lambda each: (-outcome.expected[each], each))
    return [_Line(ranks.get(each), labels.get(each, each), True) for each in graded[:_LISTED_DOCUMENTS]]


def _found(outcome: Outcome, labels: dict[str, str]) -> list[_Line]:
    return [
        _Line(rank, labels.get(each, each), outcome.expected.get(each, 0) > 0)
        for rank, each in enumerate(outcome.found[:_LISTED_DOCUMENTS], start=1)
    ]
