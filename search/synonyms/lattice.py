"""A text as a lattice of analysed forms: what a term may match, from where to where.

A plain word stands on one place and has its stems and its spelling there. A joined one (``rill-mini``) has its parts on
places of their own and its whole across all of them. A run of Japanese has a place for each word of meaning. Stop words
keep their place and their spelling; a match by stems steps over them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from search.analyzers import cut, is_run, normalize, word_exact, word_stems

LONGEST_TEXT = 2_000
# Marks of the two kinds of forms; no analysed term begins with them.
STEM, SPELLING = "~", "="


@dataclass(slots=True)
class Lattice:
    """``arcs[start]`` are pairs of end and form; ``surfaces`` are the places' words; ``skippable`` places hold stop
    words."""

    arcs: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    surfaces: list[str] = field(default_factory=list)
    skippable: set[int] = field(default_factory=set)

    def _add(self, surface: str, stems: Iterable[str], spelling: str) -> None:
        place = len(self.surfaces)
        self.surfaces.append(surface)
        found = dict.fromkeys(stems)
        self.arcs[place] += [(place + 1, STEM + stem) for stem in found]
        self.arcs[place].append((place + 1, SPELLING + spelling))
        if not found:
            self.skippable.add(place)


def read(text: str, languages: Iterable[str | None]) -> Lattice:
    """Return the lattice of the first 2,000 characters of a text, Latin words read in English and each language."""
    lattice = Lattice()
    spoken = tuple(dict.fromkeys((None, *languages)))
    for word in cut(normalize(text[:LONGEST_TEXT])):
        if is_run(word):
            for term in word_stems(word, None) or word_exact(word):
                lattice._add(term, (term,), term)
        else:
            _add_word(lattice, word, spoken)
    return lattice


def _add_word(lattice: Lattice, word: str, spoken: tuple[str | None, ...]) -> None:
    *parts, whole = word_exact(word) or (word,)
    if not parts or whole.endswith(("+", "#")):
        lattice._add(word, _stems(whole, spoken), whole)
        return
    start = len(lattice.surfaces)
    for part in parts:
        lattice._add(part, _stems(part, spoken), part)
    end = len(lattice.surfaces)
    lattice.arcs[start] += [(end, STEM + stem) for stem in dict.fromkeys((whole, *_stems(whole, spoken)))]
    lattice.arcs[start].append((end, SPELLING + whole))


def _stems(word: str, spoken: tuple[str | None, ...]) -> Iterator[str]:
    """Yield the stems of a word without joints in each language; none for a stop word."""
    for language in spoken:
        yield from word_stems(word, language)[-1:]


def paths(lattice: Lattice, mark: str) -> set[tuple[str, ...]]:
    """Return the ways through a term's lattice by forms of one mark: by the parts of joined words, and by the wholes.

    Where a place has several stems, each way takes those of one rank: the term is read in one language at a time. A
    stop word is kept as it is spelt: "sign in" is not "sign".
    """
    ways = {_way(lattice, mark, widest, rank) for widest in (False, True) for rank in range(2)}
    return ways - {()}


def _way(lattice: Lattice, mark: str, widest: bool, rank: int) -> tuple[str, ...]:
    way: list[str] = []
    place = 0
    while place < len(lattice.surfaces):
        arcs = [arc for arc in lattice.arcs[place] if arc[1].startswith(mark)] or lattice.arcs[place]
        end = (max if widest else min)(arc[0] for arc in arcs)
        forms = [form for arc_end, form in arcs if arc_end == end]
        way.append(forms[min(rank, len(forms) - 1)])
        place = end
    return tuple(way)
