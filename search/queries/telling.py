"""How much each term of a query tells: its rarity, and how often it is said. Long queries are shortened by it."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from search.analyzers import is_run
from search.analyzers.pieces import weighted_pieces
from search.queries import weights

# A pasted letter is asked for by so many of its most telling terms.
LONGEST_QUERY = 24
LONGEST_PIECES = 32
# Beyond so many words the words themselves say enough, and pieces of them find what has little to do with it.
MOST_WORDS_IN_PIECES = 16
# A piece that more documents hold tells nothing of a word.
_COMMONEST_PIECE = 0.3

# In how many documents a term is.
Frequency = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class TellingTerms:
    """The terms of a query with their weights, 1 for the most telling one; ``pieces`` are of the exact terms.

    ``meant`` are (field, term) that a pair of characters may stand for: :mod:`search.queries.mending`.
    ``worth`` is about what a text of average length would score that holds each of them once.
    """

    stems: Mapping[str, float] = field(default_factory=dict)
    exact: Mapping[str, float] = field(default_factory=dict)
    pieces: Mapping[str, float] = field(default_factory=dict)
    meant: Mapping[tuple[str, str], float] = field(default_factory=dict)
    worth: float = 0.0

    @classmethod
    def unweighed(cls, stems: Iterable[str], exact: Iterable[str]) -> "TellingTerms":
        """Return terms that all weigh the same, for counting what they find."""
        return cls(dict.fromkeys(stems, 1.0), dict.fromkeys(exact, 1.0))


def rarity(found: int, documents: int) -> float:
    """Return the inverse document frequency of a term that ``found`` of ``documents`` hold, as BM25 has it."""
    found = min(found, documents)
    return math.log(1 + (documents - found + 0.5) / (found + 0.5))


def telling(
    counts: Mapping[str, int], frequency: Frequency, documents: int, *, longest: int = LONGEST_QUERY
) -> dict[str, float]:
    """Return the ``longest`` most telling terms with their weights (1 for the heaviest).

    ``counts`` says how often each is said. Terms that no document holds are left out, but where there are no others.
    """
    known = {term: rarity(frequency(term), documents) for term in counts if frequency(term)}
    if not known:
        return dict.fromkeys(list(counts)[:longest], 1.0)
    said = {term: rare * (1 + math.log2(counts[term])) for term, rare in known.items()}
    chosen = sorted(said, key=lambda term: -said[term])[:longest]
    heaviest = said[chosen[0]]
    # In the order of the query, so that the same query is the same tree.
    kept = set(chosen)
    return {term: (said[term] / heaviest) ** _power(term) for term in counts if term in kept}


def _power(term: str) -> float:
    return weights.RARITY_POWER_OF_RUNS if is_run(term) else weights.RARITY_POWER


def worth(terms: Mapping[str, float], frequency: Frequency, documents: int) -> float:
    """Return the sum of the terms' rarities by their weights; terms that no document holds are worth nothing."""
    known = {term: frequency(term) for term in terms}
    return sum(terms[term] * rarity(found, documents) for term, found in known.items() if found)


def telling_pieces(exact: Iterable[str], frequency: Frequency, documents: int) -> dict[str, float]:
    """Return the most telling pieces of the exact terms with their weights; none of a long query."""
    words = list(exact)
    if len(words) > MOST_WORDS_IN_PIECES:
        return {}
    pieces = weighted_pieces(words)
    commonest = max(3.0, documents * _COMMONEST_PIECE)
    known = {piece: weight for piece, weight in pieces.items() if 0 < frequency(piece) <= commonest}
    told = sorted(known, key=lambda piece: -known[piece] * rarity(frequency(piece), documents))
    return {piece: known[piece] for piece in told[:LONGEST_PIECES]}
