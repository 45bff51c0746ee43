"""Pairs of characters without sense, and the pairs that may have been meant."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analyzers import exact
from search.analyzers.pieces import gap_pairs, is_telling, over_gap
from search.documents import SearchRequest
from search.queries.mending import MOST_MEANT, MeantPair, pairs_meant, telling_pairs
from search.queries.plan import SearchPlan

QUICK = settings(max_examples=40, deadline=None)
JAPANESE = st.text(alphabet="信長弟城東ヨハネスのはがー、 a", max_size=30)


def meant(typed: str, known: dict[str, int], documents: int = 1_000) -> set[str]:
    """What a text may stand for in documents that have these pairs."""
    return {term for _, term in telling_pairs(pairs_meant(typed), lambda field, term: known.get(term, 0), documents)}


def gaps(text: str) -> set[str]:
    """The pairs over a gap that a document with a text has."""
    return set(gap_pairs(exact(text)))


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("長信の弟", "信長"),
        ("一は茶の父", "一茶"),
        ("本け種の産卵", "本種"),
        ("弥兵衛の母", "弥_兵"),
        ("松わ市の図書館", "松_市"),
        ("ヨネス五世", "ヨ_ネ"),
        ("被害の形奇", "奇形"),
    ],
)
def test_a_pair_without_sense_stands_for_one_that_documents_have(typed: str, right: str) -> None:
    assert right in meant(typed, {right: 3})


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("信長の弟", {"信長": 5, "長信": 90, "信_長": 90}),
        ("長信の弟", {"長信": 1, "信長": 19}),
        ("発やさ", {"さや": 9, "発_さ": 9, "発さ": 9}),
        ("which password", {"hw": 9}),
        ("日日", {"日日": 0, "日_日": 9}),
        ("", {"信長": 3}),
    ],
)
def test_what_documents_have_or_hiragana_spell_stays(typed: str, known: dict[str, int]) -> None:
    assert meant(typed, known) == set()


def test_a_pair_that_a_few_have_stands_for_one_of_twenty_times_as_many() -> None:
    assert meant("長信", {"長信": 1, "信長": 20}) == {"信長"}


def test_of_many_pairs_the_rarest_are_asked() -> None:
    typed = "".join(chr(0x4E00 + number) for number in range(60))
    known = {second + first: place + 1 for place, (first, second) in enumerate(pairwise(typed))}
    found = meant(typed, known)
    assert found == {term for term, documents in known.items() if documents <= MOST_MEANT}


def test_pairs_over_a_gap_are_of_one_run_and_leave_hiragana_out() -> None:
    assert gaps("弥五兵衛の母") == {"弥_兵", "五_衛", "衛_母"}
    assert gaps("弥五 兵衛") == set()
    assert gaps("printer cable") == set()
    assert gaps("ヨハネス") == {"ヨ_ネ", "ハ_ス"}


def test_words_as_typed_are_taken_as_typed() -> None:
    assert SearchPlan.of(SearchRequest(text="長信")).meant
    assert SearchPlan.of(SearchRequest(text="長信", literal=True)).meant == ()
    assert SearchPlan.of(SearchRequest(text="forgotten password")).meant == ()


@given(JAPANESE, st.integers(0, 29))
@QUICK
def test_a_character_left_out_or_wrong_meets_the_gap_in_the_documents(text: str, place: int) -> None:
    """Whatever is between two telling characters: without it, they ask for the gap that the right text has."""
    run = "".join(char for char in text if char not in "、 a")
    if not 0 < place < len(run) - 1:
        return
    first, second = run[place - 1], run[place + 1]
    if not (is_telling(first) and is_telling(second)) or first == second:
        return
    wanted = over_gap(first, second)
    assert wanted in gaps(run)
    for wrong in (run[:place] + run[place + 1 :], f"{run[:place]}鬱{run[place + 1 :]}"):
        assert any(pair.term == wanted for pair in pairs_meant(wrong))


@given(st.text(max_size=80))
@QUICK
def test_any_text_has_its_pairs(text: str) -> None:
    for pair in pairs_meant(text):
        assert isinstance(pair, MeantPair)
        assert pair.field in ("text_x", "text_o")
        assert all(len(typed) == 2 for typed in pair.typed)
