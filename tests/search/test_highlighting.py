"""Marks in titles and excerpts: the right words, and no markup carried through."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlighting import EXCERPT_LENGTH, SCANNED_LENGTH, Highlighter
from search.queries.parsing import query_stems


def highlighter(query: str, *reads: str) -> Highlighter:
    return Highlighter.for_text(query, query_stems(query, reads))


@pytest.mark.parametrize(
    ("query", "title", "marked"),
    [
        ("printer", "My Printers jam", "My <mark>Printers</mark> jam"),
        ("e104", "Error E-104 again", "Error <mark>E-104</mark> again"),
        ("E-104", "Error E-104 and E-105", "Error <mark>E-104</mark> and <mark>E-105</mark>"),
        ("принтеры", "Принтер не печатает", "<mark>Принтер</mark> не печатает"),
        ("елка", "Ёлка мигает", "<mark>Ёлка</mark> мигает"),
        ("كلمات المرور", "كيف أعيد كلمةَ المرور؟", "كيف أعيد <mark>كلمةَ</mark> <mark>المرور</mark>؟"),
        ("パスワード", "パスワードを忘れた", "<mark>パスワード</mark>を忘れた"),
        ("設定の方法", "再設定方法", "再<mark>設定</mark><mark>方法</mark>"),
        ("naive", "A naïve question", "A <mark>naïve</mark> question"),
        ("how do I", "How do I do it", "How do I do it"),
        ("", "Anything", "Anything"),
        ("&", "Q & A <b>", "Q &amp; A &lt;b&gt;"),
    ],
)
def test_titles(query: str, title: str, marked: str) -> None:
    assert highlighter(query).title(title) == marked


def test_the_excerpt_is_where_most_of_the_words_are() -> None:
    text = (
        "A cable. "
        + "Nothing of interest here. " * 40
        + "The cable and the sensor and the cover broke. "
        + "Nothing. " * 90
    )
    excerpt = highlighter("cable sensor cover").excerpt((text,), "en")
    for word in ("cable", "sensor", "cover"):
        assert f"<mark>{word}</mark>" in excerpt
    assert excerpt.startswith("… ")
    assert excerpt.endswith(" …")


def test_the_excerpt_comes_from_the_text_that_answers_best() -> None:
    excerpt = highlighter("sensor cover").excerpt(("About a sensor only.", "Clean the sensor under the cover."), "en")
    assert excerpt == "Clean the <mark>sensor</mark> under the <mark>cover</mark>."


def test_without_a_match_the_excerpt_is_the_opening() -> None:
    text = "It begins here. " + "And goes on. " * 60
    excerpt = highlighter("xylophone").excerpt(("", text), "en")
    assert excerpt.startswith("It begins here.")
    assert excerpt.endswith(" …")
    assert len(excerpt) <= EXCERPT_LENGTH + 2


@pytest.mark.parametrize("texts", [(), ("",), ("   ", "\n")])
def test_nothing_gives_an_empty_excerpt(texts: tuple[str, ...]) -> None:
    assert highlighter("word").excerpt(texts, None) == ""


def test_a_short_text_is_its_own_excerpt() -> None:
    assert highlighter("moon").excerpt(("The moon rises.",), "en") == "The <mark>moon</mark> rises."


def test_a_long_japanese_text_is_cut() -> None:
    text = "前置きの文章です。" * 60 + "紙詰まりを直します。" + "後書きの文章です。" * 60
    excerpt = highlighter("紙詰まり").excerpt((text,), "ja")
    assert "<mark>紙" in excerpt
    assert len(re.sub("<.*?>", "", excerpt)) <= EXCERPT_LENGTH + 4


def test_a_very_long_text_is_looked_at_only_in_part() -> None:
    text = "filler " * SCANNED_LENGTH + "needle"
    assert "<mark>" not in highlighter("needle").excerpt((text,), "en")


def test_words_of_the_reader_s_language_are_marked_in_its_documents() -> None:
    assert highlighter("Häuser", "de").excerpt(("Das Haus steht.",), "de") == "Das <mark>Haus</mark> steht."


MARKUP = st.text(alphabet="<>&\"'/=abm rkscipt", max_size=80)


def plain(html: str) -> str:
    """The text behind marked HTML; fails on any tag but ``<mark>``."""
    assert set(re.findall(r"<[^>]*>?", html)) <= {"<mark>", "</mark>"}
    assert html.count("<mark>") == html.count("</mark>")
    without = html.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in without
    assert ">" not in without
    return unescape(without)


@given(query=st.one_of(st.text(max_size=40), MARKUP), title=st.one_of(st.text(max_size=80), MARKUP))
def test_no_title_carries_markup_through_and_none_loses_text(query: str, title: str) -> None:
    assert plain(highlighter(query).title(title)) == unescape(unescape_once(title))


def unescape_once(text: str) -> str:
    """Escaping and unescaping gives the text back, whatever it held."""
    from html import escape

    return unescape(escape(text)) if "&" not in text else escape(text)


@given(query=st.one_of(st.text(max_size=40), MARKUP), body=st.one_of(st.text(max_size=900), MARKUP))
def test_no_excerpt_carries_markup_through(query: str, body: str) -> None:
    excerpt = plain(highlighter(query).excerpt((body, "answer"), "en"))
    assert excerpt.strip("… ").strip() in body or excerpt == "answer"


@given(words=st.lists(st.sampled_from(["cable", "sensor", "lamp", "moon"]), min_size=1, max_size=200))
def test_what_the_query_asks_is_marked_in_the_excerpt(words: list[str]) -> None:
    text = " ".join(words)
    assert f"<mark>{words[0]}</mark>" in highlighter(words[0]).excerpt((text,), "en")
