"""What is found, in which order, on every engine."""

import pytest

from search.engine import SearchEngine
from tests.search.contract.asking import search
from tests.search.documents import COMMUNITY


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("printer error after paper jam", "1"),
        ("forgotten passwords", "2"),
        ("resetting my password", "2"),
        ("exporting an invoice", "3"),
        ("принтеры не печатают", "4"),
        ("замятие бумаги", "4"),
        ("パスワードを忘れました", "5"),
        ("再設定", "5"),
        ("紙詰まり", "6"),
        ("印刷できない", "6"),
        ("إعادة تعيين كلمات المرور", "7"),
        ("طابعة", "8"),
        ("Ausdruck blass", "13"),
    ],
)
def test_the_right_document_comes_first_in_each_language(community: SearchEngine, text: str, first: str) -> None:
    assert search(community, text)[:1] == [first]


@pytest.mark.parametrize("text", ["E-104", "e-104", "E104", "Ｅ－１０４", "e–104".replace("–", "-")])
def test_a_code_is_found_in_every_spelling_and_language(community: SearchEngine, text: str) -> None:
    assert set(search(community, text)) == {"1", "4"}


@pytest.mark.parametrize("text", ["v2.3", "V2.3", "csv export"])
def test_versions_and_names_are_found(community: SearchEngine, text: str) -> None:
    assert search(community, text)[:1] == ["3"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("елочка", "4"),
        ("ёлочка", "4"),
        ("ЁЛОЧКА", "4"),
        ("prínter jàm", "1"),
        ("ﾊﾟｽﾜｰﾄﾞ", "5"),
        ("الرِّسَالَة الرابط", "7"),
        ("الورق انحشــار", "8"),
    ],
)
def test_spellings_of_the_same_word_are_one(community: SearchEngine, text: str, found: str) -> None:
    assert search(community, text)[:1] == [found]


def test_a_question_is_found_by_the_words_of_its_answers(community: SearchEngine) -> None:
    assert search(community, "rear cover sensor restart")[0] == "1"


def test_a_long_question_is_found_although_most_of_its_words_are_missing(community: SearchEngine) -> None:
    text = "hello dear all my colleague forgot her password yesterday evening and nobody here knows how it is reset"
    assert search(community, text)[:1] == ["2"]


def test_one_known_word_among_twelve_unknown_ones_is_enough(community: SearchEngine) -> None:
    unknown = "quux zarf blivet frobnicate xyzzy plugh grault garply waldo fred corge"
    assert search(community, f"{unknown} invoices") == ["3"]


def test_a_query_of_stop_words_alone_finds_by_the_words_as_written(community: SearchEngine) -> None:
    assert "2" in search(community, "how do I")


def test_a_word_nobody_wrote_finds_nothing(community: SearchEngine) -> None:
    assert search(community, "xylophone") == []


def test_an_empty_query_lists_everything_the_newest_first(community: SearchEngine) -> None:
    public = [document for document in COMMUNITY if document.visibility == ("public",)]
    newest = sorted(public, key=lambda document: document.created_at, reverse=True)
    assert search(community, "", limit=50) == [document.id for document in newest]


@pytest.mark.parametrize("text", ['"paper jam"', '"error E-104"', '"PAPER  JAM"'])
def test_a_phrase_must_stand_as_written(community: SearchEngine, text: str) -> None:
    assert search(community, text) == ["1"]


def test_a_phrase_in_another_order_is_not_found(community: SearchEngine) -> None:
    assert search(community, '"jam paper"') == []


def test_a_phrase_does_not_reach_from_the_title_into_the_body(community: SearchEngine) -> None:
    assert search(community, '"jam I removed"') == []


def test_quotes_within_a_sentence_demand_nothing(community: SearchEngine) -> None:
    assert search(community, 'why does the printer say "frozen banana" after a paper jam?')[0] == "1"


def test_a_japanese_phrase(community: SearchEngine) -> None:
    assert search(community, '"有効期限"') == ["5"]
    assert search(community, '"期限有効"') == []


def test_a_word_with_a_minus_is_left_out(community: SearchEngine) -> None:
    assert "1" in search(community, "printer")
    assert "1" not in search(community, "printer -jam")
    assert "90" in search(community, "printer -jam")


def test_a_minus_inside_a_word_is_no_operator(community: SearchEngine) -> None:
    assert "1" in search(community, "printer E-104")


def test_only_exclusions_are_words_like_any_other(community: SearchEngine) -> None:
    assert "3" in search(community, "-invoices")


def test_a_reader_of_one_language_still_finds_the_others(community: SearchEngine) -> None:
    assert search(community, "パスワード", reads=("en",)) == ["5"]
