"""Finding the terms of a termbase in a query, and what the query may mean besides."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import zip_longest

from search.analyzers import exact
from search.documents import Expansion
from search.queries import weights
from search.synonyms.concepts import Concept, Term
from search.synonyms.lattice import SPELLING, STEM, Lattice, paths, read

MOST_EXPANSIONS = 16
MOST_OF_A_CONCEPT = 8
PROTECTED, SYNONYM, TRANSLATION = "protected", "synonym", "translation"


@dataclass(slots=True)
class _Node:
    """A place in the tree of all terms' forms; ``entries`` are those that end here."""

    next: dict[str, "_Node"] = field(default_factory=dict)
    entries: list[tuple[Concept, Term]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Match:
    """A term found in a text: from place ``start`` to before ``end``, with the text's own words there."""

    start: int
    end: int
    concept: Concept
    term: Term
    words: str


class Termbase:
    """Concepts made ready for matching. It never changes; a changed termbase is another object."""

    def __init__(self, concepts: Iterable[Concept] = ()) -> None:
        self.concepts = tuple(concepts)
        self._root = _Node()
        self._protected: dict[str, list[Concept]] = {}
        for concept in self.concepts:
            for term in concept.terms:
                self._add(concept, term)

    def _add(self, concept: Concept, term: Term) -> None:
        for way in term_forms(term, protected=concept.protected):
            node = self._root
            for form in way:
                node = node.next.setdefault(form, _Node())
            node.entries.append((concept, term))
        if concept.protected:
            for word in exact(term.text):
                self._protected.setdefault(word, []).append(concept)

    def is_protected(self, word: str, *, at: datetime | None = None) -> bool:
        """Say whether a word, or a word of several, belongs to a protected term and is to be left as it is."""
        moment = at or datetime.now(UTC)
        return any(concept.holds_at(moment) for each in exact(word) for concept in self._protected.get(each, ()))

    def matches(self, text: str, languages: Sequence[str] = (), *, at: datetime | None = None) -> list[Match]:
        """Return the terms found in a text, in order: the longest first, none over another's words.

        Terms that stand on the very same words are all returned, unless one is protected: then only those.
        ``languages`` are further ones that Latin words are read in.
        """
        if not self._root.next:
            return []
        moment = at or datetime.now(UTC)
        lattice = read(text, languages)
        found = [match for start in range(len(lattice.surfaces)) for match in self._from(lattice, start, moment)]
        found.sort(key=lambda match: (match.start - match.end, match.start))
        taken: dict[int, tuple[int, int]] = {}
        kept: list[Match] = []
        known: set[tuple[int, str]] = set()
        for match in found:
            span = (match.start, match.end)
            if (match.start, match.concept.key) in known or any(
                taken.get(place, span) != span for place in range(*span)
            ):
                continue
            taken.update(dict.fromkeys(range(*span), span))
            known.add((match.start, match.concept.key))
            kept.append(match)
        guarded = {match.start for match in kept if match.concept.protected}
        kept = [match for match in kept if match.concept.protected or match.start not in guarded]
        return sorted(kept, key=lambda match: match.start)

    def _from(self, lattice: Lattice, start: int, moment: datetime) -> Iterator[Match]:
        """Yield the terms that begin at a place. A stop word inside may be stepped over, not one at an edge."""
        front = [(self._root, start, start)]
        seen = set()
        while front:
            node, place, end = front.pop()
            if (id(node), place) in seen:
                continue
            seen.add((id(node), place))
            if place == end:
                for concept, term in node.entries:
                    if concept.holds_at(moment):
                        yield Match(start, end, concept, term, " ".join(lattice.surfaces[start:end]))
            for arc_end, form in lattice.arcs.get(place, ()):
                if form in node.next:
                    front.append((node.next[form], arc_end, arc_end))
            if place in lattice.skippable and place > start:
                front.append((node, place + 1, end))

    def expansions_for(
        self, text: str, reads: Sequence[str] = (), *, only: str | None = None, at: datetime | None = None
    ) -> tuple[Expansion, ...]:
        """Return what a query may mean besides, at most 16: for each term found the others of its concept.

        Those of the languages in ``reads`` come first, in that order; ``only`` leaves out all languages but one.
        Nothing is expanded twice: what a query is expanded by is not looked up again.
        """
        each_match = [self._meant(match, reads, only) for match in self.matches(text, reads, at=at)]
        typed = tuple(exact(text))
        found: dict[tuple[str, ...], Expansion] = {}
        # In turns, so that the first term of a long query does not take all places.
        for turn in zip_longest(*each_match):
            for expansion in filter(None, turn):
                words = tuple(exact(expansion.text))
                if words != typed or expansion.kind == PROTECTED:
                    found.setdefault(words, expansion)
        return tuple(found.values())[:MOST_EXPANSIONS]

    def _meant(self, match: Match, reads: Sequence[str], only: str | None) -> list[Expansion]:
        own = match.term.language
        read = (None, *(reads or (own,)))
        order = {language: place for place, language in enumerate(dict.fromkeys((*reads, own)), 1)}
        others = [
            (order.get(term.language, len(order) + 1) if term.language else 0, term)
            for term in match.concept.terms
            if not term.one_way and (not only or term.language in (None, only))
        ]
        typed = _spelt(match.words)
        found = [
            _expansion(term, match, read=term.language in read)
            for _place, term in sorted(others, key=lambda pair: pair[0])
            if term != match.term and _spelt(term.text) not in (typed, Counter())
        ]
        if match.concept.protected:
            found.insert(0, Expansion(match.words, weights.PROTECTED_TERM, match.words, PROTECTED))
        return found[:MOST_OF_A_CONCEPT]


def _expansion(term: Term, match: Match, *, read: bool) -> Expansion:
    """``read``: the term is in a language that the reader reads (the typed one where she names none), or in all."""
    kind = SYNONYM if term.language in (None, match.term.language) else TRANSLATION
    return Expansion(term.text, weights.SYNONYM if read else weights.TRANSLATION, match.words, kind)


def _spelt(text: str) -> Counter[str]:
    return Counter(exact(text))


def term_forms(term: Term, *, protected: bool = False) -> set[tuple[str, ...]]:
    """Return the sequences of forms that a term is matched by: stems, of a protected one its spelling. None for a text
    without words."""
    return paths(read(term.text, (term.language,)), SPELLING if protected else STEM)
