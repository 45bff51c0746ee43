"""What holds of any reading of a query: layouts, splits and joins, corrections put in."""

from hypothesis import given, settings
from hypothesis import strategies as st

from search.analyzers import exact
from search.engine import WordsKnown
from search.queries.layout import other_layouts, retyped
from search.queries.rewriting import (
    LEAST_SHARE,
    MOST_WORDS,
    SHORTEST_JOINED,
    Correction,
    QueryWords,
    corrected_text,
    rewrite,
    splits,
)
from search.queries.weights import MISSPELT

QUICK = settings(max_examples=60, deadline=None)
latin = st.text("abcdefghiklmnoprstu", min_size=2, max_size=9)
words = st.one_of(latin, st.text("абвгдежзиклмнопрст", min_size=2, max_size=9))
sentences = st.lists(words, min_size=1, max_size=6)


@given(words)
@QUICK
def test_every_way_to_split_a_word_gives_it_back(word: str) -> None:
    ways = splits(word)
    assert len(ways) == len(set(ways)) == max(0, len(word) - 3)
    for way in ways:
        first, second = way.split()
        assert first + second == word
        assert min(len(first), len(second)) >= 2


@given(st.lists(words, min_size=2, max_size=6))
@QUICK
def test_words_that_are_joined_stood_side_by_side(given_words: list[str]) -> None:
    typed = " ".join(given_words)
    for joined, of in QueryWords.of(typed).joins.items():
        assert joined == of.replace(" ", "")
        assert len(joined) >= SHORTEST_JOINED
        assert f" {of} " in f" {' '.join(exact(typed))} "


@given(st.lists(words, max_size=60))
@QUICK
def test_a_letter_pasted_in_is_looked_up_in_part(given_words: list[str]) -> None:
    query = QueryWords.of(" ".join(given_words))
    assert len(query.words) <= MOST_WORDS
    assert len(query.layouts) <= 2 * MOST_WORDS
    assert len(set(query.looked_up)) == len(query.looked_up)


@given(st.lists(latin, min_size=1, max_size=4))
@QUICK
def test_a_text_is_retyped_word_by_word(given_words: list[str]) -> None:
    for text in retyped(" ".join(given_words)):
        chunks = text.split()
        assert len(chunks) == len(given_words)
        for chunk, word in zip(chunks, given_words, strict=True):
            assert chunk in other_layouts(word)


@given(sentences)
@QUICK
def test_of_known_words_nothing_is_put_right(given_words: list[str]) -> None:
    query = QueryWords.of(" ".join(given_words))
    known = dict.fromkeys([*query.words, *exact(query.text)], 50)
    rewriting = rewrite(query, WordsKnown(known, {}, {}))
    assert rewriting.corrections == ()
    assert rewriting.corrected is None


@given(sentences)
@QUICK
def test_of_nothing_known_nothing_is_guessed(given_words: list[str]) -> None:
    rewriting = rewrite(QueryWords.of(" ".join(given_words)), WordsKnown({}, {}, {}))
    assert (rewriting.expansions, rewriting.corrections) == ((), ())


@given(latin, st.lists(st.tuples(latin, st.integers(1, 10_000)), max_size=8, unique_by=lambda each: each[0]))
@QUICK
def test_what_a_word_may_have_meant_shares_one_weight(word: str, near: list[tuple[str, int]]) -> None:
    query = QueryWords.of(word)
    rewriting = rewrite(query, WordsKnown({}, {}, {each: tuple(near) for each in query.words}))
    meant = [each for each in rewriting.expansions if each.kind in ("spelling", "split")]
    assert sum(each.weight for each in meant) <= MISSPELT + 0.01
    assert [each.weight for each in meant] == sorted((each.weight for each in meant), reverse=True)
    assert all(each.weight >= MISSPELT * LEAST_SHARE - 0.001 for each in meant)
    assert {each.text for each in meant} <= {text for text, _documents in near}
    for correction in rewriting.corrections:
        assert correction.typed in query.words
        assert correction.meant == meant[0].text, "the reader is told of the likeliest"


@given(sentences, st.data())
@QUICK
def test_a_correction_moves_nothing_but_its_word(given_words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(given_words))
    blanks = data.draw(st.sampled_from([" ", "  ", ", ", " - "]))
    typed = blanks.join(given_words)
    put_right = corrected_text(typed, [Correction(word, "zzz")])
    assert put_right.split(blanks) == ["zzz" if each == word else each for each in given_words]


@given(latin, st.sampled_from([str.upper, str.title, str.lower]))
@QUICK
def test_a_correction_is_written_as_the_word_was(word: str, form) -> None:
    shown = corrected_text(f"my {form(word)}!", [Correction(word, "password")])
    assert shown == f"my {form('password')}!"


@given(sentences)
@QUICK
def test_corrections_of_other_words_leave_a_text_to_the_letter(given_words: list[str]) -> None:
    typed = "  ".join(given_words)
    assert corrected_text(typed, [Correction("wxyz", "x"), Correction("w.*", "x")]) == typed
    assert corrected_text(typed, []) == typed


def test_a_stretch_is_put_right_by_its_letters_and_not_as_a_pattern() -> None:
    assert corrected_text("a.c abc", [Correction("a.c", "сфс")]) == "сфс abc"
