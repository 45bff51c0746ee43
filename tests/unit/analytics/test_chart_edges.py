"""Charts of nothing, of one point, of points all the same; tables whose cells a spreadsheet must not run."""

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.analytics.charts import BOTTOM, END, HEIGHT, START, TOP, WIDTH, Series, line_chart, written
from portal.analytics.downloads import FORMULA, csv_response
from portal.analytics.selectors.judgements import HOLDOUT_PERCENT, Judgements, side_of

GROUND = HEIGHT - BOTTOM
MIDDLE = (START + WIDTH - END) / 2


def chart(*lines, right_to_left=False):
    labels = [f"week {number}" for number in range(len(lines[0]))]
    series = [Series(f"line {number}", line) for number, line in enumerate(lines)]
    return line_chart(title="x", labels=labels, series=series, right_to_left=right_to_left)


class TestFewPoints:
    @pytest.mark.parametrize("value", [0.0, 1.0, 0.001, 1_000_000.0])
    def test_one_point_stands_in_the_middle(self, value):
        (dot,) = chart([value]).lines[0].dots
        assert dot.x == MIDDLE
        assert TOP <= dot.y <= GROUND
        assert (dot.y == GROUND) is (value == 0)

    @given(st.floats(-1e6, 1e6).map(lambda value: round(value, 2)), st.integers(2, 30))
    def test_equal_points_are_a_level_line_from_edge_to_edge(self, value, count):
        drawn = chart([value] * count)
        dots = drawn.lines[0].dots
        assert len({dot.y for dot in dots}) == 1
        assert (dots[0].x, dots[-1].x) == (drawn.left, drawn.right) == (START, WIDTH - END)

    def test_nothing_but_zeros_lies_on_the_ground_under_an_axis(self):
        drawn = chart([0.0, 0.0, 0.0])
        assert {dot.y for dot in drawn.lines[0].dots} == {GROUND}
        assert not drawn.empty, "zero is a figure, nothing is none"
        assert drawn.upward[0].text == "0" and drawn.upward[-1].text == "1"

    def test_a_line_without_values_stays_beside_one_that_has_some(self):
        one, other = chart([None, None], [1.0, 2.0]).lines
        assert (one.paths, one.dots, one.number, other.number) == ([], [], 1, 2)
        assert len(other.dots) == 2

    def test_a_band_of_other_labels_than_its_own_is_an_error(self):
        """A band drawn between bounds of different weeks would lie."""
        series = Series("x", [1.0, 2.0, 3.0], low=[0.0, None, 1.0], high=[2.0, 3.0, 4.0])
        with pytest.raises(ValueError, match="zip"):
            line_chart(title="x", labels=["a", "b", "c"], series=[series])


class TestAxes:
    @given(st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 2)), min_size=1, max_size=12))
    def test_ticks_rise_evenly_and_hold_every_value_and_zero(self, values):
        ticks = chart(values).upward
        places = [tick.at for tick in ticks]
        assert places == sorted(places, reverse=True)
        assert (places[0], places[-1]) == (GROUND, TOP)
        steps = [lower - upper for lower, upper in pairwise(places)]
        assert max(steps) - min(steps) < 0.3, "rounded to a tenth"
        assert "0" in [tick.text for tick in ticks]

    @given(st.lists(st.floats(0, 1e6), min_size=2, max_size=12), st.booleans())
    def test_a_mirror_of_itself_in_a_page_from_right_to_left(self, values, turned):
        one, other = chart(values, right_to_left=turned), chart(values, right_to_left=not turned)
        for dot, mirrored in zip(one.lines[0].dots, other.lines[0].dots, strict=True):
            assert dot.y == mirrored.y
            assert dot.x + mirrored.x == pytest.approx(WIDTH, abs=0.11)
            assert dot.words == mirrored.words

    @given(st.integers(1, 400))
    def test_labels_are_few_begin_with_the_first_and_are_evenly_left_out(self, count):
        across = chart([1.0] * count).across
        named = [int(tick.text.removeprefix("week ")) for tick in across]
        assert 1 <= len(named) <= 7
        assert named[0] == 0
        assert len({later - earlier for earlier, later in pairwise(named)}) <= 1

    @given(st.floats(-1e9, 1e9))
    def test_a_figure_is_near_its_value_and_never_minus_zero(self, value):
        text = written(value)
        assert float(text) == pytest.approx(value, abs=0.0501)
        assert text != "-0" and not text.endswith(".0")


cells = st.one_of(
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=20),
    st.builds(lambda sign, rest: sign + rest, st.sampled_from(FORMULA), st.text("abc1()!\"',\n", max_size=9)),
)


class TestTables:
    def rows(self, *rows):
        reply = csv_response(filename="x", header=["a", "b"], rows=rows)
        assert reply.content.startswith(b"\xef\xbb\xbf")
        assert reply["X-Content-Type-Options"] == "nosniff"
        return list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline="")))[1:]

    @given(st.lists(st.tuples(cells, cells), min_size=1, max_size=4))
    def test_any_text_comes_back_and_none_begins_as_a_formula(self, given_rows):
        for row, read in zip(given_rows, self.rows(*given_rows), strict=True):
            for cell, back in zip(row, read, strict=True):
                assert not back.startswith(FORMULA)
                assert back == (f"'{cell}" if cell.startswith(FORMULA) else cell)

    @pytest.mark.parametrize("sign", ["＝", "＋", "－", "＠", "\n", "\r", "\t"])
    def test_wide_signs_and_breaks_lead_no_cell(self, sign):
        """What people typed into the search is in these tables, in any width."""
        ((cell, _other),) = self.rows([f"{sign}HYPERLINK(1)", ""])
        assert cell == f"'{sign}HYPERLINK(1)"

    def test_figures_stay_figures(self):
        assert self.rows([-1.5, 0], [None, True]) == [["-1.5", "0"], ["", "True"]]

    def test_a_table_without_rows_has_its_head(self):
        assert self.rows() == []


queries = st.lists(
    st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=12), unique=True, max_size=20
)


class TestSides:
    @given(queries, st.sampled_from(["en", "ru", "ja", "ar"]))
    def test_every_query_is_on_one_side_with_all_its_answers(self, texts, language):
        asked = {f"q{number}": text for number, text in enumerate(texts)}
        qrels = {query: {f"d{query}": 1} for query in asked}
        made = Judgements("search", language, docs={"d": "x"}, queries=asked, qrels=qrels)
        tuning, holdout = made.side("tuning"), made.side("holdout")
        assert not tuning["queries"].keys() & holdout["queries"].keys()
        assert tuning["queries"] | holdout["queries"] == asked
        assert tuning["qrels"] | holdout["qrels"] == qrels
        for side in (tuning, holdout):
            assert side["queries"].keys() == side["qrels"].keys()
            assert side["docs"] == {"d": "x"}, "either side is looked for among all documents"

    @given(queries, queries)
    def test_what_is_there_stays_on_its_side_whatever_comes(self, texts, more):
        def held(given_texts):
            made = Judgements("search", "en", queries=dict(zip(given_texts, given_texts, strict=True)))
            made.qrels = {text: {"d": 1} for text in given_texts}
            return set(made.side("holdout")["queries"])

        assert held(texts) == held([*texts, *(text for text in more if text not in texts)]) & set(texts)

    @given(st.sampled_from(["Reset password", "ＲＥＳＥＴ password", "reset PASSWORD"]))
    def test_the_same_words_in_another_form_are_on_the_same_side(self, text):
        assert side_of("en", text) == side_of("en", "reset password")

    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_in_each_language_about_as_many_are_held_out(self, language):
        held = sum(side_of(language, f"query {number}") == "holdout" for number in range(2_000))
        assert abs(held / 20 - HOLDOUT_PERCENT) < 5
