"""Any text of any script, with any signs, gives an answer and never an error, on every engine."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import SearchRequest, SimilarRequest, SuggestRequest
from search.engine import SearchEngine

OPERATORS = st.text(alphabet="\"-+*?:()[]{}/\\~^&|!<>=@#$%'`«»“”„ abжあع١", max_size=60)
PIECES = st.sampled_from(
    ["topic:a", "-topic:", 'author:"b c', "is:open,x", "-is:accepted", "answers:>9", "answers:..", "before:0001",
     "after:9999", "-before:2026", "lang:\u202e", "тема：б", "product:\ud800", "answers:<0", "http://a:1",
     "C:\\", '"', "-", ":", "word"]
)  # fmt: skip
ANY_TEXT = st.one_of(st.text(max_size=120), OPERATORS, st.lists(PIECES, max_size=6).map(" ".join))
QUICK = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@given(text=ANY_TEXT)
@QUICK
def test_any_text_can_be_searched(community: SearchEngine, text: str) -> None:
    result = community.search(SearchRequest(text=text, reads=("ja", "en")))
    assert 0 <= len(result.found) <= result.total


@given(text=ANY_TEXT)
@QUICK
def test_any_text_can_be_suggested_for(community: SearchEngine, text: str) -> None:
    assert len(community.suggest(SuggestRequest(text=text)).found) <= 8


@given(title=ANY_TEXT, body=ANY_TEXT)
@QUICK
def test_any_text_can_have_similar_questions(community: SearchEngine, title: str, body: str) -> None:
    assert len(community.similar(SimilarRequest(title=title, body=body)).found) <= 5


@given(words=st.lists(ANY_TEXT, max_size=4))
@QUICK
def test_any_words_can_be_looked_up(community: SearchEngine, words: list[str]) -> None:
    known = community.words(words, [*words, " ".join(words)], ["public"])
    assert set(known.near) <= set(words) <= set(known.documents)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "word " * 20_000,
        "あ" * 50_000,
        '"' * 5_000,
        "- " * 5_000,
        "\x00\x01\x02",
        "\ud800\udfff",
        "🖨️ 💥",
        "\u202eتم\u202c",
        "a\u0300\u0301\u0302" * 500,
        "[[[((((",
        "title:printer OR *:*",
        "{{ 7*7 }} <script>",
        "AND OR NOT",
        "\\",
        "/.*/",
        "printer~2^4",
    ],
)
def test_hard_texts(community: SearchEngine, text: str) -> None:
    assert community.search(SearchRequest(text=text)).total >= 0
    assert community.suggest(SuggestRequest(text=text)).total >= 0
    assert community.similar(SimilarRequest(title=text, body=text)).total >= 0


@pytest.mark.parametrize("text", ["printer*", "printer?", "printer~", "(printer)", "printer:", "+printer", "printer)"])
def test_signs_around_a_word_do_not_hide_it(community: SearchEngine, text: str) -> None:
    assert "1" in [found.document.id for found in community.search(SearchRequest(text=text)).found]
