"""Judged sets with a typing error in each query: what the errors of people cost, measured.

One content word of a query gets one error, drawn with a seed: a letter too many, one left out, one for its neighbour on
the keyboard, two swapped. These four are most of what is mistyped: F. J. Damerau, "A technique for computer detection
and correction of spelling errors", CACM 7 (1964).
"""

import random
from collections.abc import Callable
from dataclasses import replace

from search.analyzers import is_run, normalize, stopwords
from search.analyzers.japanese import japanese_surfaces
from search.analyzers.words import WORDS
from search.evaluation.judged import JudgedSet
from search.queries.layout import neighbours

SHORTEST_MISSPELT = 4
SHORTEST_JAPANESE = 2
_KANA = ("あ", "ん"), ("ア", "ン")
_ATTEMPTS = 20


def misspelt_set(judged: JudgedSet, *, seed: int) -> JudgedSet:
    """Return the set with one error in each query; a query without a word of four letters stays as it is."""
    generator = random.Random(seed)  # noqa: S311 - a draw to be repeated, nothing secret
    queries = {query: misspelt(text, generator) for query, text in judged.queries.items()}
    return replace(judged, name=f"{judged.name} misspelt", queries=queries)


def misspelt(text: str, generator: random.Random) -> str:
    """Return ``text`` with one error in one of its content words."""
    words = content_words(text)
    if not words:
        return text
    start, end = generator.choice(words)
    word = text[start:end]
    for _ in range(_ATTEMPTS):
        wrong = generator.choice(_ERRORS)(word, generator.randrange(len(word)), generator)
        if wrong and normalize(wrong) != normalize(word):
            return text[:start] + wrong + text[end:]
    return text


def content_words(text: str) -> list[tuple[int, int]]:
    """Return where words that carry meaning begin and end: of four letters or more, in Japanese of two."""
    found: list[tuple[int, int]] = []
    for match in WORDS.finditer(text):
        word = match.group()
        if is_run(word):
            found += _words_of_run(word, match.start())
        elif len(word) >= SHORTEST_MISSPELT and word.isalpha() and normalize(word) not in stopwords.ALL:
            found.append(match.span())
    return found


def _words_of_run(run: str, start: int) -> list[tuple[int, int]]:
    spans = ((start + first, start + last) for first, last in japanese_surfaces(run))
    return [(first, last) for first, last in spans if last - first >= SHORTEST_JAPANESE]


def _one_too_many(word: str, place: int, generator: random.Random) -> str:
    return word[:place] + generator.choice([_beside(word[place], generator), word[place]]) + word[place:]


def _one_left_out(word: str, place: int, generator: random.Random) -> str:
    return word[:place] + word[place + 1 :]


def _wrong_one(word: str, place: int, generator: random.Random) -> str:
    return word[:place] + _beside(word[place], generator) + word[place + 1 :]


def _swapped(word: str, place: int, generator: random.Random) -> str:
    return word[:place] + word[place : place + 2][::-1] + word[place + 2 :]


_ERRORS: tuple[Callable[[str, int, random.Random], str], ...] = (_one_too_many, _one_left_out, _wrong_one, _swapped)


def _beside(letter: str, generator: random.Random) -> str:
    """Return a letter of a neighbouring key; for kana and Han, which are on no such keys, some kana."""
    if keys := sorted(neighbours(letter.lower())):
        return generator.choice(keys)
    first, last = _KANA["ァ" <= letter <= "ー"]
    return chr(generator.randint(ord(first), ord(last)))
