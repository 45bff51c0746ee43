"""What words share where stemming does not bring them together: pieces of four characters, and keys of forms.

Both are made of exact terms (folded words), for both engines alike, and lie in one field. A piece may stand at the edge
of a word (``_``); a key begins with ``~``. Scripts without spaces have pairs of characters over a gap instead, in
another field. Source of the pieces: P. McNamee, J. Mayfield, "Character n-gram tokenization for European language text
retrieval", 2004.
"""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from search.analyzers import stopwords
from search.analyzers.arabic import stem_arabic
from search.analyzers.scripts import script_of
from search.analyzers.stemming import stem
from search.analyzers.words import is_run

LENGTH = 4
_EDGE = "_"
_KEY = "~"
# Long vowels and the seats of hamza: what a broken plural changes.
_ARABIC_VOWELS = str.maketrans("", "", "اويئءؤ")
# A vowel (or its sign) that comes and goes before the last consonant: ошибка, ошибок; настройка, настроек.
_FLEETING = frozenset("еоьй")
_AFTER_FLEETING = frozenset("кгнцлмр")
_SHORTEST_KEY = 2
# Between two characters that stand one apart.
_GAP = "_"
_HIRAGANA = ("\u3041", "\u309f")


@lru_cache(maxsize=200_000)
def word_pieces(term: str) -> tuple[str, ...]:
    """Return the pieces of an exact term, in order; none of a stop word or of a script without spaces.

    >>> word_pieces("cable")
    ('_cab', 'cabl', 'able', 'ble_')
    """
    if is_run(term) or term in stopwords.ALL:
        return ()
    edged = f"{_EDGE}{term}{_EDGE}"
    return tuple(edged[start : start + LENGTH] for start in range(max(1, len(edged) - LENGTH + 1)))


@lru_cache(maxsize=200_000)
def form_key(term: str) -> str | None:
    """Return one key for forms of a word that the stemmers keep apart; None where there are no such forms.

    Of Arabic the stem without its long vowels, so that a broken plural meets its singular (فواتير, فاتورة); of Russian
    the stem without a fleeting vowel (денег, деньги).
    """
    if term in stopwords.ALL:
        return None
    script = script_of(term)
    if script == "arabic":
        key = stem_arabic(term).translate(_ARABIC_VOWELS)
    elif script == "cyrillic":
        key = stem(term, "russian")
        if len(key) > 2 and key[-1] in _AFTER_FLEETING and key[-2] in _FLEETING:
            key = key[:-2] + key[-1]
    else:
        return None
    return _KEY + key if len(key) >= _SHORTEST_KEY else None


@lru_cache(maxsize=200_000)
def _loose(term: str) -> tuple[str, ...]:
    key = form_key(term)
    return word_pieces(term) if key is None else (*word_pieces(term), key)


def loose_terms(exact: Iterable[str]) -> list[str]:
    """Return the pieces and keys of exact terms, as they are indexed."""
    return [each for term in exact for each in _loose(term)]


def gap_pairs(exact: Sequence[str]) -> list[str]:
    """Return the pairs of telling characters that stand one apart in runs, from the pairs that stand side by side."""
    return [
        over_gap(left[0], right[1])
        for left, right in pairwise(exact)
        if len(left) == len(right) == 2
        and left[1] == right[0]
        and is_run(left)
        and is_telling(left[0])
        and is_telling(right[1])
    ]


def over_gap(first: str, second: str) -> str:
    """Return the term for two characters of a run with one between them, whichever it is.

    >>> over_gap("松", "市")
    '松_市'
    """
    return f"{first}{_GAP}{second}"


def is_telling(character: str) -> bool:
    """Say whether a character of a run tells of a word: hiragana are mostly endings and particles."""
    return not _HIRAGANA[0] <= character <= _HIRAGANA[1]


def weighted_pieces(exact: Iterable[str]) -> dict[str, float]:
    """Return the distinct pieces of a query's exact terms with their weights.

    A piece weighs one by the root of its word's number of pieces: a long word counts for more than a short one, yet
    not for as much more as it has pieces.
    """
    found: dict[str, float] = {}
    for term in exact:
        pieces = word_pieces(term)
        for piece in pieces:
            found[piece] = max(found.get(piece, 0.0), 1 / math.sqrt(len(pieces)))
    return found


def form_keys(exact: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct keys of a query's exact terms."""
    keys = (form_key(term) for term in exact)
    return tuple(dict.fromkeys(key for key in keys if key is not None))
