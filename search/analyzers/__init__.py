"""From text to terms, one way for documents, queries and highlights.

:func:`stems` gives what a person means (stemmed, morphological, without stop words), :func:`exact` what he wrote
(folded words and codes, pairs of characters where a script has no spaces). Both engines index the exact terms as
they are given here; the embedded engine indexes the stems too, Elasticsearch makes its own with Lucene's analyzers.
"""

from collections.abc import Iterator
from functools import lru_cache

from search.analyzers import stopwords
from search.analyzers.arabic import fold_arabic, without_article
from search.analyzers.japanese import as_hiragana, japanese_readings, japanese_terms
from search.analyzers.normalization import normalize
from search.analyzers.scripts import language_of_text, script_of
from search.analyzers.stemming import algorithm_for, stem
from search.analyzers.words import bigrams, cut, is_run, word_parts

__all__ = [
    "as_hiragana",
    "cut",
    "exact",
    "is_run",
    "language_of_text",
    "normalize",
    "prefixes",
    "stems",
    "stems_and_exact",
    "without_article",
    "word_exact",
    "word_stems",
]

LONGEST_PREFIX = 16
# Characters of a Japanese reading that may be typed before it is written in Han.
LONGEST_READING = 10


@lru_cache(maxsize=200_000)
def _plain_exact(text: str) -> tuple[str, ...]:
    parts = word_parts(text)
    return tuple(fold_arabic(part) for part in parts) if script_of(text) == "arabic" else parts


@lru_cache(maxsize=200_000)
def _plain_stems(text: str, language: str | None) -> tuple[str, ...]:
    """Return the stems of a word of a spaced script: of its parts, and a joined whole as it is."""
    folded = _plain_exact(text)
    if text in stopwords.ALL or (len(folded) == 1 and folded[0] in stopwords.ALL):
        return ()
    script = script_of(text)
    algorithm = algorithm_for(script, language)
    if algorithm is None:
        return folded
    if len(folded) > 1:
        found = [stem(part, algorithm) for part in folded[:-1] if part not in stopwords.ALL]
        return (*found, folded[-1])
    return tuple(stem(part, algorithm) for part in folded)


def word_stems(word: str, language: str | None) -> tuple[str, ...]:
    """Return the stemmed terms of one folded word; none for a stop word."""
    if not is_run(word):
        return _plain_stems(word, language)
    if script_of(word) == "japanese":
        return tuple(japanese_terms(word))
    return bigrams(word)


def word_exact(word: str) -> tuple[str, ...]:
    """Return the unstemmed terms of one folded word."""
    return bigrams(word) if is_run(word) else _plain_exact(word)


def stems(text: str, language: str | None = None) -> list[str]:
    """Return the terms of ``text`` for the stemmed fields, in order."""
    return [term for word in cut(normalize(text)) for term in word_stems(word, language)]


def exact(text: str) -> list[str]:
    """Return the terms of ``text`` for the exact fields, in order, stop words included."""
    return [term for word in cut(normalize(text)) for term in word_exact(word)]


def stems_and_exact(text: str, language: str | None = None, *, opening: int = 0) -> tuple[list[str], list[str], int]:
    """Return both at the cost of cutting once, and how many of the stems are of the first ``opening`` words.

    It is what indexing spends its time on.
    """
    stemmed: list[str] = []
    unstemmed: list[str] = []
    opened = 0
    for number, word in enumerate(cut(normalize(text)), start=1):
        stemmed += word_stems(word, language)
        unstemmed += word_exact(word)
        if number == opening:
            opened = len(stemmed)
    return stemmed, unstemmed, opened


def prefixes(text: str) -> list[str]:
    """Return every beginning (up to 16 characters) of every word of ``text``, for as-you-type search.

    Of a run without spaces: its characters and pairs, since a reader may begin at any word of it, and of a Japanese one
    how it is read from each of its words on. Arabic words begin with their article and without.
    """
    found: dict[str, None] = {}
    for word in cut(normalize(text)):
        if is_run(word):
            found.update(dict.fromkeys(word))
            found.update(dict.fromkeys(bigrams(word)))
            if script_of(word) == "japanese":
                found.update(dict.fromkeys(_reading_beginnings(word)))
            continue
        for part in word_exact(word):
            found.update(dict.fromkeys(_beginnings(part)))
            found.update(dict.fromkeys(_beginnings(without_article(part))))
    return list(found)


def _beginnings(word: str) -> Iterator[str]:
    return (word[:end] for end in range(1, min(len(word), LONGEST_PREFIX) + 1))


def _reading_beginnings(run: str) -> Iterator[str]:
    readings = japanese_readings(run)
    for first in range(len(readings)):
        yield from _beginnings("".join(readings[first : first + LONGEST_PREFIX])[:LONGEST_READING])
