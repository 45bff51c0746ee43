"""The shared judged sets: not below plain BM25, on both engines. Skipped where the sets are not on this machine."""

import json
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from search.documents import SearchDocument, SearchRequest, SimilarRequest
from search.engine import SearchEngine
from search.engines.elastic import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.evaluation import metrics
from tests.search.conftest import fill

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "retrieval"
if not FOLDER.is_dir():
    FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "retrieval"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared judged sets are not on this machine")
# Every eighth question is enough to see a fall, and keeps the test short; `docs/adr/0014` has the whole sets' figures.
STEP = 8


@pytest.fixture(scope="module", params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    made: SearchEngine
    if request.param == "embedded":
        made = EmbeddedEngine(tmp_path_factory.mktemp("relevance") / "index")
    else:
        url = os.environ.get("TEST_ELASTICSEARCH_URL") or request.getfixturevalue("elasticsearch_url")
        made = ElasticsearchEngine(url, prefix=f"relevance-{uuid.uuid4().hex[:12]}")
    yield made
    made.drop()
    made.close()


def judged(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / name).read_text())
    return loaded


def filled(engine: SearchEngine, documents: list[SearchDocument]) -> None:
    engine.commit_generation(engine.create_generation())
    for start in range(0, len(documents), 500):
        fill(engine, *documents[start : start + 500])


def measured(
    data: dict[str, Any], ask: Callable[[str, str], list[str]], measure: Callable[[metrics.Scores], float]
) -> float:
    """Return the mean of one measure over every eighth question."""
    questions = list(data["queries"].items())[::STEP]
    scores = []
    for name, text in questions:
        grades = data["qrels"][name]
        scores.append(metrics.score([grades.get(each, 0) for each in ask(name, text)], list(grades.values())))
    return measure(metrics.mean(scores))


def passage(name: str, text: str, language: str) -> SearchDocument:
    return SearchDocument(type="question", id=name, title="", body=text, language=language)


@pytest.mark.parametrize(
    ("name", "language", "least"),
    [
        ("xquad_en.json", "en", 0.97),
        ("xquad_ru.json", "ru", 0.97),
        ("xquad_ar.json", "ar", 0.97),
        ("jaquad_dev01_ja.json", "ja", 0.975),
    ],
)
def test_passages_that_answer_a_question(engine: SearchEngine, name: str, language: str, least: float) -> None:
    data = judged(name)
    filled(engine, [passage(each, text, language) for each, text in data["docs"].items()])

    def ask(_: str, text: str) -> list[str]:
        result = engine.search(SearchRequest(text=text, reads=(language,), limit=5))
        return [found.document.id for found in result.found]

    assert measured(data, ask, lambda scores: scores.hit_5) >= least


def test_answers_accepted_in_a_real_community(engine: SearchEngine) -> None:
    data = judged("se_ai_accans_en.json")
    filled(engine, [passage(each, text, "en") for each, text in data["docs"].items()])

    def ask(_: str, text: str) -> list[str]:
        return [found.document.id for found in engine.search(SearchRequest(text=text, limit=10)).found]

    assert measured(data, ask, lambda scores: scores.ndcg_10) >= 0.5


def test_questions_that_a_real_community_linked(engine: SearchEngine) -> None:
    data = judged("se_ai_linked_en.json")
    split = {each: text.partition("\n")[::2] for each, text in data["docs"].items()}
    documents = [
        SearchDocument(type="question", id=each, title=title, body=body, language="en")
        for each, (title, body) in split.items()
    ]
    filled(engine, documents)

    def ask(name: str, text: str) -> list[str]:
        title, _, body = text.partition("?")
        request = SimilarRequest(title=title, body=body, language="en", limit=10, exclude=(("question", name),))
        return [found.document.id for found in engine.similar(request).found]

    assert measured(data, ask, lambda scores: scores.ndcg_10) >= 0.42
