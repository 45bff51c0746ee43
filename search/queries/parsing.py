"""Reading what a person typed. Nothing is ever an error: what is no operator is a word."""

import re
from dataclasses import dataclass

from search.analyzers import cut, exact, normalize, word_stems

LONGEST_QUERY = 2_000
_QUOTED = re.compile(r"(?<!\S)(-?)[\"“«„]([^\"“”»«„]+)[\"”»“](?!\w)")
_EXCLUDED = re.compile(r"(?<!\S)-(\w[^\s]*)")


_QUESTION_MARKS = ("?", "؟", "？")
_MOST_WORDS_BESIDE_A_PHRASE = 3


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query taken apart. ``text`` is looked for: all words, those of the phrases too.

    ``phrases`` must be there word for word, ``excluded`` must not; ``lifted`` are phrases quoted within a sentence:
    they count for more when there, and need not be.
    """

    text: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()


def parse_query(typed: str) -> ParsedQuery:
    """Take a query apart: ``"a phrase"``, ``-word`` and ``-"a phrase"``; everything else is words.

    Only the first 2,000 characters count. When only exclusions would remain, all of it is plain words.
    """
    typed = typed[:LONGEST_QUERY]
    phrases: list[str] = []
    excluded: list[str] = []

    def take_quoted(match: re.Match[str]) -> str:
        minus, phrase = match.groups()
        if exact(phrase):
            (excluded if minus else phrases).append(phrase)
        return " "

    def take_excluded(match: re.Match[str]) -> str:
        excluded.append(match.group(1))
        return " "

    beside = _EXCLUDED.sub(take_excluded, _QUOTED.sub(take_quoted, typed))
    if not phrases and not exact(beside):
        return ParsedQuery(text=" ".join(typed.replace('"', " ").split()))
    text = " ".join(" ".join([beside, *phrases]).split())
    if _is_sentence(typed, beside):
        return ParsedQuery(text=text, excluded=tuple(excluded), lifted=tuple(phrases))
    return ParsedQuery(text=text, excluded=tuple(excluded), phrases=tuple(phrases))


def _is_sentence(typed: str, beside: str) -> bool:
    """Say whether quotes are the author's punctuation rather than a demand: a question, or many words beside them."""
    if typed.rstrip().endswith(_QUESTION_MARKS):
        return True
    return len(cut(normalize(beside))) > _MOST_WORDS_BESIDE_A_PHRASE


def query_stems(text: str, languages: tuple[str, ...]) -> list[str]:
    """Return the distinct stemmed terms of a query in its order, read in English and each language the reader reads.

    A Latin word gives one term for each of her Latin languages; words of other scripts have one stemmer each.
    """
    found: dict[str, None] = {}
    for word in cut(normalize(text)):
        for language in dict.fromkeys((None, *languages)):
            found.update(dict.fromkeys(word_stems(word, language)))
    return list(found)


def query_exact(text: str) -> list[str]:
    """Return the distinct unstemmed terms of a query in its order."""
    return list(dict.fromkeys(exact(text)))


def minimum_matches(terms: int) -> int:
    """Return how many of a query's stems a document must hold: one, and of eight or more a quarter.

    A long question is found though some of its words are missing, yet not by every document holding one of them.
    """
    return max(1, terms // 4)
