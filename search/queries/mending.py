"""Pairs of characters that a pair without sense may stand for, in scripts written without spaces.

A typing error in a word of Han leaves no word that could be looked up, and no alphabet to try letters of. What it
leaves are pairs of characters that no document has: two swapped (長信 for 信長), one left out (弥兵衛 for 弥五兵衛),
one too many (一は茶 for 一茶) or a wrong one. The pair that was meant is made from those around it; for one left out or
wrong, pairs over a gap are indexed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from search.analyzers import cut, is_run, normalize
from search.analyzers.pieces import is_telling, over_gap
from search.queries.telling import rarity

# Of so long a run the first characters are looked at: a pasted text has its other words.
_LONGEST_RUN = 64
MOST_MEANT = 16
# A pair that documents have is taken for an error only of one that so many times as many have.
_RATIO = 20


@dataclass(frozen=True, slots=True)
class MeantPair:
    """``term`` of ``field`` may have been meant where no document, or hardly one, has the pairs ``typed``."""

    typed: tuple[str, ...]
    field: str
    term: str


def pairs_meant(text: str) -> tuple[MeantPair, ...]:
    """Return what each pair of characters of a text may stand for, whether documents have it or not."""
    runs = (word[:_LONGEST_RUN] for word in cut(normalize(text)) if is_run(word))
    return tuple(dict.fromkeys(meant for run in runs for meant in _of_run(run)))


def _of_run(run: str) -> Iterator[MeantPair]:
    for place in range(len(run) - 1):
        first, second = run[place], run[place + 1]
        if is_telling(first) and is_telling(second) and first != second:
            yield MeantPair((first + second,), "text_x", second + first)
            yield MeantPair((first + second,), "text_o", over_gap(first, second))
    for place in range(1, len(run) - 1):
        first, wrong, second = run[place - 1], run[place], run[place + 1]
        if is_telling(first) and is_telling(second):
            typed = (first + wrong, wrong + second)
            yield MeantPair(typed, "text_x", first + second)
            yield MeantPair(typed, "text_o", over_gap(first, second))


def telling_pairs(
    pairs: tuple[MeantPair, ...], frequency: Callable[[str, str], int], documents: int
) -> Mapping[tuple[str, str], float]:
    """Return the field and term of the most telling of those ``pairs`` that are surely meant, each with weight 1.

    ``frequency(field, term)`` tells in how many of ``documents`` a term is.
    """
    found: dict[tuple[str, str], float] = {}
    for pair in pairs:
        has = frequency(pair.field, pair.term)
        if has and has >= _RATIO * max(frequency("text_x", typed) for typed in pair.typed):
            found[pair.field, pair.term] = rarity(has, documents)
    told = sorted(found, key=lambda key: (-found[key], key))[:MOST_MEANT]
    return dict.fromkeys(told, 1.0)
