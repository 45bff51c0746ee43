"""Which of several matching documents comes first, on every engine."""

from dataclasses import replace
from datetime import timedelta

import pytest

from search.documents import SearchDocument
from search.engine import SearchEngine
from tests.search.conftest import fill
from tests.search.contract.asking import search, suggest
from tests.search.documents import START, question

FILLER = [
    *(question(100 + n, f"Something else number {n}", "Not about it at all.") for n in range(5)),
    *(question(200 + n, f"別の質問{n}", "関係のない内容です。", "ja") for n in range(5)),
]


def first_of(engine: SearchEngine, text: str, *documents: SearchDocument, **fields: object) -> str:
    """The id that comes first when these documents and some others are searched."""
    fill(engine, *documents, *FILLER)
    return search(engine, text, **fields)[0]


def test_the_language_read_decides_between_equals(engine: SearchEngine) -> None:
    english = question(1, "ERR_17", "ERR_17 ERR_17", "en")
    japanese = question(2, "ERR_17", "ERR_17 ERR_17", "ja")
    assert first_of(engine, "ERR_17", english, japanese, reads=("ja",)) == "2"
    assert search(engine, "ERR_17", reads=("en",))[0] == "1"
    assert search(engine, "ERR_17", reads=("ja", "en"))[0] == "2"


def test_a_word_in_the_title_counts_more_than_in_the_body(engine: SearchEngine) -> None:
    in_title = question(1, "Firmware update fails", "It stops at one half.")
    in_body = question(2, "It stops at one half", "Firmware update fails.")
    assert first_of(engine, "firmware", in_title, in_body) == "1"


def test_the_word_as_written_counts_more_than_another_form(engine: SearchEngine) -> None:
    plural = question(1, "Cables", "About long cables here.")
    singular = question(2, "Cable", "About long cable here.")
    assert first_of(engine, "cables", plural, singular) == "1"
    assert search(engine, "cable")[0] == "2"


@pytest.mark.parametrize(
    "better",
    [{"accepted": True}, {"official": True}, {"score": 40}],
    ids=["accepted", "official", "voted for"],
)
def test_what_is_known_of_a_document_decides_between_equals(engine: SearchEngine, better: dict[str, object]) -> None:
    plain = question(1, "Firmware update fails", "It stops at one half.")
    assert first_of(engine, "firmware fails", plain, replace(plain, id="2", **better)) == "2"


@pytest.mark.parametrize(
    "worse",
    [{"status": "obsolete"}, {"obsolete": True}, {"score": -6}],
    ids=["obsolete", "outdated answers", "voted down"],
)
def test_what_is_known_to_be_worse_comes_last(engine: SearchEngine, worse: dict[str, object]) -> None:
    plain = question(2, "Firmware update fails", "It stops at one half.")
    fill(engine, replace(plain, id="1", **worse), plain, *FILLER)
    assert search(engine, "firmware fails") == ["2", "1"]


def test_what_was_changed_years_later_leads_but_not_over_the_better_text(engine: SearchEngine) -> None:
    old = question(1, "Firmware update fails", "It stops at one half.", score=2)
    new = replace(old, id="2", score=1, updated_at=START + timedelta(days=365 * 8))
    assert first_of(engine, "firmware fails", old, new) == "2"
    newest = question(3, "Firmware", "A list of versions.", updated_at=START + timedelta(days=365 * 30))
    assert first_of(engine, "firmware fails", newest) == "2"
    assert search(engine, "firmware fails")[:3] == ["2", "1", "3"]


def test_votes_do_not_outweigh_the_better_text(engine: SearchEngine) -> None:
    right = question(1, "Firmware update fails at half", "The firmware update fails at half of the way.")
    popular = question(2, "Update of the price list", "Prices update on Monday.", score=5_000)
    assert first_of(engine, "firmware update fails", right, popular) == "1"


def test_more_of_the_query_s_words_come_first(engine: SearchEngine) -> None:
    one = question(1, "Battery", "A battery.")
    two = question(2, "Battery swelling", "A swelling battery.")
    assert first_of(engine, "battery swelling", one, two) == "2"


def test_whole_words_are_suggested_before_beginnings(engine: SearchEngine) -> None:
    fill(engine, question(1, "Scanner settings explained"), question(2, "Scan settings explained"), *FILLER)
    assert suggest(engine, "scan") == ["2", "1"]


def test_newest_orders_by_the_second(engine: SearchEngine) -> None:
    moments = [replace(question(n, "Same day"), created_at=START + timedelta(seconds=n)) for n in (2, 3, 1)]
    fill(engine, *moments)
    assert search(engine, "", sort="newest") == ["3", "2", "1"]


HARDLY = question(31, "店の営業時間", "営業時間のupdateは毎週月曜です。" + "関係のない長い説明です。" * 30, "ja")


def test_languages_read_lead_although_others_hold_more(engine: SearchEngine) -> None:
    english = question(1, "The scanner shows E-104", "Since Monday the scanner shows E-104 and stops.", "en")
    japanese = question(2, "スキャナーのエラー", "スキャナーにE-104と表示されます。", "ja")
    assert first_of(engine, "E-104", english, japanese, reads=("ja",)) == "2"
    assert first_of(engine, "E-104", english, japanese, reads=("en", "ja")) == "1"


def test_what_hardly_touches_the_query_does_not_lead_by_its_language(engine: SearchEngine) -> None:
    english = question(1, "Scanner firmware update stops at E-104", "The firmware update of the scanner stops.", "en")
    asked = "scanner firmware update stops E-104"
    assert first_of(engine, asked, english, HARDLY, reads=("ja",)) == "1"
    assert search(engine, asked, reads=("ja",))[:2] == ["1", "31"]
