"""Line charts drawn by the server: an SVG without a script, to be shown beside the same figures in a table.

Everything is in the chart's own units (its ``width`` and ``height``); the sheet gives colours and widths. In a page
written from right to left, time runs so too.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 260
START, END, TOP, BOTTOM = 52, 14, 14, 34
MOST_LABELS = 7


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a value for each label, None where there is none.

    low and high, where given, are drawn as a band; they are None at the same labels.
    """

    name: str
    values: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: where it stands and what is written there."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A value: its place, and the words that a pointer or a reader of screens gets."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A series as it is drawn. number: 1 for the first, for its colour; paths: unbroken stretches; bands: polygons."""

    name: str
    number: int
    paths: list[str]
    bands: list[str]
    dots: list[Dot]


@dataclass(frozen=True, slots=True)
class LineChart:
    """A chart, ready for ``analytics/line_chart.html``. left and right: of the field of lines; zero: its ground."""

    title: str
    width: int
    height: int
    left: float
    right: float
    ground: float
    text_at: float
    anchor: str
    lines: list[Line]
    across: list[Tick]
    upward: list[Tick]
    empty: bool


def line_chart(
    *, title: str, labels: Sequence[str], series: Sequence[Series], unit: str = "", right_to_left: bool = False
) -> LineChart:
    """Returns the chart of some series over the same labels (periods, oldest first).

    unit: written behind each value ("%"). The ground is 0, or below it where a value is negative.
    """
    given = [value for each in series for group in (each.values, each.low, each.high) for value in group]
    known = [value for value in given if value is not None]
    lowest, highest, step = _scale(min(known, default=0.0), max(known, default=0.0))

    def across(place: int) -> float:
        wide = WIDTH - START - END
        x = START + (wide * place / (len(labels) - 1) if len(labels) > 1 else wide / 2)
        return round(WIDTH - x if right_to_left else x, 1)

    def upward(value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (highest - value) / (highest - lowest), 1)

    places = [(across(place), label) for place, label in enumerate(labels)]
    count = round((highest - lowest) / step)
    ticks = [lowest + step * number for number in range(count + 1)]
    left, right = (END, WIDTH - START) if right_to_left else (START, WIDTH - END)
    return LineChart(
        title=title,
        width=WIDTH,
        height=HEIGHT,
        left=left,
        right=right,
        ground=HEIGHT - BOTTOM,
        text_at=WIDTH - START + 8 if right_to_left else START - 8,
        anchor="start" if right_to_left else "end",
        lines=[_line(each, number, places, upward, unit) for number, each in enumerate(series, start=1)],
        across=[Tick(x, text) for place, (x, text) in enumerate(places) if place % _every(len(labels)) == 0],
        upward=[Tick(upward(value), f"{written(value)}{unit}") for value in ticks],
        empty=not known,
    )


def written(value: float) -> str:
    """Returns a value as it is written on charts and in their tables: one decimal where it has one."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _every(count: int) -> int:
    return max(1, math.ceil(count / MOST_LABELS))


def _scale(lowest: float, highest: float) -> tuple[float, float, float]:
    """Returns the ends of an axis and its step, all round: 1, 2 or 5 times a power of ten, four to seven steps."""
    lowest, highest = min(lowest, 0.0), max(highest, 0.0)
    if highest - lowest < 1e-9:
        highest = lowest + 1.0
    rough = (highest - lowest) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough * 0.999)
    return math.floor(lowest / step + 1e-9) * step, math.ceil(highest / step - 1e-9) * step, step


def _line(
    series: Series, number: int, places: Sequence[tuple[float, str]], upward: Callable[[float], float], unit: str
) -> Line:
    def drawn(values: Sequence[float | None]) -> list[list[str]]:
        """The places of values, as stretches without a gap; a missing series has none."""
        stretches: list[list[str]] = [[]]
        for (x, _label), value in zip(places, values or [None] * len(places), strict=True):
            if value is None:
                stretches.append([])
            else:
                stretches[-1].append(f"{x},{upward(value)}")
        return [stretch for stretch in stretches if stretch]

    dots = [
        Dot(x, upward(value), f"{series.name}, {label}: {written(value)}{unit}")
        for (x, label), value in zip(places, series.values, strict=True)
        if value is not None
    ]
    edges = zip(drawn(series.high), drawn(series.low), strict=True)
    return Line(
        name=series.name,
        number=number,
        paths=[" ".join(points) for points in drawn(series.values)],
        bands=[" ".join(over + under[::-1]) for over, under in edges],
        dots=dots,
    )
