"""Stems, one stemmer for each script, memoised: Snowball's (M. F. Porter, https://snowballstem.org), Arabic by
:mod:`search.analyzers.arabic`.

Which stemmer a word goes through is decided by the word's script, not by the document's language: an English product
name in a Russian question is stemmed as English there and in the query, so that any query may be in any language.
Latin words of a document in another Latin language go through that language's stemmer.
"""

import threading
from functools import lru_cache
from typing import Protocol

import snowballstemmer

from search.analyzers.arabic import stem_arabic

ARABIC_LIGHT = "arabic-light"
_BY_SCRIPT = {"cyrillic": "russian", "arabic": ARABIC_LIGHT}
_LATIN_LANGUAGES = {
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "sv": "swedish",
    "tr": "turkish",
}
_local = threading.local()


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's name


def _stemmer(algorithm: str) -> _Stemmer:
    """Return this thread's stemmer: Snowball keeps the word it works on in the object."""
    if not hasattr(_local, "stemmers"):
        _local.stemmers = {}
    if algorithm not in _local.stemmers:
        _local.stemmers[algorithm] = snowballstemmer.stemmer(algorithm)
    found: _Stemmer = _local.stemmers[algorithm]
    return found


def algorithm_for(script: str, language: str | None) -> str | None:
    """Name the algorithm for words of a script in a document of a language; None: leave words as they are."""
    if script == "latin":
        return _LATIN_LANGUAGES.get((language or "en").partition("-")[0], "english")
    return _BY_SCRIPT.get(script)


@lru_cache(maxsize=200_000)
def stem(word: str, algorithm: str) -> str:
    """Return the stem of a folded word."""
    if algorithm == ARABIC_LIGHT:
        return stem_arabic(word)
    return _stemmer(algorithm).stemWord(word) or word
