"""Near-identical short texts come together: "reset password", "how do I reset my pasword?", "password reset".

The leader algorithm (J. Hartigan, "Clustering algorithms", 1975, chapter 3): each text joins the most similar leader,
or becomes one itself where none is similar enough. One pass, in the order given, so the same texts in the same order
always give the same clusters, and later texts never move earlier ones.

Two texts are similar when their stems say the same (:mod:`search.analyzers`: no stop words, no endings, any order), or
when the Dice coefficient of their character trigrams is at least :data:`THRESHOLD` (G. Adamson, J. Boreham, "The use of
an association measure based on character structure", 1974). Numbers must be the same in both: ``E-104`` is not
``E-105``. Neither may one say the same and a word more, unless there are many: "printer jam" is not "printer".

Candidates are found by prefix filtering (S. Chaudhuri, V. Ganti, R. Kaushik, "A primitive operator for similarity
joins", 2006): of two texts as similar as that, some of the rarest trigrams of each are in the other.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from search.analyzers import normalize, stems

THRESHOLD = 0.72
"""The least Dice coefficient of two texts of one cluster."""
MOST_SAID = 0.9
"""The least Dice coefficient of the stems of two texts of which one holds all stems of the other."""
LONGEST = 300
_EDGE = "\x02"

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Signature:
    """What a text is compared by: its stems in alphabetical order, their trigrams, and the stems with digits."""

    stems: tuple[str, ...]
    trigrams: frozenset[str]
    numbers: frozenset[str]


@lru_cache(maxsize=50_000)
def signature(text: str, language: str) -> Signature:
    """Returns the signature of a text; of one that is stop words only, its words as they are."""
    cut = text[:LONGEST]
    found = tuple(sorted(set(stems(cut, language)))) or tuple(sorted(set(normalize(cut).split())))
    joined = f"{_EDGE}{_EDGE}{_EDGE.join(found)}{_EDGE}{_EDGE}"
    grams = frozenset(joined[at : at + 3] for at in range(len(joined) - 2))
    numbers = [stem for stem in found if any(char.isdigit() for char in stem)]
    # "E-104" is cut into its parts as well: only the whole counts.
    whole = (each for each in numbers if not any(each != other and each in other for other in numbers))
    return Signature(found, grams, frozenset(whole))


def similarity(one: Signature, other: Signature) -> float:
    """Returns 0 to 1: 1 for the same stems, 0 for other numbers or a word more, else the trigrams' coefficient."""
    if one.stems == other.stems:
        return 1.0
    if one.numbers != other.numbers or _says_more(one, other) or _says_more(other, one):
        return 0.0
    return 2 * len(one.trigrams & other.trigrams) / (len(one.trigrams) + len(other.trigrams))


def _says_more(one: Signature, other: Signature) -> bool:
    """Whether ``one`` says all that ``other`` says, and words besides. Parts of a shared word are none ("wi", "fi")."""
    shared = set(other.stems)
    if not shared.issubset(one.stems) or 2 * len(shared) / (len(one.stems) + len(shared)) >= MOST_SAID:
        return False
    return any(not any(stem in known for known in shared) for stem in one.stems if stem not in shared)


class Leaders(Generic[Key]):
    """The leaders of one language, by the keys that their owner gives them.

    frequencies: how often each trigram is in the texts to come, as far as known; it speeds up, it decides nothing.
    """

    def __init__(self, frequencies: Counter[str] | None = None) -> None:
        self._frequencies = frequencies or Counter()
        self._signatures: dict[Key, Signature] = {}
        self._order: dict[Key, int] = {}
        self._by_stems: dict[tuple[str, ...], Key] = {}
        self._by_trigram: dict[str, list[Key]] = defaultdict(list)

    def add(self, key: Key, found: Signature) -> None:
        """Makes a text a leader; of two with the same stems the first leads."""
        self._signatures[key] = found
        self._order[key] = len(self._order)
        self._by_stems.setdefault(found.stems, key)
        for gram in self._rarest(found):
            self._by_trigram[gram].append(key)

    def nearest(self, found: Signature) -> Key | None:
        """Returns the most similar leader, the earliest of equals; None where none is similar enough.

        Texts with the same stems go where the first of them went.
        """
        if (same := self._by_stems.get(found.stems)) is not None:
            return same
        candidates = {key for gram in self._rarest(found) for key in self._by_trigram.get(gram, ())}
        best, best_key = THRESHOLD, None
        for key in sorted(candidates, key=self._order.__getitem__):
            alike = similarity(found, self._signatures[key])
            if alike > best or (alike == best and best_key is None):
                best, best_key = alike, key
        if best_key is not None:
            self._by_stems[found.stems] = best_key
        return best_key

    def _rarest(self, found: Signature) -> list[str]:
        """The rarest trigrams, as many as it takes: two texts above the threshold share at least
        threshold / (2 - threshold) of the trigrams of each, so one of these."""
        shared = math.ceil(THRESHOLD / (2 - THRESHOLD) * len(found.trigrams))
        ordered = sorted(found.trigrams, key=lambda gram: (self._frequencies[gram], gram))
        return ordered[: len(ordered) - shared + 1]


def clustered(known: Sequence[Signature], fresh: Sequence[Signature]) -> list[int]:
    """Returns for each fresh text the place of its leader: one of ``known``, or one after them for each new leader.

    New leaders are numbered on from the known ones, in the order in which they come.
    """
    leaders: Leaders[int] = Leaders(trigram_frequencies([*fresh, *known]))
    for place, found in enumerate(known):
        leaders.add(place, found)
    count, places = len(known), []
    for found in fresh:
        nearest = leaders.nearest(found)
        if nearest is None:
            leaders.add(count, found)
            nearest, count = count, count + 1
        places.append(nearest)
    return places


def trigram_frequencies(signatures: Iterable[Signature]) -> Counter[str]:
    """Returns in how many texts each trigram is."""
    counted: Counter[str] = Counter()
    for each in signatures:
        counted.update(each.trigrams)
    return counted
