"""How sure is a mean, and is a difference more than chance? Seeded: the same figures give the same answer.

Sources: B. Efron, R. Tibshirani, "An introduction to the bootstrap", 1993, chapters 6 and 13 (percentile intervals, by
drawing queries with replacement); M. Smucker, J. Allan, B. Carterette, "A comparison of statistical significance tests
for information retrieval evaluation", CIKM 2007 (the randomisation test of paired differences); B. Phipson, G. Smyth,
"Permutation p-values should never be zero", 2010 (the one that is added above and below).
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, product

from search.evaluation.metrics import Scores, percentile

SEED = 20_020_422
RESAMPLES = 2_000
PERMUTATIONS = 10_000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the bounds between which 95 % of resampled means lie."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of paired differences (after minus before), its interval, and how often chance alone does as much."""

    interval: Interval
    p_value: float

    @property
    def p_label(self) -> str:
        """Return the p-value as papers print it."""
        return "p < 0.001" if self.p_value < 0.001 else f"p = {self.p_value:.3f}"


def intervals(
    rows: Sequence[Sequence[float]], *, resamples: int = RESAMPLES, level: float = LEVEL, seed: int = SEED
) -> list[Interval]:
    """Return one interval a column. A row holds a query's figures: the columns are resampled together.

    Empty without rows.
    """
    if not rows:
        return []
    # The order of queries in a file must not matter: the draw is from the sorted rows.
    columns = [list(column) for column in zip(*sorted(tuple(row) for row in rows), strict=True)]
    size, generator = len(rows), random.Random(seed)  # noqa: S311
    places = range(size)
    means: list[list[float]] = [[] for _ in columns]
    for _ in range(resamples):
        drawn = generator.choices(places, k=size)
        for column, collected in zip(columns, means, strict=True):
            collected.append(sum(map(column.__getitem__, drawn)) / size)
    tail = (1 - level) / 2
    return [
        _interval(math.fsum(column) / size, percentile(collected, tail), percentile(collected, 1 - tail))
        for column, collected in zip(columns, means, strict=True)
    ]


def _interval(mean: float, low: float, high: float) -> Interval:
    """Rounding of sums may put a mean of equal values a hair outside its own bounds."""
    return Interval(mean, min(low, mean), max(high, mean))


def score_intervals(scores: Sequence[Scores], *, resamples: int = RESAMPLES, seed: int = SEED) -> list[Interval]:
    """Return an interval for each measure of :data:`search.evaluation.metrics.NAMES`, in that order."""
    return intervals([each.values() for each in scores], resamples=resamples, seed=seed)


def randomisation_test(differences: Sequence[float], *, permutations: int = PERMUTATIONS, seed: int = SEED) -> float:
    """Return the two-sided p-value of "before and after are the same": the sign of each difference is a coin's.

    Exact while there are few enough signs to try all of them, else estimated from ``permutations`` draws. 1.0 when
    nothing differs.
    """
    moved = sorted(abs(each) for each in differences if each)
    if not moved:
        return 1.0
    total = math.fsum(moved)
    seen = abs(math.fsum(differences)) - 1e-12
    if 2 ** len(moved) <= permutations:
        every = [abs(total - 2 * math.fsum(compress(moved, signs))) for signs in product((0, 1), repeat=len(moved))]
        return sum(each >= seen for each in every) / len(every)
    generator = random.Random(seed)  # noqa: S311
    extreme = 0
    for _ in range(permutations):
        signs = map(int, format(generator.getrandbits(len(moved)), f"0{len(moved)}b"))
        extreme += abs(total - 2 * sum(compress(moved, signs))) >= seen
    return (extreme + 1) / (permutations + 1)


def paired_differences(
    before: Sequence[Scores], after: Sequence[Scores], *, resamples: int = RESAMPLES, seed: int = SEED
) -> list[Difference]:
    """Return for each measure how far ``after`` lies above ``before``; both in the order of the same queries."""
    rows = [
        [new - old for old, new in zip(first.values(), second.values(), strict=True)]
        for first, second in zip(before, after, strict=True)
    ]
    bounds = intervals(rows, resamples=resamples, seed=seed)
    columns = zip(*rows, strict=True)
    return [
        Difference(bound, randomisation_test(column, seed=seed)) for bound, column in zip(bounds, columns, strict=True)
    ]
