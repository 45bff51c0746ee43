"""Intervals of shares and of their differences, against published figures and by simulation."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.analytics.proportions import difference, wilson

counts = st.integers(1, 500).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


@pytest.mark.parametrize(
    ("first", "other", "low", "high"),
    [  # Newcombe (1998), table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_published_examples(first, other, low, high):
    found = difference(*first, *other)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)
    assert found.estimate == pytest.approx(first[0] / first[1] - other[0] / other[1])


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_of_one_share(successes, trials, low, high):
    """Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3."""
    found = wilson(successes, trials)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (-1, 5), (6, 5)])
def test_what_is_no_share(successes, trials):
    with pytest.raises(ValueError, match="is no share"):
        wilson(successes, trials)


@given(counts, counts)
def test_it_holds_the_estimate_and_stays_in_bounds(first, other):
    found = difference(*first, *other)
    assert -1 <= found.low <= found.estimate + 1e-12
    assert found.estimate - 1e-12 <= found.high <= 1


@given(counts, counts)
def test_turned_round_it_is_its_own_opposite(first, other):
    one, turned = difference(*first, *other), difference(*other, *first)
    assert one.low == pytest.approx(-turned.high, abs=1e-12)


@given(counts)
def test_the_same_twice_is_no_difference(share):
    found = difference(*share, *share)
    assert found.low <= 0 <= found.high


@given(counts, counts)
def test_ten_times_as_many_make_it_narrower(first, other):
    few, many = difference(*first, *other), difference(*(10 * n for n in first), *(10 * n for n in other))
    assert many.high - many.low <= few.high - few.low + 1e-12


@pytest.mark.parametrize(
    ("with_suggestions", "without", "visitors", "held"),
    [(0.42, 0.30, 950, 50), (0.42, 0.42, 950, 50), (0.08, 0.05, 300, 60), (0.9, 0.7, 1900, 100)],
)
def test_it_covers_the_truth_about_95_times_in_100(with_suggestions, without, visitors, held):
    chance = random.Random(20261122)
    covered, rounds = 0, 1500

    def drawn(share, number):
        return sum(chance.random() < share for _each in range(number))

    for _round in range(rounds):
        found = difference(drawn(with_suggestions, visitors), visitors, drawn(without, held), held)
        covered += found.low <= with_suggestions - without <= found.high
    assert 0.93 <= covered / rounds <= 0.975
