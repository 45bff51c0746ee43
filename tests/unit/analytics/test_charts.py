"""Charts and tables of what staff measure."""

import csv
import io

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.analytics.charts import HEIGHT, WIDTH, Series, line_chart, written
from portal.analytics.downloads import csv_response

values = st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3)))


def chart(*lines, labels=None, **more):
    """Returns a chart of lists of values."""
    series = [Series(f"line {number}", line) for number, line in enumerate(lines)]
    labels = labels or [f"day {number}" for number in range(len(lines[0]))]
    return line_chart(title="Searches", labels=labels, series=series, **more)


def points(path):
    """Returns the places of a path."""
    return [tuple(map(float, point.split(","))) for point in path.split()]


class TestLines:
    def test_a_higher_value_stands_higher_and_a_later_one_further(self):
        (path,) = chart([1.0, 5.0, 3.0]).lines[0].paths
        (x1, y1), (x2, y2), (x3, y3) = points(path)
        assert x1 < x2 < x3
        assert y2 < y3 < y1

    def test_time_runs_with_the_writing(self):
        (path,) = chart([1.0, 5.0, 3.0], right_to_left=True).lines[0].paths
        xs = [x for x, _y in points(path)]
        assert xs == sorted(xs, reverse=True)
        assert chart([1.0], right_to_left=True).anchor == "start"

    def test_a_gap_breaks_the_line(self):
        line = chart([1.0, None, 2.0, 3.0]).lines[0]
        assert [len(points(path)) for path in line.paths] == [1, 2]
        assert len(line.dots) == 3

    def test_a_band_runs_there_and_back(self):
        series = Series("share", [2.0, 3.0, None], low=[1.0, 2.0, None], high=[3.0, 4.0, None])
        (band,) = line_chart(title="x", labels=["a", "b", "c"], series=[series]).lines[0].bands
        assert len(points(band)) == 4
        assert points(band)[0][0] == points(band)[-1][0]

    def test_the_axis_has_round_steps_from_the_ground(self):
        assert [tick.text for tick in chart([3.0, 97.0]).upward] == ["0", "20", "40", "60", "80", "100"]
        assert [tick.text for tick in chart([0.3], unit="%").upward] == ["0%", "0.1%", "0.2%", "0.3%"]
        assert [tick.text for tick in chart([-4.0, 6.0]).upward] == ["-4", "-2", "0", "2", "4", "6"]

    def test_many_labels_are_thinned(self):
        assert len(chart([1.0] * 90).across) <= 7

    def test_nothing_is_said_to_be_nothing(self):
        assert chart([None, None]).empty
        assert line_chart(title="x", labels=[], series=[]).empty
        with translation.override("en"):
            html = render_to_string("analytics/line_chart.html", {"chart": chart([None])})
        assert "nothing to draw" in html

    @given(st.lists(values, min_size=1, max_size=40), st.booleans())
    def test_everything_stays_inside(self, line, turned):
        drawn = chart(line, right_to_left=turned)
        for path in drawn.lines[0].paths:
            for x, y in points(path):
                assert 0 <= x <= WIDTH
                assert 0 <= y <= HEIGHT
        assert 2 <= len(drawn.upward) <= 8
        assert len(drawn.lines[0].dots) == sum(value is not None for value in line)

    @pytest.mark.parametrize(
        ("value", "text"),
        [(0.0, "0"), (-0.0, "0"), (-0.04, "0"), (3.0, "3"), (2.25, "2.2"), (-1.5, "-1.5"), (10.0, "10")],
    )
    def test_figures(self, value, text):
        assert written(value) == text


class TestDrawing:
    def test_the_drawing_has_no_style_and_escapes_its_words(self):
        drawn = line_chart(title='"><script>', labels=["<b>"], series=[Series("<i>", [1.0])])
        html = render_to_string("analytics/line_chart.html", {"chart": drawn})
        assert "<script" not in html
        assert "<b>" not in html
        assert "style=" not in html
        assert 'role="img"' in html

    def test_coordinates_are_for_machines_in_every_language(self):
        with translation.override("ru"):
            html = render_to_string("analytics/line_chart.html", {"chart": chart([1.0, 2.0, 5.0, 4.0])})
        assert 'cx="52.0"' in html
        assert not [part for part in html.split('cx="')[1:] if "," in part.split('"')[0]]


class TestCsv:
    def rows(self, *rows):
        reply = csv_response(filename="deflection", header=["week", "text"], rows=rows)
        assert reply["Content-Disposition"] == 'attachment; filename="deflection.csv"'
        return list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))

    def test_a_table_comes_back_as_it_was(self):
        assert self.rows(["1", 'say "a, b"\nand c'], [2, None]) == [
            ["week", "text"],
            ["1", 'say "a, b"\nand c'],
            ["2", ""],
        ]

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "=HYPERLINK(1)"])
    def test_nothing_runs_as_a_formula(self, text):
        assert self.rows([text, -1]) == [["week", "text"], [f"'{text}", "-1"]]
