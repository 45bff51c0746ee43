"""Which words the documents of a caller hold, and what is near to those they do not: requests and their answers.

One request counts the words and asks for what is near to those that few documents hold. Only where the caller's
documents do not hold one, a second request counts in how many of them what is near is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from elasticsearch_dsl import Search

from search.analyzers import is_run, language_of_text, stems, word_stems
from search.engine import WordsKnown
from search.engines.elastic.mapping import FIELDS_OF, analysable
from search.engines.elastic.rendering import render
from search.queries.building import words_beside
from search.queries.correction import MOST_CANDIDATES, TWO_ERRORS_FROM, is_correctable, ranked
from search.queries.rewriting import rare_documents, splits
from search.queries.tree import Bool, Everything, Match, Node, OneOf

# Candidates asked of the server: some will be words of documents that the caller may not see.
_OPTIONS = 4 * MOST_CANDIDATES
_STEM = "stem of "
# At one error, with a stem at one error, at two errors.
_KINDS = ("one", "stem", "two")
# So much above what is needed near words are asked for: changed documents count twice until the server tidies up.
_SPARE = 3
_NO_LIMIT = 2**24
_MOST_CALLERS = 1_000
# What finds each word near to another one, by its kind and itself.
Options = Mapping[tuple[str, str], Node]


class Vocabulary:
    """What one cluster's documents hold. Remembers of each kind of caller how frequent a word may be for all documents
    and yet be rare among his: near words are asked for up to there, and no further, for asking takes time."""

    def __init__(self) -> None:
        self._limits: dict[tuple[str, ...], int] = {}

    def known(
        self,
        asking: Callable[[], Search],
        words: Sequence[str],
        texts: Sequence[str],
        visibility: Sequence[str],
        stems_of: Sequence[str] = (),
    ) -> WordsKnown:
        """Look up, see :meth:`search.engine.SearchEngine.words`. ``asking()`` begins a request in the time left."""
        words = tuple(dict.fromkeys(words))
        runs = [word for word in words if is_run(word)]
        stemmed = tuple(dict.fromkeys((*runs, *stems_of)))
        counted = {text: words_beside(text) for text in (*texts, *words)} | _stems_of(stemmed)
        if not counted:
            return WordsKnown()
        allowed = OneOf("visibility", tuple(visibility))
        correctable = [word for word in words if is_correctable(word)]
        answer, rare = self._first_answer(asking, counted, correctable, allowed)
        documents = _counts(answer)
        by_stem = {word: documents.pop(_STEM + word) for word in stemmed}
        unknown = [word for word in correctable if (by_stem if is_run(word) else documents)[word] <= rare]
        if not unknown:
            return WordsKnown(documents, by_stem)
        options = {word: _options(answer, word) for word in unknown}
        wanted = _stems_of(unknown) | {pair: words_beside(pair) for word in unknown for pair in splits(word)}
        wanted |= {f"{kind}:{near}": node for each in options.values() for (kind, near), node in each.items()}
        found = _counts(_counting(asking(), wanted, allowed).execute().to_dict())
        by_stem |= {word: found[_STEM + word] for word in unknown}
        return WordsKnown(documents, by_stem, {word: _near(word, options[word], found) for word in unknown})

    def _first_answer(
        self, asking: Callable[[], Search], counted: Mapping[str, Node], correctable: Sequence[str], allowed: OneOf
    ) -> tuple[dict[str, Any], int]:
        """Ask; return the answer with the number of the caller's documents that a rare word is in at most.

        Asks again where the documents beyond his sight have become so many that near words may have been left out.
        """
        limit = self._limits.get(allowed.values, _NO_LIMIT)
        search = _suggesting(_counting(asking(), counted, allowed), correctable, limit)
        search.aggs.bucket("everything", "global")
        answer = search.execute().to_dict()
        visible = int(answer["hits"]["total"]["value"])
        rare = rare_documents(visible)
        needed = rare + answer["aggregations"]["everything"]["doc_count"] - visible
        if len(self._limits) >= _MOST_CALLERS:
            self._limits.clear()
        self._limits[allowed.values] = _SPARE * needed
        return (answer, rare) if needed <= limit else self._first_answer(asking, counted, correctable, allowed)


def _near(word: str, options: Options, found: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return what a word may be a misspelling of, with the number of the caller's documents.

    Words with a stem near to its own only where nothing is nearer, those at two errors only where nothing else is.
    """
    near = [(pair, found[pair]) for pair in splits(word)]
    for kind in _KINDS:
        counted = [(text, found[f"{kind}:{text}"]) for of, text in options if of == kind]
        if any(documents for _, documents in counted):
            near += counted
            break
    return tuple(pair for pair in near if pair[1])


def _stems_of(words: Sequence[str]) -> dict[str, Node]:
    """Return what finds the stems of words, which are Lucene's here, by names of their own."""
    return {_STEM + word: _stem_of(word) for word in words}


def _stem_of(word: str) -> Node:
    if not stems(word):
        return Bool(must_not=(Everything(),))
    return Bool(should=tuple(Match(f"text_{each}", analysable(word), "100%") for each in FIELDS_OF), minimum=1)


def _counting(search: Search, counted: Mapping[str, Node], allowed: OneOf) -> Search:
    """Count the documents of each node among the allowed ones."""
    search = search[:0].filter(render(allowed))
    filters = {text: render(node) for text, node in counted.items()}
    search.aggs.bucket("counted", "filters", filters=filters)
    return search


def _counts(answer: Mapping[str, Any]) -> dict[str, int]:
    """Return the count of each node."""
    buckets = answer["aggregations"]["counted"]["buckets"]
    return {text: int(bucket["doc_count"]) for text, bucket in buckets.items()}


def _suggesting(search: Search, words: Sequence[str], limit: int) -> Search:
    """Ask for words, and stems, at one error anywhere, and for long words at two after the third letter.

    Of a word that more than ``limit`` of all documents hold, nothing is asked.
    """
    # "always": that a word is known to documents of others must not keep it from being corrected.
    term = {
        "suggest_mode": "always",
        "size": _OPTIONS,
        "analyzer": "whitespace",
        "min_word_length": 3,
        "max_term_freq": limit,
    }
    for word in words:
        field = "text_ja" if is_run(word) else "text_x"
        one = {**term, "field": field, "max_edits": 1, "prefix_length": 0}
        search = search.suggest(f"one {word}", word, term=one)
        if stem := _own_stem(word):
            search = search.suggest(f"stem {word}", stem, term={**one, "field": f"text_{language_of_text(word)}"})
        if len(word) >= TWO_ERRORS_FROM:
            two = {**term, "field": field, "max_edits": 2, "prefix_length": 3}
            search = search.suggest(f"two {word}", word, term=two)
    return search


def _own_stem(word: str) -> str | None:
    """Return the stem that a correctable word is made of; None where it is no stretch of the word."""
    own = () if is_run(word) else word_stems(word, None)
    return own[0] if len(own) == 1 and own[0] in word and is_correctable(own[0]) else None


def _options(answer: Mapping[str, Any], word: str) -> dict[tuple[str, str], Node]:
    """Return the words near to ``word``, those of each kind with the likelier first: see the embedded engine's."""
    stem = _own_stem(word)
    found: dict[tuple[str, str], Node] = {}
    for kind in _KINDS:
        entries = answer["suggest"].get(f"{kind} {word}", ())
        known = [(option["text"], int(option["freq"])) for entry in entries for option in entry["options"]]
        wrong = (stem or word) if kind == "stem" else word
        for near, _ in ranked(wrong, known)[: 2 * MOST_CANDIDATES]:
            text = word.replace(wrong, near, 1) if kind == "stem" else near
            found[kind, text] = _stem_of(text) if kind == "stem" else words_beside(text)
    return found
