"""Bringing two changes of one text together (a three-way merge, as of diff3; Khanna, Kunal and Pierce describe it in
"A Formal Investigation of Diff3", 2007), first by lines, and by words where both changed the same lines."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .alignment import Budget, alignment
from .words import words_of

Chunk = tuple[Sequence[str], Sequence[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Merge:
    """Both changes in one text. clashes: in how many places they could not both be kept (there it is ``theirs``)."""

    text: str
    clashes: int

    @property
    def clean(self) -> bool:
        """Whether everything of both changes is there."""
        return not self.clashes


def text_merge(base: str, mine: str, theirs: str, budget: Budget | None = None) -> Merge:
    """Returns ``base`` with what changed in ``mine`` and what changed in ``theirs``."""
    budget = budget or Budget()
    parts: list[str] = []
    clashes = 0
    for chunk in _chunks(_lines(base), _lines(mine), _lines(theirs), budget):
        text, clashed = _resolved(chunk, lambda chunk: _by_words(chunk, budget))
        parts.append(text)
        clashes += clashed
    return Merge("".join(parts), clashes)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True) if "\n" in text else [text]


def _resolved(chunk: Chunk, otherwise: Callable[[Chunk], tuple[str, int]]) -> tuple[str, int]:
    """Returns what becomes of a stretch, and how many clashes are in it."""
    base, mine, theirs = (list(part) for part in chunk)
    if mine in (theirs, base):
        return "".join(theirs), 0
    if theirs == base:
        return "".join(mine), 0
    return otherwise(chunk)


def _by_words(chunk: Chunk, budget: Budget) -> tuple[str, int]:
    base, mine, theirs = (words_of("".join(part)) for part in chunk)
    found = [_resolved(part, lambda part: ("".join(part[2]), 1)) for part in _chunks(base, mine, theirs, budget)]
    return "".join(text for text, _clashes in found), sum(clashes for _text, clashes in found)


def _chunks(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], budget: Budget) -> Iterator[Chunk]:
    """Yields the three texts in stretches: between two items that all three share, whatever each has there."""
    left, right = _kept(base, mine, budget), _kept(base, theirs, budget)
    at = i = j = 0
    for place in range(len(base)):
        if place in left and place in right:
            yield base[at:place], mine[i : left[place]], theirs[j : right[place]]
            shared = [base[place]]
            yield shared, shared, shared
            at, i, j = place + 1, left[place] + 1, right[place] + 1
    yield base[at:], mine[i:], theirs[j:]


def _kept(base: Sequence[str], other: Sequence[str], budget: Budget) -> dict[int, int]:
    """Returns where the items of ``base`` that the other still has stand in it."""
    return {
        place: place - span.a + span.c
        for span in alignment(base, other, budget)
        if span.same
        for place in range(span.a, span.b)
    }
