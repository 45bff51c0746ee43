"""A typing error in each query costs at most 1.5 points of Hit@5, on both engines (skipped without the shared sets).

Every sixteenth query of each set, 350 in all; ``docs/explanation/search.md`` has the whole sets' figures.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import synonyms
from search.analyzers import normalize
from search.evaluation.judged import JudgedSet, load_judged_set
from search.evaluation.misspelling import content_words, misspelt, misspelt_set
from search.evaluation.running import run_set
from search.evaluation.throwaway import throwaway_index
from search.queries.correction import distance

QUICK = settings(max_examples=40, deadline=None)
NAMES = ("xquad_en", "xquad_ru", "xquad_ar", "jaquad_dev01_ja")
STEP = 16
MOST_POINTS = 1.5
FOLDERS = [parent / "shared" / "data" / "retrieval" for parent in Path(__file__).resolve().parents]
FOLDER = next((each for each in FOLDERS if each.is_dir()), None)


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def engine_name(request: pytest.FixtureRequest, settings, tmp_path: Path) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """The name of an engine that can be reached; no termbase helps."""
    url = request.getfixturevalue("elasticsearch_url") if request.param == "elasticsearch" else None
    settings.SEARCH = {"EMBEDDED_PATH": tmp_path / "search", "ELASTICSEARCH_URL": url}
    with synonyms.using(synonyms.Termbase()):
        yield request.param


def sampled(name: str) -> JudgedSet:
    """Every sixteenth query of a shared set."""
    assert FOLDER is not None
    judged = load_judged_set(FOLDER / f"{name}.json")
    return replace(judged, queries=dict(list(judged.queries.items())[::STEP]))


@pytest.mark.skipif(FOLDER is None, reason="the shared judged sets are not on this machine")
def test_an_error_in_each_query_costs_at_most_a_point_and_a_half(engine_name: str) -> None:
    clean = wrong = queries = 0.0
    with throwaway_index(engine_name) as engine:
        for name in NAMES:
            judged = sampled(name)
            asked = misspelt_set(judged, seed=3)
            assert sum(asked.queries[each] != text for each, text in judged.queries.items()) > 0.9 * len(judged.queries)
            clean += sum(each.hit_5 for each in run_set(judged, engine=engine, endpoint="search").scores.values())
            wrong += sum(each.hit_5 for each in run_set(asked, engine=engine, endpoint="search").scores.values())
            queries += len(judged.queries)
    assert 100 * (clean - wrong) / queries <= MOST_POINTS
    assert clean / queries >= 0.95


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("How do I reset the password?", ["reset", "password"]),
        ("Как сбросить пароль E-104?", ["сбросить", "пароль"]),
        ("パスワードを忘れた", ["パスワード", "忘れ"]),
        ("a b c 1234", []),
        ("", []),
    ],
)
def test_the_words_that_get_an_error(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in content_words(text)] == words


@pytest.mark.parametrize(
    "text", ["reset the password", "сбросить пароль", "إعادة تعيين كلمة المرور", "パスワードの設定"]
)
def test_exactly_one_word_gets_exactly_one_error(text: str) -> None:
    for seed in range(40):
        wrong = misspelt(text, random.Random(seed))
        assert distance(normalize(text), normalize(wrong), 3) == 1, (seed, wrong)
        assert wrong == misspelt(text, random.Random(seed))


@given(st.text(max_size=60), st.integers(0, 5))
@QUICK
def test_any_text_may_be_misspelt(text: str, seed: int) -> None:
    wrong = misspelt(text, random.Random(seed))
    assert abs(len(wrong) - len(text)) <= 1
    assert content_words(text) or wrong == text
