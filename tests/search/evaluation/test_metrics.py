"""The measures: against values worked out by hand, and what must hold of any list."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evaluation import metrics

grades = st.lists(st.integers(-1, 3), max_size=15)


@st.composite
def answers(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """What was found, and all grades: some judged documents were found, among others that nobody judged."""
    judged = draw(grades)
    found = draw(st.permutations([*judged[: draw(st.integers(0, len(judged)))], *[0] * draw(st.integers(0, 8))]))
    return list(found), judged


def test_a_hit_is_a_relevant_document_within_the_depth() -> None:
    assert metrics.hit([0, 0, 1], depth=3) == 1.0
    assert metrics.hit([0, 0, 1], depth=2) == 0.0
    assert metrics.hit([], depth=5) == 0.0


def test_a_negative_grade_is_no_relevant_document() -> None:
    assert metrics.hit([-1], depth=1) == 0.0
    assert metrics.reciprocal_rank([-1, 1]) == 0.5
    assert metrics.recall([-1], [-1, 1]) == 0.0


def test_reciprocal_ranks_by_hand() -> None:
    assert metrics.reciprocal_rank([1, 0]) == 1.0
    assert metrics.reciprocal_rank([0, 0, 0, 2]) == 0.25
    assert metrics.reciprocal_rank([0] * 10 + [1]) == 0.0


def test_ndcg_of_the_paper_s_formula_by_hand() -> None:
    # Found: 3, 2, 3, 0, 1, 2. Ideal: 3, 3, 2, 2, 1.
    gain = 3 + 2 / math.log2(3) + 3 / 2 + 0 + 1 / math.log2(6) + 2 / math.log2(7)
    best = 3 + 3 / math.log2(3) + 2 / 2 + 2 / math.log2(5) + 1 / math.log2(6)
    assert metrics.ndcg([3, 2, 3, 0, 1, 2], [3, 3, 2, 2, 1]) == pytest.approx(gain / best)
    assert gain / best == pytest.approx(0.9608, abs=1e-4)


def test_one_relevant_document_at_rank_two() -> None:
    assert metrics.ndcg([0, 1], [1]) == pytest.approx(0.6309, abs=1e-4)


def test_the_best_order_is_cut_at_the_depth_too() -> None:
    """Twelve relevant documents, ten of them found: nothing better could be shown on ten places."""
    assert metrics.ndcg([1] * 10, [1] * 12) == 1.0
    assert metrics.recall([1] * 10, [1] * 12) == pytest.approx(10 / 12)


def test_a_query_without_relevant_documents_scores_nothing() -> None:
    assert metrics.ndcg([0, 0], []) == 0.0
    assert metrics.recall([0], [0, -1]) == 0.0


def test_all_measures_at_once_are_in_the_order_of_their_names() -> None:
    scores = metrics.score([0, 1, 0, 1], [1, 1, 1])
    assert list(metrics.NAMES.values()) == ["Hit@1", "Hit@5", "MRR@10", "nDCG@10", "R@10"]
    assert scores.values()[:3] == (0.0, 1.0, 0.5)
    assert scores.values()[4] == pytest.approx(2 / 3)
    assert scores.values()[3] == pytest.approx(
        (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3) + 1 / math.log2(4))
    )


def test_a_mean_over_queries() -> None:
    first, second = metrics.score([1], [1]), metrics.score([0], [1])
    assert metrics.mean([first, second]).values() == (0.5, 0.5, 0.5, 0.5, 0.5)
    assert metrics.mean([]).values() == (0.0,) * 5


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 5), (0.51, 6), (0.95, 10), (1.0, 10)])
def test_percentiles_by_the_nearest_rank(share: float, value: float) -> None:
    assert metrics.percentile([10, 1, 9, 2, 8, 3, 7, 4, 6, 5], share) == value


def test_no_values_have_no_percentile() -> None:
    assert metrics.percentile([], 0.5) == 0.0


@given(answers())
def test_every_measure_lies_between_nothing_and_everything(answer: tuple[list[int], list[int]]) -> None:
    assert all(0.0 <= value <= 1.0 for value in metrics.score(*answer).values())


@given(answers(), st.randoms())
def test_the_order_of_judgements_does_not_matter(answer: tuple[list[int], list[int]], rng: random.Random) -> None:
    found, judged = answer
    shuffled = judged.copy()
    rng.shuffle(shuffled)
    assert metrics.score(found, shuffled) == metrics.score(found, judged)


@given(answers(), st.integers(0, 20))
def test_a_relevant_document_further_up_is_never_worse(answer: tuple[list[int], list[int]], place: int) -> None:
    """Swapping two neighbours so that the better one comes first lowers no measure."""
    found, judged = answer
    if len(found) < 2:
        return
    place %= len(found) - 1
    better = found.copy()
    better[place : place + 2] = sorted(found[place : place + 2], reverse=True)
    before, after = metrics.score(found, judged), metrics.score(better, judged)
    assert all(new >= old - 1e-12 for old, new in zip(before.values(), after.values(), strict=True))


@given(grades)
def test_the_best_order_scores_one(judged: list[int]) -> None:
    found = sorted(judged, reverse=True)
    if any(grade > 0 for grade in judged):
        assert metrics.ndcg(found, judged) == 1.0
        assert metrics.hit(found, depth=1) == 1.0


@given(answers())
def test_what_comes_after_the_depth_is_not_seen(answer: tuple[list[int], list[int]]) -> None:
    found, judged = answer
    first_ten = [*found[:10], *[0] * (10 - len(found[:10]))]
    assert metrics.score([*first_ten, 3, 3], [*judged, 3, 3]) == metrics.score(first_ten, [*judged, 3, 3])


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.floats(0, 1))
def test_a_percentile_is_one_of_the_values(values: list[float], share: float) -> None:
    found = metrics.percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
