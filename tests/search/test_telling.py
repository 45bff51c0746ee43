"""What the terms of a query tell: rarity, how often they are said, and how a long query is shortened."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analyzers import stems
from search.documents import SearchRequest
from search.fields import Terms, opening
from search.queries import weights
from search.queries.plan import SearchPlan
from search.queries.telling import (
    LONGEST_PIECES,
    LONGEST_QUERY,
    MOST_WORDS_IN_PIECES,
    TellingTerms,
    rarity,
    telling,
    telling_pieces,
    worth,
)


def found_in(**documents: int) -> Callable[[str], int]:
    return lambda term: documents.get(term, 0)


def test_a_rarer_term_tells_more() -> None:
    assert rarity(1, 1000) > rarity(10, 1000) > rarity(900, 1000) > 0
    assert rarity(12, 10) == rarity(10, 10)


def test_the_rarest_term_weighs_one_and_the_others_by_the_power_of_their_share() -> None:
    found = telling({"common": 1, "rare": 1}, found_in(common=500, rare=2), 1000)
    assert list(found) == ["common", "rare"]
    assert found["rare"] == 1.0
    assert found["common"] == pytest.approx((rarity(500, 1000) / rarity(2, 1000)) ** weights.RARITY_POWER)


def test_rarity_counts_for_less_where_words_are_cut_without_spaces() -> None:
    documents = {"印刷": 500, "紙詰まり": 2}
    found = telling(dict.fromkeys(documents, 1), lambda term: documents[term], 1000)
    share = rarity(500, 1000) / rarity(2, 1000)
    assert found["印刷"] == pytest.approx(share**weights.RARITY_POWER_OF_RUNS)
    plan = SearchPlan.of(SearchRequest(text="印刷と紙詰まり paper"))
    weighed = plan.weighed(plan.stems, lambda field, term: 1 + len(term), 1000)
    # Pairs of characters are no words: all weigh the same.
    assert {weight for term, weight in weighed.exact.items() if term != "paper"} == {1.0}


def test_a_word_said_again_and_again_tells_more() -> None:
    found = telling({"once": 1, "often": 4}, found_in(once=5, often=5), 100)
    assert found["often"] == 1.0
    assert found["once"] < 1.0


def test_unknown_terms_are_left_out_unless_there_are_no_others() -> None:
    assert telling({"known": 1, "unknown": 1}, found_in(known=3), 10) == {"known": 1.0}
    assert telling({"unknown": 1, "other": 2}, found_in(), 10) == {"unknown": 1.0, "other": 1.0}
    assert telling({}, found_in(), 10) == {}


def test_a_pasted_letter_is_shortened_to_its_rarest_words() -> None:
    letter = {f"w{number}": 1 for number in range(300)}
    found = telling(letter, lambda term: 1 + int(term[1:]), 1000)
    assert list(found) == [f"w{number}" for number in range(LONGEST_QUERY)]


def test_pieces_that_many_documents_hold_are_left_out() -> None:
    found = telling_pieces(["cable"], found_in(_cab=2, cabl=900, able=3), 1000)
    assert set(found) == {"_cab", "able"}
    # In a handful of documents nothing is common yet.
    assert telling_pieces(["cable"], found_in(cabl=3), 3).keys() == {"cabl"}


def test_long_queries_have_no_pieces_and_short_ones_not_too_many() -> None:
    words = [f"extraordinarily{number}" for number in range(MOST_WORDS_IN_PIECES)]
    assert len(telling_pieces(words, lambda term: 1, 100)) == LONGEST_PIECES
    assert telling_pieces([*words, "more"], lambda term: 1, 100) == {}


def test_terms_are_worth_their_rarity_by_their_weight() -> None:
    assert worth({"a": 1.0, "b": 0.5, "c": 1.0}, found_in(a=1, b=1), 10) == pytest.approx(1.5 * rarity(1, 10))
    assert TellingTerms.unweighed(["a"], ["a"]).worth == 0.0


@given(
    st.dictionaries(st.text(min_size=1, max_size=5), st.integers(1, 50), max_size=60),
    st.integers(0, 400),
)
def test_weights_are_shares_of_the_heaviest(counts: dict[str, int], documents: int) -> None:
    found = telling(counts, lambda term: len(term) * 7 % (documents + 1), documents)
    assert len(found) <= LONGEST_QUERY
    assert all(0 < weight <= 1 for weight in found.values())
    assert not found or max(found.values()) == 1.0


def test_a_text_opens_with_whole_words() -> None:
    assert opening("  short \n") == "short"
    text = "word " * 100
    assert opening(text) == ("word " * 50).strip()
    assert len(opening("質問です。" * 100)) == 80
    assert opening("x" * 400) == "x" * 250


@pytest.mark.parametrize(
    "text", ["The scanner stops. " * 40, "short text", "", "紙が詰まりました。印刷できません。" * 20]
)
def test_the_stems_of_an_opening_are_the_first_ones_of_the_text(text: str) -> None:
    terms = Terms.of(text, None)
    assert terms.opening == terms.stems[: len(terms.opening)]
    assert set(stems(opening(text))) <= set(terms.opening)
    assert len(terms.opening) <= len(terms.stems)
    assert len(text) < 300 or len(terms.opening) < len(terms.stems) / 2
