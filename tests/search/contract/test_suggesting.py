"""As-you-type in every script, by every name, with an error in it; grouped and ordered alike on every engine."""

import pytest

from search.documents import SearchDocument, SearchRequest, SuggestRequest
from search.engine import SearchEngine
from tests.search.conftest import fill
from tests.search.contract.asking import search, suggest
from tests.search.documents import question

KINDS = ("question", "article", "member", "topic")


def topic(number: int, title: str, *names: tuple[str, str]) -> SearchDocument:
    return SearchDocument(type="topic", id=str(number), title=title, names=names)


def member(number: int, title: str, *names: tuple[str, str]) -> SearchDocument:
    return SearchDocument(type="member", id=str(number), title=title, names=names)


SQUARE = (
    question(1, "Printer does not print in colour"),
    question(2, "Printing labels on the large printer", score=40),
    question(3, "Ёлочная гирлянда не горит", language="ru"),
    question(4, "印刷が途中で止まります", language="ja"),
    question(5, "طابعة المكتب لا تعمل", language="ar"),
    question(6, "كيف أصل الطابعة بالشبكة؟", language="ar"),
    question(7, "Where is the price of the prototype?", visibility=("space:3",)),
    question(8, "スキャナーが動かない", language="ja"),
    topic(20, "Printers", ("ru", "Принтеры"), ("ja", "プリンター"), ("ar", "الطابعات")),
    topic(21, "Cables", ("ru", "Кабели")),
    member(30, "Prisca Noor", ("", "pnoor")),
    SearchDocument(type="article", id="40", title="Print from your phone", language="en", official=True),
)


@pytest.fixture(scope="module")
def square(module_engine: SearchEngine) -> SearchEngine:
    """The engine with things of four kinds, to be read only."""
    module_engine.commit_generation(module_engine.create_generation())
    fill(module_engine, *SQUARE)
    return module_engine


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("елоч", {"3"}),
        ("ЁЛОЧ", {"3"}),
        ("印刷が途", {"4"}),
        ("途中", {"4"}),
        ("いんさつ", {"4"}),
        ("いんさ", {"4"}),
        ("とちゅう", {"4"}),
        ("すきゃな", {"8"}),
        ("スキャ", {"8"}),
        ("طاب", {"5", "6", "20"}),
        ("الطاب", {"5", "6", "20"}),
        ("بالشب", {"6"}),
        ("شبكة", {"6"}),
        ("кабел", {"21"}),
        ("プリン", {"20"}),
        ("pnoor", {"30"}),
        ("nobody-here", set()),
    ],
)
def test_beginnings_are_found_in_every_script_and_by_every_name(
    square: SearchEngine, typed: str, found: set[str]
) -> None:
    assert set(suggest(square, typed, types=KINDS)) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [("pritner", "1"), ("printr", "1"), ("coluor", "1"), ("гирлянга", "3"), ("prisce", "30"), ("lables", "2")],
)
def test_one_wrong_letter_of_a_longer_beginning_is_forgiven(square: SearchEngine, typed: str, found: str) -> None:
    assert found in suggest(square, typed, types=KINDS)


def test_a_short_beginning_is_taken_as_it_is(square: SearchEngine) -> None:
    assert suggest(square, "clou", types=KINDS) == []


def test_the_best_of_each_kind_is_shown_kind_by_kind(square: SearchEngine) -> None:
    found = square.suggest(SuggestRequest(text="pri", types=KINDS)).found
    kinds = [each.document.type for each in found]
    assert set(kinds) == set(KINDS)
    assert kinds == sorted(kinds, key=kinds.index), "a kind's suggestions stand together"
    assert {each.document.id for each in found} == {"1", "2", "20", "30", "40"}


def test_whole_words_come_before_beginnings_and_votes_decide_among_equals(square: SearchEngine) -> None:
    assert suggest(square, "print", types=("question",)) == ["1", "2"], "only the first has the word itself"
    assert suggest(square, "pri", types=("question",)) == ["2", "1"]
    assert suggest(square, "printer", types=("question",)) == ["2", "1"]
    assert suggest(square, "printer does", types=("question",)) == ["1"]


def test_the_language_of_the_page_comes_first(square: SearchEngine) -> None:
    fill(square, *SQUARE, question(50, "Cable Übersicht", language="de"), question(51, "Cable list", language="en"))
    assert suggest(square, "cable", types=("question",), language="de")[0] == "50"
    assert suggest(square, "cable", types=("question",), language="en")[0] == "51"


def test_what_nobody_may_see_is_never_suggested(square: SearchEngine) -> None:
    for typed in ("protot", "prototpye", "where is the pri", "pric"):
        assert "7" not in suggest(square, typed, types=KINDS)
        assert "7" not in suggest(square, typed)
    assert suggest(square, "protot", types=KINDS, visibility=("space:3",)) == ["7"]


def test_types_left_out_are_in_no_result_and_no_count(square: SearchEngine) -> None:
    everything = square.search(SearchRequest(limit=100))
    narrowed = square.search(SearchRequest(limit=100, without_types=("topic", "member")))
    kinds = {each.document.type for each in narrowed.found}
    assert kinds == {"question", "article"}
    assert everything.total - narrowed.total == 3
    assert {value for value, _count in narrowed.facets["type"]} == kinds
    assert search(square, "printers", without_types=("question",)) != []


def test_names_survive_the_way_through_the_index(square: SearchEngine) -> None:
    (found,) = square.suggest(SuggestRequest(text="кабел", types=KINDS)).found
    assert found.document.names == (("ru", "Кабели"),)
