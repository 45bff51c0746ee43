"""A misspelt word and the words near to it that the index knows, the likelier ones first.

The noisy channel of M. D. Kernighan, K. W. Church, W. A. Gale, "A spelling correction program based on a noisy channel
model", COLING 1990: a candidate weighs what its number of documents and the kind of error say together. Candidates at
one error are made and looked up (P. Norvig, "How to write a spelling corrector", 2007): no list of words is kept, so
that a word is a candidate as soon as a document with it is written, and no longer than that.
"""

import math
from collections.abc import Callable, Iterable, Iterator

from search.analyzers.scripts import script_of
from search.queries.layout import neighbours

# Latin words of three letters are abbreviations more often than errors.
SHORTEST_CORRECTED = {"latin": 4, "cyrillic": 3, "arabic": 3, "japanese": 4}
LONGEST_CORRECTED = 32
# Of so many letters on, two errors are forgiven where nothing is at one.
TWO_ERRORS_FROM = 8
MOST_CANDIDATES = 6
_ALPHABETS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءؤئ",
    "japanese": "".join(map(chr, range(0x30A1, 0x30F5))) + "ー",
}
# How likely an error is, against a wrong letter from anywhere on the keyboard.
_WRONG_LETTER = 1.0
_NEIGHBOUR = 3.0
_SWAPPED = 4.0
_LEFT_OUT = 2.0
_ONE_TOO_MANY = 2.0
_DOUBLED = 4.0
_FIRST_LETTER = 0.3
_SECOND_ERROR = 0.02


def is_correctable(word: str) -> bool:
    """Say whether a word may be corrected: short words and codes with digits are taken as they are.

    Of Japanese only katakana is corrected: a character of Han for another is another word.
    """
    if not word.isalpha() or len(word) > LONGEST_CORRECTED:
        return False
    script = script_of(word)
    if len(word) < SHORTEST_CORRECTED.get(script, LONGEST_CORRECTED):
        return False
    return script != "japanese" or all(letter in _ALPHABETS["japanese"] for letter in word)


def one_error_away(word: str) -> Iterator[str]:
    """Yield each string that is one letter more, less or other than ``word``, or has two neighbours swapped."""
    alphabet = _ALPHABETS.get(script_of(word), "")
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
            for letter in alphabet:
                yield before + letter + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in alphabet:
            yield before + letter + after


def distance(left: str, right: str, limit: int) -> int:
    """Return the optimal string alignment distance (insert, delete, replace, swap neighbours), or ``limit + 1``.

    See F. J. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7 (1964).
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(right) + 1))
    for row, a in enumerate(left, 1):
        now = [row]
        for column, b in enumerate(right, 1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (a != b))
            if row > 1 and column > 1 and a == right[column - 2] and left[row - 2] == b:
                cost = min(cost, before_last[column - 2] + 1)
            now.append(cost)
        if min(now) > limit:
            return limit + 1
        before_last, last = last, now
    return min(last[-1], limit + 1)


def likelihood(typed: str, meant: str) -> float:
    """Return how likely it is that ``meant`` was typed as ``typed``, on a scale of its own; 0 when it is too far."""
    errors = distance(typed, meant, 2 if len(typed) >= TWO_ERRORS_FROM else 1)
    if errors == 0 or errors > (2 if len(typed) >= TWO_ERRORS_FROM else 1):
        return 0.0
    start = next((place for place, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    first = _FIRST_LETTER if start == 0 else 1.0
    if errors == 2:
        return _SECOND_ERROR * first
    place = min(len(typed), len(meant)) if start is None else start
    return first * _one_error(typed, meant, place)


def _one_error(typed: str, meant: str, place: int) -> float:
    """Weigh the one error at ``place``, the first place where the two differ."""
    if len(typed) > len(meant):
        extra = typed[place]
        beside = {typed[place - 1 : place], typed[place + 1 : place + 2]}
        if extra in beside:
            return _DOUBLED
        return _ONE_TOO_MANY * (1.5 if any(extra in neighbours(letter) for letter in beside if letter) else 1.0)
    if len(typed) < len(meant):
        return _DOUBLED if meant[place] in {meant[place - 1 : place], meant[place + 1 : place + 2]} else _LEFT_OUT
    if typed[place + 1 : place + 2] and typed[place] != meant[place] and typed[place + 1] != meant[place + 1]:
        return _SWAPPED
    return _NEIGHBOUR if typed[place] in neighbours(meant[place]) else _WRONG_LETTER


def near_words(word: str, frequency: Callable[[str], int]) -> list[tuple[str, int]]:
    """Return known words at one error from ``word`` with their number of documents, the likelier first.

    ``frequency(word)`` is the number of documents with a word (0 for an unknown one).
    """
    if not is_correctable(word):
        return []
    made = ((near, frequency(near)) for near in dict.fromkeys(one_error_away(word)))
    return ranked(word, made)[: 2 * MOST_CANDIDATES]


def near_forms(word: str, stem: str, frequency: Callable[[str], int]) -> list[tuple[str, str]]:
    """Return forms of known words, each with its stem, whose stem is at one error from that of ``word``.

    In languages of many forms the very form of a word may be in no document. ``frequency(stem)`` is the number of
    documents with a stem.
    """
    return [(word.replace(stem, near, 1), near) for near, _ in near_words(stem, frequency)] if stem in word else []


def further_words(word: str, starting_with: Callable[[str], Iterable[tuple[str, int]]]) -> list[tuple[str, int]]:
    """Return known words at two errors from a long word, the likelier first; the first three letters are right.

    ``starting_with(beginning)`` gives the known words of a beginning with their number of documents.
    """
    if len(word) < TWO_ERRORS_FROM or not is_correctable(word):
        return []
    return ranked(word, starting_with(word[:3]))[: 2 * MOST_CANDIDATES]


def ranked(word: str, known: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return those of ``known`` (word, documents) that ``word`` may be a misspelling of, the likeliest first."""
    weighed = [
        (likelihood(word, near) * prior(documents), near, documents)
        for near, documents in known
        if documents and near.isalpha()
    ]
    return [(near, documents) for weight, near, documents in sorted(weighed, reverse=True) if weight]


def prior(documents: int) -> float:
    """Return what the number of documents with a word says about how often it is meant."""
    return math.sqrt(documents)
