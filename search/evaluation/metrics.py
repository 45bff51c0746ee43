"""Measures of one ranked list. Pure functions, the definitions of the field.

``found`` holds the grades of the documents found, the first one first, 0 for a document nobody judged relevant.
``judged`` holds the grades of all judged documents, in any order. A grade above 0 is relevant; one below counts as 0.

Sources: K. Järvelin, J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002 (nDCG,
with the discount of 1 / log2(rank + 1) and the grade as gain, as in ``trec_eval``); E. Voorhees, "The TREC-8 question
answering track report", 1999 (reciprocal rank); C. Manning, P. Raghavan, H. Schütze, "Introduction to information
retrieval", chapter 8, 2008 (recall, and hit or "success" at a rank).
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass, fields

DEPTH = 10


def hit(found: Sequence[int], *, depth: int) -> float:
    """Return 1.0 when one of the first ``depth`` documents is relevant, else 0.0."""
    return float(any(grade > 0 for grade in found[:depth]))


def reciprocal_rank(found: Sequence[int], *, depth: int = DEPTH) -> float:
    """Return one through the rank of the first relevant document, 0.0 when there is none among the first ``depth``."""
    for rank, grade in enumerate(found[:depth], start=1):
        if grade > 0:
            return 1.0 / rank
    return 0.0


def discounted_gain(grades: Iterable[int]) -> float:
    """Return the sum of the grades, each divided by log2(rank + 1)."""
    return sum(max(grade, 0) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def ndcg(found: Sequence[int], judged: Collection[int], *, depth: int = DEPTH) -> float:
    """Return the gain of the first ``depth`` documents against the best order there is; 0.0 if none is relevant."""
    best = discounted_gain(sorted(judged, reverse=True)[:depth])
    return min(1.0, discounted_gain(found[:depth]) / best) if best else 0.0


def recall(found: Sequence[int], judged: Collection[int], *, depth: int = DEPTH) -> float:
    """Return which part of all relevant documents is among the first ``depth``; 0.0 if none is relevant."""
    relevant = sum(grade > 0 for grade in judged)
    return min(1.0, sum(grade > 0 for grade in found[:depth]) / relevant) if relevant else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` (0 to 1) of the values do not exceed: the nearest rank.

    0.0 when there are no values.
    """
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True, slots=True)
class Scores:
    """The measures that are printed, of one query or as means over many. All from 0 to 1."""

    hit_1: float
    hit_5: float
    mrr_10: float
    ndcg_10: float
    recall_10: float

    def values(self) -> tuple[float, ...]:
        """Return the figures in the order of :data:`NAMES`."""
        return astuple(self)


# What people call them, by field, in the order they are printed.
NAMES: dict[str, str] = dict(
    zip([each.name for each in fields(Scores)], ["Hit@1", "Hit@5", "MRR@10", "nDCG@10", "R@10"], strict=True)
)


def score(found: Sequence[int], judged: Collection[int]) -> Scores:
    """Return all measures of one list."""
    return Scores(
        hit_1=hit(found, depth=1),
        hit_5=hit(found, depth=5),
        mrr_10=reciprocal_rank(found),
        ndcg_10=ndcg(found, judged),
        recall_10=recall(found, judged),
    )


def mean(scores: Sequence[Scores]) -> Scores:
    """Return the means over queries; zeros when there are none."""
    if not scores:
        return Scores(0.0, 0.0, 0.0, 0.0, 0.0)
    columns = zip(*(each.values() for each in scores), strict=True)
    return Scores(*(math.fsum(column) / len(scores) for column in columns))
