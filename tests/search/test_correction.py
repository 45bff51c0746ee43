"""Which known words a misspelt one may have been meant to be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.queries.correction import (
    MOST_CANDIDATES,
    distance,
    further_words,
    is_correctable,
    likelihood,
    near_forms,
    near_words,
    one_error_away,
    ranked,
)

QUICK = settings(max_examples=40, deadline=None)
LETTERS = st.text(alphabet="abcdeпринтеطابعパスワー", max_size=8)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [("", "", 0), ("a", "", 1), ("abc", "abc", 0), ("abc", "acb", 1), ("printer", "pritner", 1), ("abcd", "badc", 2),
     ("kitten", "sitting", 3)],
)  # fmt: skip
def test_distances(left: str, right: str, expected: int) -> None:
    assert distance(left, right, 5) == expected


@given(st.text(max_size=8), st.text(max_size=8))
@QUICK
def test_a_distance_is_the_same_both_ways_and_zero_only_for_equals(left: str, right: str) -> None:
    assert distance(left, right, 20) == distance(right, left, 20)
    assert (distance(left, right, 20) == 0) == (left == right)
    assert distance(left, right, 20) <= max(len(left), len(right))


@given(st.text(max_size=8), st.text(max_size=8), st.integers(0, 3))
@QUICK
def test_a_distance_beyond_the_limit_is_only_known_to_be_beyond(left: str, right: str, limit: int) -> None:
    whole = distance(left, right, 20)
    assert distance(left, right, limit) == (whole if whole <= limit else limit + 1)


@given(LETTERS)
@QUICK
def test_what_is_made_at_one_error_is_at_one_error_at_most(word: str) -> None:
    assert {distance(word, near, 3) for near in one_error_away(word)} <= {0, 1}


@given(st.sampled_from(["printer", "принтер", "طابعه", "パスワード"]), st.data())
@QUICK
def test_every_error_within_an_alphabet_can_be_undone(word: str, data: st.DataObject) -> None:
    misspelt = data.draw(st.sampled_from(sorted(set(one_error_away(word)))))
    assert word == misspelt or word in set(one_error_away(misspelt))


@given(LETTERS, LETTERS)
@QUICK
def test_a_likelihood_is_never_negative_and_nothing_beyond_two_errors(typed: str, meant: str) -> None:
    weight = likelihood(typed, meant)
    assert weight >= 0
    assert weight == 0 or distance(typed, meant, 2) in (1, 2)


@pytest.mark.parametrize(
    ("typed", "likelier", "less"),
    [
        ("pronter", "printer", "pranter"),  # o lies beside i, not beside a
        ("принтнр", "принтер", "принтур"),
        ("cabel", "cable", "camel"),  # two letters swapped
        ("leter", "letter", "later"),  # a letter written once instead of twice
        ("rrinter", "printer", "printers"),
        ("xprinter", "printer", "yprinter"),
        ("tables", "cables", "cxbles"),
        ("frorm", "form", "brorm"),
        ("passwprd", "password", "passwxrd"),
    ],
)
def test_likelier_errors_weigh_more(typed: str, likelier: str, less: str) -> None:
    assert likelihood(typed, likelier) > likelihood(typed, less)


def test_the_more_frequent_word_is_likelier() -> None:
    assert ranked("cablez", [("cables", 9), ("cabley", 1)])[0] == ("cables", 9)
    assert ranked("cablez", [("cables", 0), ("zebra", 99), ("cablez", 5)]) == []


@pytest.mark.parametrize("word", ["cat", "e104", "", "wi-fi", "x" * 33, "印刷機械工"])
def test_short_words_codes_and_han_are_taken_as_they_are(word: str) -> None:
    assert not is_correctable(word)
    assert near_words(word, lambda near: 1) == further_words(word, lambda start: [("cats", 5)]) == []


def looked_up(word: str, known: dict[str, int]) -> list[str]:
    """The words near to ``word`` among ``known``."""

    def starting_with(start: str) -> list[tuple[str, int]]:
        return [pair for pair in known.items() if pair[0].startswith(start)]

    near = near_words(word, lambda each: known.get(each, 0)) or further_words(word, starting_with)
    return [each for each, _ in near]


def test_a_form_of_a_known_stem_is_near_though_no_document_holds_it() -> None:
    assert near_forms("المرعكه", "مرعك", lambda stem: 5 * (stem == "معرك")) == [("المعركه", "معرك")]
    assert near_forms("happily", "happili", lambda stem: 5) == []


KNOWN = {"printer": 4, "sprinter": 1, "invoices": 3, "принтер": 2, "طابعه": 2, "パスワード": 5, "management": 7}


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("rpinter", "printer"),
        ("pprinter", "printer"),
        ("rinter", "printer"),
        ("orinter", "printer"),
        ("принтир", "принтер"),
        ("طابغه", "طابعه"),
        ("パソワード", "パスワード"),
        ("パスワドー", "パスワード"),
        ("managmnet", "management"),
        ("invocies", "invoices"),
    ],
)
def test_the_word_that_was_meant_comes_first(word: str, first: str) -> None:
    assert looked_up(word, KNOWN)[:1] == [first]


@pytest.mark.parametrize("word", ["printer", "zebras", "prxxter", "manxgmxnt", "printers104"])
def test_nothing_is_near_where_nothing_is(word: str) -> None:
    assert "management" not in looked_up(word, KNOWN)
    assert "invoices" not in looked_up(word, KNOWN)


def test_candidates_are_few() -> None:
    known = {f"printe{letter}": 3 for letter in "abcdefghijklmnopqrstuvwxyz"}
    assert len(looked_up("printex", known)) == 2 * MOST_CANDIDATES
