"""The geometry of the report's plots, in units of their viewBox; the template draws them.

Coordinates are texts with a full stop, whatever the language of the report.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.evaluation.statistics import Interval

WIDTH = 720
ROW = 26
_LABELS = 250
_RIGHT = 70
_TOP = 8
_AXIS = 24
_HISTOGRAM_WIDTH, _HISTOGRAM_HEIGHT = 340, 120
_BINS = 28


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the axis."""

    place: str
    label: str


@dataclass(frozen=True, slots=True)
class Whisker:
    """One row of an interval plot: its mean and the ends of its interval."""

    label: str
    value: str
    middle: str
    low: str
    high: str
    y: str
    text_y: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class IntervalPlot:
    """Means with their intervals, one below another, on one axis."""

    title: str
    width: int
    height: int
    left: int
    right: int
    bottom: int
    ticks: list[Tick]
    rows: list[Whisker]
    zero: str | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram."""

    x: str
    y: str
    width: str
    height: str
    tip: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many queries took how long; the axis is logarithmic."""

    title: str
    width: int
    height: int
    bottom: int
    bars: list[Bar]
    ticks: list[Tick]


def interval_plot(title: str, rows: Sequence[tuple[str, Interval]], *, difference: bool = False) -> IntervalPlot:
    """Lay out means from 0 to 1, or, with ``difference``, what was gained and lost around zero."""
    lowest = min((each.low for _, each in rows), default=0.0)
    highest = max((each.high for _, each in rows), default=1.0)
    step = _nice_step(max(highest - lowest, 0.02) / 5)
    start = math.floor(lowest / step - 0.2) * step
    end = math.ceil(highest / step + 0.2) * step
    if difference:
        start, end = min(start, -step), max(end, step)
    else:
        start, end = max(0.0, start), min(1.0, end)
    span = WIDTH - _LABELS - _RIGHT

    def x(value: float) -> str:
        return f"{_LABELS + span * (value - start) / (end - start):.1f}"

    bottom = _TOP + ROW * len(rows)
    count = round((end - start) / step)
    marks = [start + step * number for number in range(count + 1)]
    return IntervalPlot(
        title=title,
        width=WIDTH,
        height=bottom + _AXIS,
        left=_LABELS,
        right=WIDTH - _RIGHT,
        bottom=bottom,
        ticks=[Tick(x(mark), _figure(mark, step, difference)) for mark in marks],
        rows=[_whisker(place, label, each, x, difference) for place, (label, each) in enumerate(rows)],
        zero=x(0.0) if difference else None,
    )


def _whisker(place: int, label: str, interval: Interval, x: Callable[[float], str], difference: bool) -> Whisker:
    middle = _TOP + ROW * place + ROW / 2
    tone = ""
    if difference:
        tone = "gain" if interval.low > 0 else "loss" if interval.high < 0 else "even"
    return Whisker(
        label=label,
        value=f"{interval.mean:+.3f}" if difference else f"{interval.mean:.3f}",
        middle=x(interval.mean),
        low=x(interval.low),
        high=x(interval.high),
        y=f"{middle:.1f}",
        text_y=f"{middle + 4:.1f}",
        tone=tone,
    )


def _figure(value: float, step: float, signed: bool) -> str:
    digits = max(1, -math.floor(math.log10(step)))
    return f"{value:+.{digits}f}" if signed and round(value, 9) else f"{value:.{digits}f}"


def _nice_step(raw: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)


def latency_histogram(title: str, milliseconds: Sequence[float]) -> Histogram:
    """Lay out how often each latency came, in bins that grow by the same factor."""
    bottom = _HISTOGRAM_HEIGHT - 20
    times = [max(each, 0.01) for each in milliseconds] or [1.0]
    low = 10.0 ** math.floor(math.log10(min(times)))
    high = 10.0 ** math.ceil(math.log10(max(times)) + 1e-9)
    decades = max(1.0, math.log10(high / low))
    counts = [0] * _BINS
    for each in times:
        counts[min(_BINS - 1, int(_BINS * math.log10(each / low) / decades))] += 1
    wide = _HISTOGRAM_WIDTH / _BINS
    most = max(counts)
    bars = []
    for place, count in enumerate(counts):
        if not count:
            continue
        tall = max(1.0, (bottom - 14) * count / most)
        begin, stop = (low * 10 ** (decades * edge / _BINS) for edge in (place, place + 1))
        tip = f"{begin:.3g}–{stop:.3g} ms: {count}"
        bars.append(Bar(f"{place * wide:.1f}", f"{bottom - tall:.1f}", f"{wide - 1:.1f}", f"{tall:.1f}", tip))
    powers = range(round(math.log10(low)), round(math.log10(high)) + 1)
    ticks = [
        Tick(f"{_HISTOGRAM_WIDTH * (power - math.log10(low)) / decades:.1f}", f"{10.0**power:g}") for power in powers
    ]
    return Histogram(title, _HISTOGRAM_WIDTH, _HISTOGRAM_HEIGHT, bottom, bars, ticks)
