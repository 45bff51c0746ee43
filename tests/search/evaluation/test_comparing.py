"""Runs are kept, read again and compared; the report tells who won what."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from search.evaluation.comparing import compare_engines, compare_runs, compare_with_earlier
from search.evaluation.plots import interval_plot, latency_histogram
from search.evaluation.report import LISTED, Measured, render_report
from search.evaluation.running import Outcome, SetRun
from search.evaluation.saving import SavedRunError, load_runs, save_runs, write_whole
from search.evaluation.statistics import Interval


def run_of(ranks: dict[str, int | None], *, name: str = "set", engine: str = "embedded", **changes: Any) -> SetRun:
    """A run in which each query's one expected document came at a rank."""
    outcomes = {}
    for place, (query, rank) in enumerate(ranks.items()):
        found = [f"x{number}" for number in range(10)]
        if rank is not None:
            found[rank - 1] = "right"
        outcomes[query] = Outcome(f"words of {query}", {"right": 1}, tuple(found), 1.0 + place)
    labels = {"right": "The <b>right</b> one", "x0": "Another"}
    return replace(SetRun(name, engine, "search", "en", 11, "digest", outcomes, labels, 2.0, 1.0), **changes)


BEFORE = run_of({"a": 1, "b": 3, "c": None, "d": 2})
AFTER = run_of({"a": 1, "b": 1, "c": 5, "d": 4})


def test_a_saved_run_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    save_runs(path, [BEFORE, run_of({"я": None}, language=None, skipped=2, missing=1, unanswered=1)])
    assert load_runs(path) == [BEFORE, run_of({"я": None}, language=None, skipped=2, missing=1, unanswered=1)]
    assert [each.name for each in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"format": 1}', '{"format": 1, "runs": [{}]}', '{"format": 1, "runs": [5]}', "nonsense"],
)
def test_what_is_no_saved_run_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(content)
    with pytest.raises(SavedRunError, match=r"run\.json"):
        load_runs(path)


def test_a_run_with_wrong_values_or_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    save_runs(path, [BEFORE])
    values = json.loads(path.read_text())
    values["runs"][0]["documents"] = "many"
    path.write_text(json.dumps(values))
    with pytest.raises(SavedRunError, match="no run saved"):
        load_runs(path)
    path.write_text(json.dumps({**values, "format": 99}))
    with pytest.raises(SavedRunError, match="another version"):
        load_runs(path)
    with pytest.raises(SavedRunError, match=r"absent\.json"):
        load_runs(tmp_path / "absent.json")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    path.write_text("before")
    with pytest.raises(TypeError):
        write_whole(path, None)  # type: ignore[arg-type]
    assert path.read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 1


def test_wins_and_losses_query_by_query() -> None:
    comparison = compare_runs(BEFORE, AFTER)
    assert comparison
    assert [change.query for change in comparison.wins] == ["b", "c"]
    assert [change.query for change in comparison.losses] == ["d"]
    assert comparison.queries == 4
    assert comparison.wins[0].gain == pytest.approx(0.5)
    assert comparison.same_set
    assert comparison.differences[0].interval.mean == pytest.approx(0.25)


def test_only_what_both_asked_is_compared() -> None:
    other = run_of({"a": 1, "z": 1}, digest="another")
    comparison = compare_runs(BEFORE, other)
    assert comparison
    assert comparison.queries == 1
    assert not comparison.same_set
    assert compare_runs(BEFORE, run_of({"z": 1})) is None
    reworded = replace(BEFORE, outcomes={"a": replace(BEFORE.outcomes["a"], text="other words")})
    assert compare_runs(BEFORE, reworded) is None


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.none() | st.integers(1, 10), min_size=1))
def test_a_run_does_not_differ_from_itself(ranks: dict[str, int | None]) -> None:
    comparison = compare_runs(run_of(ranks), run_of(ranks))
    assert comparison
    assert comparison.wins == comparison.losses == []
    assert all(each.interval.mean == 0 and each.p_value == 1 for each in comparison.differences)


def test_an_earlier_run_of_the_same_engine_is_preferred() -> None:
    earlier = [run_of({"a": 9}, engine="elasticsearch"), BEFORE, run_of({"a": 1}, name="unrelated")]
    (comparison,) = compare_with_earlier(earlier, [AFTER])
    assert comparison.before is BEFORE
    (other,) = compare_with_earlier(earlier[:1], [AFTER])
    assert other.before.engine == "elasticsearch"
    assert compare_with_earlier(earlier, [run_of({"a": 1}, endpoint="similar")]) == []


def test_engines_are_compared_set_by_set() -> None:
    runs = [BEFORE, run_of({"a": 1}, name="two"), replace(AFTER, engine="elasticsearch")]
    (comparison,) = compare_engines(runs)
    assert (comparison.before.engine, comparison.after.engine) == ("embedded", "elasticsearch")
    assert compare_engines(runs[:2]) == []


class Page(HTMLParser):
    """Collects what a report must not have, and checks that its tags are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def report(before: SetRun = BEFORE, after: SetRun = AFTER) -> str:
    return render_report([Measured.of(after)], compare_with_earlier([before], [after]))


def test_the_report_stands_alone() -> None:
    page = Page(report())
    assert page.open == []
    assert "script" not in page.tags
    assert page.addresses == []
    assert page.tags.count("svg") == 5
    assert "http" not in report()


def test_the_report_tells_ranks_before_and_after() -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", report()))
    assert "Wins: 2" in text
    assert "Losses: 1" in text
    assert "words of b 3 → 1 +0.50" in text
    assert "words of c – → 5" in text
    assert "words of d 2 → 4 -0.20" in text
    assert "Another" in text


def test_words_of_a_set_cannot_become_markup() -> None:
    text = report()
    assert "&lt;b&gt;right&lt;/b&gt;" in text
    assert "<b>right</b>" not in text


def test_what_was_not_found_is_listed_up_to_a_length() -> None:
    run = run_of(dict.fromkeys((f"q{number}" for number in range(LISTED + 5)), None))
    text = render_report([Measured.of(run)], [])
    assert text.count("<details>") == LISTED
    assert "5 more are not listed." in text
    assert "What changed" not in text


def test_figures_keep_their_full_stop_in_every_language() -> None:
    with translation.override("ru"):
        text = report()
    assert 'lang="ru"' in text
    assert not re.search(r'(?:x1|x2|y1|y2|cx|cy|x|y|width|height)="[^"]*,', text)
    with translation.override("ar"):
        assert 'dir="rtl"' in report()


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)).map(sorted), min_size=1, max_size=6),
    st.booleans(),
)
def test_every_mean_lies_on_the_plot(triples: list[list[float]], difference: bool) -> None:
    rows = [(f"row {place}", Interval(each[1], each[0], each[2])) for place, each in enumerate(triples)]
    plot = interval_plot("measure", rows, difference=difference)
    for row in plot.rows:
        places = [float(row.low), float(row.middle), float(row.high)]
        assert places == sorted(places)
        assert plot.left - 0.1 <= places[0]
        assert places[2] <= plot.right + 0.1
    ticks = [float(tick.place) for tick in plot.ticks]
    assert ticks == sorted(ticks)
    assert len({tick.label for tick in plot.ticks}) == len(ticks)


def test_a_difference_is_coloured_only_when_its_interval_leaves_zero() -> None:
    rows = [("up", Interval(0.2, 0.1, 0.3)), ("down", Interval(-0.2, -0.3, -0.1)), ("so", Interval(0.0, -0.1, 0.1))]
    plot = interval_plot("measure", rows, difference=True)
    assert [row.tone for row in plot.rows] == ["gain", "loss", "even"]
    assert plot.zero is not None


@settings(max_examples=50)
@given(st.lists(st.floats(0, 60_000), max_size=60))
def test_every_query_is_in_the_histogram(milliseconds: list[float]) -> None:
    histogram = latency_histogram("run", milliseconds)
    counted = sum(int(bar.tip.rsplit(" ", 1)[1]) for bar in histogram.bars)
    assert counted == max(1, len(milliseconds))
    assert all(float(bar.x) + float(bar.width) <= histogram.width + 0.1 for bar in histogram.bars)
