"""Reading what a person typed. Nothing is ever an error: what is no operator is a word."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from search.analyzers import cut, exact, normalize, word_stems
from search.queries.operators import LONGEST_NAME, Condition, read_condition

LONGEST_QUERY = 2_000
# A query is read by the page, the search, the corrections and the engine: the first reading serves them all. No more
# are remembered than are asked at once.
_READINGS = 32
_QUOTES = '"“”«»„＂'
_PHRASE = rf"[\"“«„＂](?P<{{}}>[^{_QUOTES}]+)[\"”»“＂](?!\w)"
# An operator with its value, a quoted phrase or an excluded word, each at the beginning of a word.
_PIECE = re.compile(
    rf"""(?<!\S)(?P<minus>[-−－]?)(?:
        (?P<name>[^\s:：{_QUOTES}]{{1,{LONGEST_NAME}}})[:：](?:{_PHRASE.format("quoted")}|(?P<value>[^\s{_QUOTES}]+)(?!\S))
        |{_PHRASE.format("phrase")}
        |(?<=[-−－])(?P<word>\w\S*)
    )""",
    re.VERBOSE,
)
_QUESTION_MARKS = ("?", "؟", "？")
_MOST_WORDS_BESIDE_A_PHRASE = 3


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query taken apart. ``text`` is looked for: all words, those of the phrases too.

    ``phrases`` must be there word for word, ``excluded`` must not; ``lifted`` are phrases quoted within a sentence:
    they count for more when there, and need not be. ``conditions`` are what the operators ask.
    """

    text: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(slots=True)
class _Pieces:
    """What is taken out of a query on the way through it."""

    phrases: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)

    def take(self, match: re.Match[str]) -> str:
        """Note what a piece asks, and return what is left in its place."""
        minus = bool(match["minus"])
        if match["name"] is not None:
            return self._take_operator(match, minus)
        words = match["phrase"] if match["phrase"] is not None else match["word"]
        if match["word"] is not None or exact(words):
            (self.excluded if minus else self.phrases).append(words)
        return " "

    def _take_operator(self, match: re.Match[str], minus: bool) -> str:
        value = match["quoted"] if match["quoted"] is not None else match["value"]
        condition = read_condition(match["name"], value, negated=minus, written=match.group())
        if condition is not None:
            self.conditions.append(condition)
            return " "
        plain = match.group()[len(match["minus"]) :]
        if minus and match["quoted"] is None and plain[:1].isalnum():
            self.excluded.append(plain)
            return " "
        return match.group()


def parse_query(typed: str) -> ParsedQuery:
    """Take a query apart: ``"a phrase"``, ``-word``, ``-"a phrase"`` and operators; everything else is words.

    Only the first 2,000 characters count. When only exclusions would remain, all of it is plain words.
    """
    return _parsed(typed[:LONGEST_QUERY])


@lru_cache(maxsize=_READINGS)
def _parsed(typed: str) -> ParsedQuery:
    pieces = _Pieces()
    beside = _PIECE.sub(pieces.take, typed)
    conditions, excluded = tuple(pieces.conditions), tuple(pieces.excluded)
    if not pieces.phrases and not conditions and not exact(beside):
        return ParsedQuery(text=" ".join(typed.replace('"', " ").split()))
    text = " ".join(" ".join([beside, *pieces.phrases]).split())
    parsed = ParsedQuery(text=text, excluded=excluded, conditions=conditions)
    if _is_sentence(typed, beside):
        return replace(parsed, lifted=tuple(pieces.phrases))
    return replace(parsed, phrases=tuple(pieces.phrases))


def without_condition(typed: str, condition: Condition) -> str:
    """Return a query as it was typed, but for one of its conditions."""
    left = _PIECE.sub(lambda match: " " if match.group() == condition.written else match.group(), typed)
    return " ".join(left.split())


def _is_sentence(typed: str, beside: str) -> bool:
    """Say whether quotes are the author's punctuation rather than a demand: a question, or many words beside them."""
    if typed.rstrip().endswith(_QUESTION_MARKS):
        return True
    return len(cut(normalize(beside))) > _MOST_WORDS_BESIDE_A_PHRASE


def stem_counts(text: str, languages: tuple[str, ...]) -> dict[str, int]:
    """Return the stemmed terms of a query in its order, each with its number of words, read in English and each
    language the reader reads.

    A Latin word gives one term for each of her Latin languages; words of other scripts have one stemmer each.
    """
    found: dict[str, int] = {}
    readings = tuple(dict.fromkeys((None, *languages)))
    for word in cut(normalize(text)):
        of_word = dict.fromkeys(term for language in readings for term in word_stems(word, language))
        for term in of_word:
            found[term] = found.get(term, 0) + 1
    return found


def query_stems(text: str, languages: tuple[str, ...]) -> list[str]:
    """Return the distinct terms of :func:`stem_counts`."""
    return list(stem_counts(text, languages))


def query_exact(text: str) -> list[str]:
    """Return the distinct unstemmed terms of a query in its order."""
    return list(dict.fromkeys(exact(text)))


def minimum_matches(terms: int) -> int:
    """Return how many of a query's stems a document must hold: one, and of eight or more a quarter.

    A long question is found though some of its words are missing, yet not by every document holding one of them.
    """
    return max(1, terms // 4)
