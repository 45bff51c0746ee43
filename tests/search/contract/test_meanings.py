"""The termbase through the whole search, on both engines: a query finds other languages too, the reader's first."""

from collections.abc import Iterator
from typing import Any

import pytest

from search import client, synonyms
from search.documents import SearchRequest, SearchResponse, SimilarRequest, SuggestRequest
from search.engine import SearchEngine
from search.synonyms import Termbase
from tests.search.conftest import fill
from tests.search.documents import question
from tests.search.synonyms.concepts import TERMS, concept

BANK_EN = question(1, "My power bank stays dark", "It blinks twice.", "en")
BANK_RU = question(2, "Повербанк не заряжается", "Мигает дважды.", "ru")
BANK_JA = question(3, "モバイルバッテリーが充電できません", "二回点滅します。", "ja")
BANK_AR = question(4, "البطارية المتنقلة لا تشحن", "تومض مرتين.", "ar")
MINI = question(5, "Where is the serial number of the Rill Mini?", "I looked below it.", "en")
SMALL = question(6, "A small garden", "Which size do I need?", "en")
SIGN = question(7, "The warning sign is on", "It is red.", "en")
LOGIN = question(8, "I cannot log in", "The page says nothing.", "en")
# How rare a word is counts by language: a language of one document would weigh nothing.
OTHERS = tuple(
    question(100 + number, title, "", language)
    for number, (language, title) in enumerate(
        [
            ("ru", "Где скачать счёт"),
            ("ru", "Не приходит письмо"),
            ("ru", "Как сменить адрес"),
            ("ja", "請求書はどこですか"),
            ("ja", "住所を変更したい"),
            ("ja", "ファンから異音がします"),
            ("ar", "أين أجد الفاتورة"),
            ("ar", "كيف أغير العنوان"),
            ("ar", "صوت من المروحة"),
        ]
    )
)
SHELF = (BANK_EN, BANK_RU, BANK_JA, BANK_AR, MINI, SMALL, SIGN, LOGIN, *OTHERS)


@pytest.fixture(scope="module")
def stocked(module_engine: SearchEngine) -> SearchEngine:
    module_engine.commit_generation(module_engine.create_generation())
    fill(module_engine, *SHELF)
    return module_engine


@pytest.fixture
def asking(stocked: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[SearchEngine]:
    """The client asks this engine, with a small termbase in force."""
    monkeypatch.setattr(client, "selected_engine", lambda: stocked)
    with synonyms.using(Termbase([*TERMS, concept("small", en=["mini", "small"])])):
        yield stocked


def ids(response: SearchResponse) -> list[str]:
    assert not response.degraded
    return [hit.id for hit in response.hits]


def found(text: str, *reads: str, **more: Any) -> list[str]:
    return ids(client.search(SearchRequest(text=text, reads=reads, **more)))


@pytest.mark.parametrize(
    "text", ["power bank", "portable charger", "внешний аккумулятор", "モバイルバッテリー", "بطارية متنقلة"]
)
def test_a_query_in_any_language_finds_all_of_them(asking: SearchEngine, text: str) -> None:
    assert {"1", "2", "3", "4"} <= set(found(text))


@pytest.mark.parametrize(("reads", "first"), [("en", "1"), ("ru", "2"), ("ja", "3"), ("ar", "4")])
def test_the_readers_language_comes_first(asking: SearchEngine, reads: str, first: str) -> None:
    assert found("portable charger", reads)[0] == first
    assert found("повербанк", reads)[0] in (first, "2"), "what holds the very word may come before it"


def test_without_a_termbase_nothing_of_it_is_found(asking: SearchEngine) -> None:
    with synonyms.using(Termbase()):
        assert not {"2", "3", "4"} & {*found("portable charger"), *found("power bank"), *found("внешний аккумулятор")}


def test_a_choice_of_language_is_kept(asking: SearchEngine) -> None:
    assert found("portable charger", "en", languages=("ja",)) == ["3"]


def test_a_protected_name_is_found_in_each_spelling_and_not_taken_apart(asking: SearchEngine) -> None:
    for typed in ("rillmini", "Рилл Мини", "リルミニ", "rill-mini"):
        assert found(typed)[0] == "5", typed
    assert "6" not in found("rillmini"), "nothing means small here"
    assert "6" in found("mini garden tools")


def test_one_way_terms_lead_one_way(asking: SearchEngine) -> None:
    fill(asking, *SHELF, question(9, "A humming mains adapter"), question(10, "What is a wall wart?"), version=2)
    assert {"9", "10"} <= set(found("wall wart"))
    assert "10" not in found("mains adapter")


def test_small_words_of_a_term_count(asking: SearchEngine) -> None:
    assert "8" in found("sign in") and "8" not in found("warning sign")


def test_excluded_words_are_not_expanded(asking: SearchEngine) -> None:
    assert "8" not in found('red -"sign in"')


def test_earlier_questions_in_other_words_and_languages(asking: SearchEngine) -> None:
    request = SimilarRequest(title="portable charger without light", language="ru")
    assert {"1", "2", "3", "4"} <= set(ids(client.similar(request)))
    assert ids(client.similar(SimilarRequest(title="внешний аккумулятор", language="en", limit=1))) == ["1"]


def test_suggestions_of_the_other_spelling(asking: SearchEngine) -> None:
    assert "5" in ids(client.suggest(SuggestRequest(text="rillmini", language="en", types=("question",))))
    assert "2" in ids(client.suggest(SuggestRequest(text="portable charger", language="ru", types=("question",))))


def test_what_was_meant_is_marked_in_the_results(asking: SearchEngine) -> None:
    (hit,) = client.search(SearchRequest(text="portable charger", languages=("ru",))).hits
    assert "<mark>Повербанк</mark>" in hit.title_html


def test_a_protected_word_is_not_corrected(asking: SearchEngine) -> None:
    fill(asking, *SHELF, *(question(20 + n, f"A drill number {n}") for n in range(5)), version=3)
    assert client.search(SearchRequest(text="rill minis zzz")).did_you_mean is None
    with synonyms.using(Termbase()):
        assert client.search(SearchRequest(text="dril")).hits, "others are"


def test_any_words_are_found_with_a_termbase_of_thousands(asking: SearchEngine) -> None:
    many = [concept(f"c{n}", en=[f"word{n} thing", f"gadget{n}"]) for n in range(2_000)]
    with synonyms.using(Termbase([*many, *TERMS])):
        assert set(found("word7 thing and portable charger")) >= {"1", "2", "3", "4"}


@pytest.mark.parametrize(
    ("text", "reads", "low", "high"),
    [
        ("power bank dark", "en", 1, 1),
        ("portable charger dark", "en", 1, 1),  # a synonym holds its words
        ("powr bank dark", "en", 1, 1),  # so does a correction
        ("power bank flux capacitor", "en", 0.2, 0.6),
        ("повербанки заряжаются", "ru", 1, 1),
        ("モバイルバッテリー 充電", "ja", 1, 1),
        ("البطاريات المتنقلة", "ar", 1, 1),
        ("flux capacitor dark", "en", 0.05, 0.5),
    ],
)
def test_it_is_told_how_much_of_a_query_the_best_result_holds(
    asking: SearchEngine, text: str, reads: str, low: float, high: float
) -> None:
    told = client.search(SearchRequest(text=text, reads=(reads,))).coverage
    assert told is not None and low - 0.001 <= told <= high + 0.001


@pytest.mark.parametrize(
    "asked",
    [
        {"text": ""},
        {"text": "zzzz"},
        {"text": "is:unanswered"},
        {"text": "dark", "sort": "newest"},
        {"text": "dark", "offset": 1},
    ],
    ids=str,
)
def test_nothing_is_told_where_the_first_need_not_be_the_best(asking: SearchEngine, asked: dict[str, Any]) -> None:
    assert client.search(SearchRequest(**asked)).coverage is None
