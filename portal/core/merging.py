"""Bringing two changes of one text together: a three-way merge, as of diff3 (Khanna, Kunal and Pierce describe it in
"A Formal Investigation of Diff3", FSTTCS 2007).

Where the version that both began from stands unchanged in both, the text is stable; between two stable places lies a
passage that one of them changed (his words are taken), both changed alike, or both changed differently (a conflict).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .alignment import Budget, alignment
from .words import words_of


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text in three versions."""

    base: str
    theirs: str
    mine: str

    @property
    def conflict(self) -> bool:
        """Whether both changed it, and differently."""
        return self.mine != self.theirs and self.base not in (self.mine, self.theirs)

    @property
    def merged(self) -> str:
        """The words that both agree on: of a conflict mine, then theirs, so that nothing is missing."""
        if self.conflict:
            return self.mine + self.theirs
        return self.theirs if self.mine == self.base else self.mine


@dataclass(frozen=True, slots=True)
class Merge:
    """Both changes in one text. clashes: in how many places they could not both be kept (there it is ``theirs``)."""

    text: str
    clashes: int

    @property
    def clean(self) -> bool:
        """Whether everything of both changes is there."""
        return not self.clashes


def passages_between(
    *, base: Sequence[str], theirs: Sequence[str], mine: Sequence[str], budget: Budget | None = None
) -> Iterator[Passage]:
    """Yields three texts as passages, in order; joined, each version's are that version.

    Each text is the pieces (lines or words) that are compared as they are. budget: how long the comparing may take;
    beyond it stretches that differ are one passage.
    """
    budget = budget or Budget()
    left, right = _kept(base, theirs, budget), _kept(base, mine, budget)
    at = i = j = place = 0
    while place < len(base):
        if place not in left or place not in right:
            place += 1
            continue
        begin, to, other = place, left[place], right[place]
        while left.get(place, -1) - to == right.get(place, -1) - other == place - begin:
            place += 1
        yield from _passage(base[at:begin], theirs[i:to], mine[j:other])
        yield from _passage(*[base[begin:place]] * 3)
        at, i, j = place, to + place - begin, other + place - begin
    yield from _passage(base[at:], theirs[i:], mine[j:])


def _passage(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> Iterator[Passage]:
    if base or theirs or mine:
        yield Passage("".join(base), "".join(theirs), "".join(mine))


def _kept(base: Sequence[str], other: Sequence[str], budget: Budget) -> dict[int, int]:
    """Returns where the items of ``base`` that the other still has stand in it."""
    return {
        place: place - span.a + span.c
        for span in alignment(base, other, budget)
        if span.same
        for place in range(span.a, span.b)
    }


def text_merge(base: str, mine: str, theirs: str, budget: Budget | None = None) -> Merge:
    """Returns ``base`` with what changed in ``mine`` and what changed in ``theirs``.

    By lines, and by words where both changed the same lines.
    """
    budget = budget or Budget()
    parts: list[str] = []
    clashes = 0
    for passage in passages_between(base=_lines(base), theirs=_lines(theirs), mine=_lines(mine), budget=budget):
        for piece in _by_words(passage, budget) if passage.conflict else [passage]:
            parts.append(piece.theirs if piece.conflict else piece.merged)
            clashes += piece.conflict
    return Merge("".join(parts), clashes)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True) if "\n" in text else [text]


def _by_words(passage: Passage, budget: Budget) -> Iterator[Passage]:
    base, theirs, mine = (words_of(text) for text in (passage.base, passage.theirs, passage.mine))
    return passages_between(base=base, theirs=theirs, mine=mine, budget=budget)
