"""Two runs of the same set beside each other, query by query."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.evaluation.running import Outcome, SetRun
from search.evaluation.statistics import Difference, paired_differences


@dataclass(frozen=True, slots=True)
class Change:
    """One query whose nDCG@10 moved by ``gain`` (-1 to 1)."""

    query: str
    before: Outcome
    after: Outcome
    gain: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """``differences`` are after minus before, one for each measure of :data:`search.evaluation.metrics.NAMES`.

    ``wins`` and ``losses`` begin with the largest. ``same_set`` is False when documents, queries or judgements changed
    between the runs: only what both asked is compared then.
    """

    before: SetRun
    after: SetRun
    queries: int
    differences: list[Difference]
    wins: list[Change]
    losses: list[Change]
    same_set: bool


def compare_runs(before: SetRun, after: SetRun) -> Comparison | None:
    """Compare what both runs asked; None when that is nothing."""
    shared = [
        query
        for query, outcome in after.outcomes.items()
        if query in before.outcomes and before.outcomes[query].text == outcome.text
    ]
    if not shared:
        return None
    old, new = [before.scores[each] for each in shared], [after.scores[each] for each in shared]
    changes = [
        Change(query, before.outcomes[query], after.outcomes[query], late.ndcg_10 - early.ndcg_10)
        for query, early, late in zip(shared, old, new, strict=True)
        if late.ndcg_10 != early.ndcg_10
    ]
    changes.sort(key=lambda change: (-abs(change.gain), change.query))
    return Comparison(
        before=before,
        after=after,
        queries=len(shared),
        differences=paired_differences(old, new),
        wins=[change for change in changes if change.gain > 0],
        losses=[change for change in changes if change.gain < 0],
        same_set=before.digest == after.digest,
    )


def compare_with_earlier(earlier: Sequence[SetRun], runs: Sequence[SetRun]) -> list[Comparison]:
    """Compare each run with the earlier one of the same set, endpoint and engine; with another engine's if there is
    none of its own."""
    found = []
    for run in runs:
        same = [each for each in earlier if each.key[:2] == run.key[:2]]
        same.sort(key=lambda each: each.engine != run.engine)
        comparison = compare_runs(same[0], run) if same else None
        if comparison:
            found.append(comparison)
    return found


def compare_engines(runs: Sequence[SetRun]) -> list[Comparison]:
    """Compare the engines on each set, in the order the runs were made."""
    found = []
    for place, run in enumerate(runs):
        first = next((each for each in runs[:place] if each.key[:2] == run.key[:2]), None)
        comparison = compare_runs(first, run) if first else None
        if comparison:
            found.append(comparison)
    return found
