"""Measuring tells a better search from a worse one, and says nothing where there is nothing to say."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from hypothesis import given, settings
from hypothesis import strategies as st

from search.documents import SearchDocument
from search.engines import forget_engines
from search.evaluation.comparing import compare_runs
from search.evaluation.judged import JudgedSet, judged_set, load_judged_set
from search.evaluation.report import Measured, render_report
from search.evaluation.running import Outcome, SetRun, run_set
from search.evaluation.saving import load_runs, save_runs
from search.evaluation.throwaway import throwaway_index

pytestmark = pytest.mark.django_db
THINGS = ["printer", "scanner", "battery", "invoice", "password", "headphones", "watch", "router", "camera", "parcel"]
TROUBLES = ["stops", "vanishes", "blinks", "leaks", "overheats", "freezes"]


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, settings: LazySettings, only_shelves: None) -> Iterator[None]:
    settings.SEARCH = {"EMBEDDED_PATH": tmp_path / "portal-search"}
    forget_engines()
    yield
    forget_engines()


def support(*, titles: bool = True, language: str = "en") -> JudgedSet:
    """Sixty questions of a support desk; each is looked for by its own words in another form.

    Without titles what tells them apart stands in none of the texts: a search that lost its titles.
    """
    documents, queries, qrels = {}, {}, {}
    pairs = [(thing, trouble) for thing in THINGS for trouble in TROUBLES]
    for number, (thing, trouble) in enumerate(pairs):
        title = f"My {thing} {trouble} every morning" if titles else f"My {thing}"
        documents[f"d{number}"] = SearchDocument(
            type="question", id=f"d{number}", title=title, body=f"It is a {thing}. Please help.", language=language
        )
        queries[f"q{number}"] = f"{thing}s {trouble}"
        qrels[f"q{number}"] = {f"d{number}": 1}
    return judged_set(
        name="support", documents=documents, queries=queries, qrels=qrels, language=language, endpoint=None, source="s"
    )


def run_of(judged: JudgedSet) -> SetRun:
    with throwaway_index("embedded") as engine:
        return run_set(judged, engine=engine)


def test_the_same_search_gives_the_same_run_twice() -> None:
    first, second = run_of(support()), run_of(support())
    found = [{query: each.found for query, each in run.outcomes.items()} for run in (first, second)]
    assert found[0] == found[1]
    assert first.digest == second.digest
    assert Measured.of(first).intervals == Measured.of(second).intervals


def test_a_search_that_finds_all_of_it_is_perfect() -> None:
    measured = Measured.of(run_of(support()))
    assert [each.mean for each in measured.intervals] == [1.0] * 5
    assert all((each.low, each.high) == (1.0, 1.0) for each in measured.intervals)
    assert 0 < measured.p50 <= measured.p95


def test_a_search_that_lost_its_titles_is_seen_to_be_worse() -> None:
    comparison = compare_runs(run_of(support()), run_of(support(titles=False)))
    assert comparison
    assert len(comparison.losses) > 30
    assert comparison.wins == []
    assert not comparison.same_set
    ndcg = comparison.differences[3]
    assert ndcg.interval.high < 0
    assert ndcg.p_value < 0.001


def test_a_set_of_another_language_is_read_by_its_own_rules() -> None:
    """Russian endings are cut: «принтеры» finds «принтер», and the language is told."""
    documents = {
        "d1": SearchDocument(type="question", id="d1", title="Принтер не печатает", language="ru"),
        "d2": SearchDocument(type="question", id="d2", title="Сканер не включается", language="ru"),
    }
    run = run_of(
        judged_set(
            name="ru", documents=documents, queries={"q": "принтеры"}, qrels={"q": {"d1": 1}}, language="ru",
            endpoint=None, source="s",
        )
    )  # fmt: skip
    assert run.language == "ru"
    assert run.outcomes["q"].found == ("d1",)


def test_judgements_of_nonsense_score_by_chance() -> None:
    judged = support()
    chance = random.Random(1)
    targets = list(judged.documents)
    nonsense = replace(judged, qrels={query: {chance.choice(targets): 1} for query in judged.queries})
    measured = Measured.of(run_of(nonsense))
    assert measured.intervals[0].mean < 0.2
    assert measured.intervals[3].high < 0.6


def test_grades_weigh_in_the_order(tmp_path: Path) -> None:
    """Of two right answers the better one first is more than the lesser one first; the hit is the same."""
    judged = support()
    run = run_of(judged)
    first, second = run.outcomes["q0"].found[:2]
    good = replace(run.outcomes["q0"], expected={first: 3, second: 1}).scores()
    bad = replace(run.outcomes["q0"], expected={first: 1, second: 3}).scores()
    assert good.ndcg_10 == 1.0 > bad.ndcg_10
    assert good.hit_1 == bad.hit_1 == 1.0


def test_a_report_of_a_real_run_names_what_was_expected() -> None:
    before, after = run_of(support()), run_of(support(titles=False))
    comparison = compare_runs(before, after)
    assert comparison
    text = render_report([Measured.of(after)], [comparison])
    assert "My printer" in text
    assert "printers stops" in text
    assert text.count("<svg") == 5


json_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
outcomes = st.builds(
    Outcome,
    text=json_texts,
    expected=st.dictionaries(json_texts, st.integers(1, 3), max_size=3),
    found=st.lists(json_texts, max_size=4, unique=True).map(tuple),
    milliseconds=st.floats(0, 1e6),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(json_texts, st.dictionaries(json_texts, outcomes, max_size=4)), max_size=3))
def test_any_run_comes_back_from_its_file(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, dict[str, Outcome]]]
) -> None:
    path = tmp_path_factory.mktemp("runs") / "run.json"
    runs = [
        SetRun(name, "embedded", "search", None, 3, "d", made, dict.fromkeys(made, "label"), 1.5, 0.5)
        for name, made in rows
    ]
    save_runs(path, runs)
    assert load_runs(path) == runs


def json_values() -> st.SearchStrategy[Any]:
    """Anything that JSON can say."""
    plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | json_texts
    return st.recursive(
        plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(json_texts, inner, max_size=3)
    )


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries({}, optional={name: json_values() for name in ("docs", "queries", "qrels", "endpoint")}))
def test_any_object_is_a_set_or_refused_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("sets") / "any.json"
    path.write_text(json.dumps(values))
    try:
        judged = load_judged_set(path)
    except Exception as error:
        assert type(error).__name__ == "JudgedSetError"
        assert "any.json" in str(error)
    else:
        assert judged.queries
        assert set(judged.queries) == set(judged.qrels)
