"""Suggestions, similar questions and corrections, on every engine."""

import pytest

from search.documents import SimilarRequest
from search.engine import SearchEngine
from tests.search.contract.asking import similar, suggest


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("p", None),
        ("pass", "2"),
        ("how do I res", "2"),
        ("reset pass", "2"),
        ("PRINTER sho", "1"),
        ("E-1", "1"),
        ("принт", "4"),
        ("паролx", ""),
        ("パスワ", "5"),
        ("紙詰", "6"),
        ("كلم", "7"),
        ("الطابع", "8"),
    ],
)
def test_suggestions_begin_with_what_was_typed(community: SearchEngine, typed: str, first: str | None) -> None:
    found = suggest(community, typed)
    if first is None:
        assert found
    else:
        assert found[:1] == ([first] if first else [])


@pytest.mark.parametrize("typed", ["", "   ", "?!", "«»"])
def test_nothing_typed_suggests_nothing(community: SearchEngine, typed: str) -> None:
    assert suggest(community, typed) == []


def test_suggestions_keep_to_their_types_and_limit(community: SearchEngine) -> None:
    assert suggest(community, "p", types=("article",)) == ["90"]
    assert len(suggest(community, "p", limit=1)) == 1


def test_one_wrong_word_of_three_still_suggests(community: SearchEngine) -> None:
    assert "2" in suggest(community, "reset forgotten passwort")


def test_similar_questions_share_the_telling_words(community: SearchEngine) -> None:
    found = similar(
        community, "My printer displays E-104", body="There was a jam and I removed the paper.", language="en"
    )
    assert found[0] == "1"


@pytest.mark.parametrize(
    ("title", "language", "first"),
    [
        ("Принтер перестал печатать", "ru", "4"),
        ("プリンターで印刷できない", "ja", "6"),
        ("نسيت كلمة المرور", "ar", "7"),
        ("Druckwerk einstellen", None, "13"),
    ],
)
def test_similar_works_in_each_language(community: SearchEngine, title: str, language: str | None, first: str) -> None:
    assert similar(community, title, language=language)[:1] == [first]


def test_similar_leaves_the_question_itself_out(community: SearchEngine) -> None:
    title = "How do I reset a forgotten password?"
    assert similar(community, title)[0] == "2"
    assert "2" not in similar(community, title, exclude=(("question", "2"),))


def test_similar_keeps_to_types_and_limit(community: SearchEngine) -> None:
    assert similar(community, "printer paper", types=("article",)) == ["90"]
    assert len(similar(community, "printer paper", limit=1)) == 1


@pytest.mark.parametrize("title", ["", "!!!", "xylophone quux"])
def test_similar_to_nothing_known_is_nothing(community: SearchEngine, title: str) -> None:
    assert community.similar(SimilarRequest(title=title)).found == ()


def test_similar_takes_a_whole_page_of_text(community: SearchEngine) -> None:
    body = "The printer in our office has had a paper jam. " * 2_000
    assert similar(community, "Printer trouble", body=body)[0] in {"1", "90"}
