"""People ask a shop's support the same things in other words, forms and spellings; on every engine."""

import pytest

from search.documents import SearchRequest, SimilarRequest, SuggestRequest
from search.engine import SearchEngine
from tests.search.conftest import fill
from tests.search.contract.asking import ids
from tests.search.support import ASKED, QUESTIONS, documents


@pytest.fixture(scope="module")
def support(module_engine: SearchEngine) -> SearchEngine:
    """The engine with the shop's questions in it."""
    module_engine.commit_generation(module_engine.create_generation())
    fill(module_engine, *documents())
    return module_engine


@pytest.mark.parametrize(("language", "typed", "topic"), ASKED, ids=lambda value: str(value)[:40])
def test_the_answer_comes_first(support: SearchEngine, language: str, typed: str, topic: str) -> None:
    found = ids(support.search(SearchRequest(text=typed, reads=(language,), limit=3)))
    assert found[:1] == [f"{language}-{topic}"], found


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_title_typed_as_it_is_finds_its_question(support: SearchEngine, language: str) -> None:
    for topic, (title, _, _) in QUESTIONS[language].items():
        assert ids(support.search(SearchRequest(text=title, reads=(language,), limit=1))) == [f"{language}-{topic}"]


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_is_most_like_itself(support: SearchEngine, language: str) -> None:
    for topic, (title, body, _) in QUESTIONS[language].items():
        request = SimilarRequest(title=title, body=body, language=language, limit=1)
        assert ids(support.similar(request)) == [f"{language}-{topic}"]


@pytest.mark.parametrize("language", QUESTIONS)
def test_half_a_title_is_completed(support: SearchEngine, language: str) -> None:
    for topic, (title, _, _) in QUESTIONS[language].items():
        half = title[: len(title) * 2 // 3]
        found = ids(support.suggest(SuggestRequest(text=half, language=language, limit=2)))
        assert f"{language}-{topic}" in found, half


def test_a_code_is_found_in_every_language(support: SearchEngine) -> None:
    found = ids(support.search(SearchRequest(text="ERR_1045")))
    assert set(found[:4]) == {f"{language}-err_1045" for language in QUESTIONS}


@pytest.mark.parametrize("language", QUESTIONS)
def test_the_reader_s_language_leads_for_a_code(support: SearchEngine, language: str) -> None:
    found = ids(support.search(SearchRequest(text="ERR_1045", reads=(language,))))
    assert found[0] == f"{language}-err_1045"


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_filter_by_language_leaves_only_it(support: SearchEngine, language: str) -> None:
    result = support.search(SearchRequest(languages=(language,), limit=100))
    assert {found.document.language for found in result.found} == {language}
    assert result.total == len(QUESTIONS[language])
