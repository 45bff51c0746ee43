"""Intervals and p-values: seeded, bounded, and equal to what can be worked out exactly."""

import random
import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.evaluation.metrics import score
from search.evaluation.statistics import (
    Difference,
    Interval,
    intervals,
    paired_differences,
    randomisation_test,
    score_intervals,
)

figures = st.lists(st.floats(0, 1), min_size=1, max_size=25)


@settings(max_examples=40)
@given(figures)
def test_the_mean_lies_within_its_interval_and_the_interval_within_the_figures(values: list[float]) -> None:
    (found,) = intervals([[value] for value in values], resamples=50)
    assert found.low <= found.mean <= found.high
    assert min(values) - 1e-9 <= found.low
    assert found.high <= max(values) + 1e-9


@settings(max_examples=30)
@given(figures, st.randoms())
def test_the_order_of_queries_does_not_matter(values: list[float], rng: random.Random) -> None:
    shuffled = values.copy()
    rng.shuffle(shuffled)
    assert intervals([[each] for each in shuffled], resamples=30) == intervals(
        [[each] for each in values], resamples=30
    )


def test_equal_figures_leave_no_doubt() -> None:
    assert intervals([[0.3]] * 7, resamples=20) == [
        Interval(pytest.approx(0.3), pytest.approx(0.3), pytest.approx(0.3))
    ]


def test_nothing_measured_has_no_interval() -> None:
    assert intervals([]) == []
    assert score_intervals([]) == []


def test_the_same_seed_gives_the_same_interval_and_another_one_another() -> None:
    rows = [[value / 50] for value in range(50)]
    assert intervals(rows, resamples=100) == intervals(rows, resamples=100)
    assert intervals(rows, resamples=100) != intervals(rows, resamples=100, seed=7)


def test_columns_are_resampled_together() -> None:
    """Two equal columns have equal intervals: a query brings all its figures along."""
    rng = random.Random(3)
    first, second = intervals([[value, value] for value in (rng.random() for _ in range(40))], resamples=80)
    assert first == second


def test_the_interval_is_the_one_that_theory_gives() -> None:
    """Of 400 coins, half of them heads, 95 % of the means lie within .5 ± 1.96 · .025."""
    (found,) = intervals([[float(place % 2)] for place in range(400)])
    assert found.mean == 0.5
    assert found.low == pytest.approx(0.451, abs=0.006)
    assert found.high == pytest.approx(0.549, abs=0.006)


def test_more_queries_narrow_the_interval() -> None:
    few, many = (intervals([[float(place % 2)] for place in range(size)], resamples=300)[0] for size in (40, 640))
    assert (many.high - many.low) < (few.high - few.low) / 2


def test_no_difference_is_no_finding() -> None:
    assert randomisation_test([0.0] * 100) == 1.0
    assert randomisation_test([]) == 1.0


def test_a_few_differences_are_tried_exactly() -> None:
    """Five gains of the same size: of 32 ways to lay the signs two are as extreme."""
    assert randomisation_test([0.1] * 5 + [0.0] * 40) == pytest.approx(2 / 32)


@settings(max_examples=30)
@given(st.lists(st.integers(-20, 20), min_size=1, max_size=8))
def test_the_exact_test_is_the_definition(steps: list[int]) -> None:
    differences = [step / 10 for step in steps]
    moved = [each for each in steps if each]
    ways = [
        abs(sum(sign * each for sign, each in zip(signs, moved, strict=True)))
        for signs in product((1, -1), repeat=len(moved))
    ]
    expected = sum(way >= abs(sum(steps)) for way in ways) / len(ways) if moved else 1.0
    assert randomisation_test(differences) == pytest.approx(expected)


def test_many_differences_are_drawn_and_agree_with_theory() -> None:
    """30 gains and 10 losses of one size: the binomial sign test says .0022 (two-sided)."""
    found = randomisation_test([0.2] * 30 + [-0.2] * 10)
    assert found == pytest.approx(0.0022, abs=0.0015)
    assert found == randomisation_test([-0.2] * 10 + [0.2] * 30)


def test_a_p_value_is_never_nothing() -> None:
    found = randomisation_test([0.5] * 200, permutations=200)
    assert found == pytest.approx(1 / 201)
    assert Difference(Interval(0, 0, 0), 0.0004).p_label == "p < 0.001"
    assert Difference(Interval(0, 0, 0), 0.0456).p_label == "p = 0.046"


@settings(max_examples=20)
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=20))
def test_turning_the_comparison_round_keeps_the_p_value(differences: list[float]) -> None:
    turned = [-each for each in differences]
    assert randomisation_test(turned, permutations=100) == randomisation_test(differences, permutations=100)


def test_paired_differences_are_after_minus_before() -> None:
    before = [score([0, 1], [1]), score([1], [1]), score([], [1])]
    after = [score([1], [1]), score([1], [1]), score([0, 0, 1], [1])]
    found = paired_differences(before, after, resamples=50)
    assert [round(each.interval.mean, 4) for each in found][:2] == [round(1 / 3, 4), round(1 / 3, 4)]
    assert found[2].interval.mean == pytest.approx((0.5 + 0 + 1 / 3) / 3)
    assert all(each.interval.low >= 0 for each in found)


def test_two_thousand_queries_are_measured_in_seconds() -> None:
    rng = random.Random(5)
    scores = [score([0] * rng.randrange(11) + [1], [1]) for _ in range(2_000)]
    started = time.process_time()
    assert len(score_intervals(scores)) == 5
    assert time.process_time() - started < 10
