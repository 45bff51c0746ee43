"""Typing errors in words of Han are forgiven, on every engine."""

import pytest

from search.documents import SearchRequest
from search.engine import SearchEngine
from tests.search.conftest import fill
from tests.search.documents import question

DOCUMENTS = (
    question(1, "弥五兵衛の母親について", "小林弥五兵衛の母親は長野の人です。", "ja"),
    question(2, "織田信長の弟は誰ですか", "織田信長に殺された弟がいます。", "ja"),
    question(3, "松阪市立図書館の名称", "松阪市立図書館は以前は別の名称でした。", "ja"),
    question(4, "小林一茶の父", "一茶の父は農民でした。", "ja"),
    question(5, "秘密の竹阿計画", "竹阿は秘密です。", "ja", visibility=("space:3",)),
)


@pytest.fixture(scope="module")
def library(module_engine: SearchEngine) -> SearchEngine:
    """The engine with a few documents in Japanese, to be read only."""
    module_engine.commit_generation(module_engine.create_generation())
    fill(module_engine, *DOCUMENTS)
    return module_engine


def found(engine: SearchEngine, text: str, **asked: object) -> list[str]:
    """The numbers of what is found, the best first."""
    result = engine.search(SearchRequest(text=text, reads=("ja",), **asked))  # type: ignore[arg-type]
    return [each.document.id for each in result.found]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("弥兵衛", "1"), ("長信", "2"), ("松わ市", "3"), ("松市図書", "3"), ("一は茶", "4"), ("弥五さ衛", "1")],
)
def test_an_error_in_a_word_of_han_is_forgiven(library: SearchEngine, typed: str, first: str) -> None:
    assert found(library, typed)[:1] == [first]


def test_what_is_right_is_found_as_before(library: SearchEngine) -> None:
    assert found(library, "信長")[0] == "2"
    assert found(library, "図書館")[0] == "3"


def test_words_as_typed_find_nothing_else(library: SearchEngine) -> None:
    assert found(library, "長信", literal=True) == []


def test_nothing_of_others_is_found(library: SearchEngine) -> None:
    assert found(library, "阿竹") == []
    assert found(library, "阿竹", visibility=("space:3",)) == ["5"]
