"""Whether something found is what is about to be asked, and not only near it.

An engine's figure says how well a document fits compared with others, not how well at all. So the titles are compared:
Dice's coefficient of their stems, 2·|A∩B| / (|A|+|B|) (Dice 1945), which is the same on every engine.
"""

from search.analyzers import exact, stems

from .selectors import Result, ResultPage

ALIKE = 0.85
FEWEST_STEMS = 2


def likely_duplicates(*, title: str, language: str | None, page: ResultPage) -> list[Result]:
    """Returns the questions of ``page`` whose title says the same as ``title``; none where the engine was away."""
    if page.degraded:
        return []
    return [
        result
        for result in page.results
        if result.hit.type == "question" and alike(title, result.hit.title, language) >= ALIKE
    ]


def alike(one: str, other: str, language: str | None = None) -> float:
    """Returns how alike two titles are, from 0 to 1. Titles of a word or two are alike only when they are the same."""
    first, second = set(stems(one, language)), set(stems(other, language))
    if min(len(first), len(second)) < FEWEST_STEMS:
        return float(exact(one) == exact(other))
    return 2 * len(first & second) / (len(first) + len(second))
