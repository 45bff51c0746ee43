"""Sets are asked in an index of their own, through the code that readers' searches run through."""

import gc
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings

from search import client
from search.conf import search_settings
from search.documents import SearchRequest
from search.engine import EngineError, EngineUnavailable
from search.engines import forget_engines, selected_engine
from search.engines.elastic import ElasticsearchEngine
from search.evaluation.judged import JudgedSet, load_judged_set
from search.evaluation.running import Outcome, SetRun, run_set
from search.evaluation.throwaway import PREFIX, fill_index, throwaway_index
from tests.search.conftest import fill
from tests.search.documents import question
from tests.search.evaluation.sets import written

pytestmark = pytest.mark.django_db
ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


@pytest.fixture
def portal_index(tmp_path: Path, settings: LazySettings, only_shelves: None) -> Iterator[Path]:
    """The portal's own index, with one question in it that no set has."""
    folder = tmp_path / "portal-search"
    settings.SEARCH = {"EMBEDDED_PATH": folder, "INDEX_PREFIX": "portal"}
    engine = selected_engine()
    engine.commit_generation(engine.create_generation())
    fill(engine, question(77, "The portal's own question about a password"))
    yield folder
    engine.close()
    forget_engines()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest, portal_index: Path, settings: LazySettings) -> str:
    if request.param == "elasticsearch":
        url = os.environ.get("TEST_ELASTICSEARCH_URL") or request.getfixturevalue("elasticsearch_url")
        settings.SEARCH = {**settings.SEARCH, "ELASTICSEARCH_URL": url}
    return str(request.param)


@pytest.fixture
def judged(tmp_path: Path) -> JudgedSet:
    return load_judged_set(written(tmp_path))


def leftovers() -> set[str]:
    """Folders of evaluations in the place for temporary files."""
    return {each.name for each in Path(tempfile.gettempdir()).glob(f"hiroba-{PREFIX}-*")}


def test_a_set_is_asked_as_readers_ask_and_nothing_stays(engine_name: str, judged: JudgedSet) -> None:
    before = leftovers()
    told: list[tuple[str, int, int]] = []
    with throwaway_index(engine_name) as engine:
        own = search_settings()
        run = run_set(judged, engine=engine, on_progress=lambda *step: told.append(step))
        assert own.index_prefix.startswith(f"{PREFIX}-")
        assert engine.count() == 4
    assert run.outcomes["q1"].found[0] == "d1"
    assert run.outcomes["q2"].rank == 1
    assert run.outcomes["q3"].found == ()
    assert run.scores["q3"].recall_10 == 0.0
    assert "77" not in {each for outcome in run.outcomes.values() for each in outcome.found}
    assert (run.engine, run.endpoint, run.unanswered) == (engine_name, "search", 0)
    assert all(each > 0 for each in run.latencies)
    assert told[0] == ("indexing", 4, 4)
    assert told[-1] == ("asking", 3, 3)
    assert leftovers() == before
    if own.elasticsearch_url:
        left = ElasticsearchEngine(own.elasticsearch_url, prefix=own.index_prefix)
        assert not left.health().has_index
        left.close()


def test_the_portal_s_index_is_what_it_was(engine_name: str, judged: JudgedSet, settings: LazySettings) -> None:
    settings.SEARCH = {**settings.SEARCH}
    with throwaway_index(engine_name) as engine:
        run_set(judged, engine=engine)
    settings.SEARCH = {**settings.SEARCH, "ELASTICSEARCH_URL": None}
    found = client.search(SearchRequest(text="password"))
    assert [hit.id for hit in found.hits] == ["77"]
    gc.collect()


def test_the_second_set_does_not_see_the_first(portal_index: Path, judged: JudgedSet) -> None:
    with throwaway_index("embedded") as engine:
        run_set(judged, engine=engine)
        fill_index(engine, [question(1, "Something else")])
        assert not client.search(SearchRequest(text="password")).total
        assert engine.count() == 1


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, SystemExit, ValueError])
def test_a_run_that_is_stopped_leaves_nothing(
    portal_index: Path, judged: JudgedSet, stopped: type[BaseException]
) -> None:
    before = leftovers()

    def stop(step: str, done: int, total: int) -> None:
        if step == "asking":
            raise stopped

    with pytest.raises(stopped), throwaway_index("embedded") as engine:
        run_set(judged, engine=engine, on_progress=stop)
    assert leftovers() == before
    assert search_settings().embedded_path == portal_index


def test_only_what_everybody_may_see_is_found(portal_index: Path, judged: JudgedSet) -> None:
    hidden = replace(judged.documents["d1"], visibility=("members",))
    with throwaway_index("embedded") as engine:
        run = run_set(replace(judged, documents={**judged.documents, "d1": hidden}), engine=engine)
    assert "d1" not in run.outcomes["q1"].found


def test_the_similar_endpoint_leaves_the_question_itself_out(portal_index: Path, tmp_path: Path) -> None:
    docs = {"1": "How do I reset my password?\n I forgot it.", "2": "Reset of a password\n It was lost."}
    path = written(
        tmp_path, docs=docs, queries={"1": "How do I reset my password?  I forgot it."}, qrels={"1": {"2": 1}}
    )
    with throwaway_index("embedded") as engine:
        run = run_set(load_judged_set(path), engine=engine)
    assert run.endpoint == "similar"
    assert run.outcomes["1"].found == ("2",)


def test_the_portal_s_own_documents_are_told_apart_by_type(portal_index: Path, judged: JudgedSet) -> None:
    article = replace(judged.documents["d1"], type="article")
    documents = {"question:d1": judged.documents["d2"], "article:d1": article}
    own = replace(judged, documents=documents, qrels={**judged.qrels, "q1": {"article:d1": 1}})
    with throwaway_index("embedded") as engine:
        run = run_set(own, engine=engine)
    assert run.outcomes["q1"].rank == 1


def test_an_elasticsearch_that_nobody_configured_is_told(portal_index: Path) -> None:
    with pytest.raises(EngineError, match="ELASTICSEARCH_URL"), throwaway_index("elasticsearch"):
        pass


def test_an_elasticsearch_that_is_away_is_told_and_nothing_stays(
    portal_index: Path, judged: JudgedSet, settings: LazySettings
) -> None:
    before = leftovers()
    settings.SEARCH = {**settings.SEARCH, "ELASTICSEARCH_URL": "http://127.0.0.1:9"}
    with pytest.raises(EngineUnavailable), throwaway_index("elasticsearch") as engine:
        run_set(judged, engine=engine)
    assert leftovers() == before


def test_an_engine_that_goes_away_ends_the_run(portal_index: Path, judged: JudgedSet) -> None:
    """The database never answers in its place: its answers would be measured as the engine's."""
    many = replace(
        judged,
        queries={f"q{number}": "password" for number in range(9)},
        qrels={f"q{number}": {"d1": 1} for number in range(9)},
    )
    asked = []
    with pytest.raises(EngineUnavailable, match="3 queries in a row"), throwaway_index("embedded") as engine:

        def drop(step: str, done: int, total: int) -> None:
            if step == "asking":
                asked.append(done)
                engine.drop()

        run_set(many, engine=engine, on_progress=drop)
    assert len(asked) <= 4


def test_ranks_and_grades_of_an_outcome() -> None:
    outcome = Outcome("words", {"a": 2, "b": 1}, ("x", "b", "a"), 3.0)
    assert outcome.grades == [0, 1, 2]
    assert outcome.rank == 2
    assert replace(outcome, found=()).rank is None
    run = SetRun("s", "embedded", "search", "en", 3, "d", {"q": outcome}, {}, 1.0, 0.5)
    assert run.scores["q"].mrr_10 == 0.5
    assert run.latencies == [3.0]
    assert run.key == ("s", "search", "embedded")
