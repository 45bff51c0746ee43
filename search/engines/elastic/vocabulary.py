"""Which words the documents of a caller hold, and what is near to those they do not: requests and their answers.

One request counts the words. Only where one is unknown, a second one asks for words near to it, and a third counts in
how many of the caller's own documents these are.
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


def known(asking: Callable[[], Search], words: Sequence[str], texts: Sequence[str], allowed: OneOf) -> WordsKnown:
    """Look up. ``asking()`` begins a request with the time that is left."""
    words = tuple(dict.fromkeys(words))
    runs = [word for word in words if is_run(word)]
    counted = {text: words_beside(text) for text in (*texts, *words)} | _stems_of(runs)
    if not counted:
        return WordsKnown()
    documents, visible = _counts(_counting(asking(), counted, allowed).execute().to_dict())
    by_stem = {word: documents.pop(_STEM + word) for word in runs}
    rare = rare_documents(visible)
    unknown = [word for word in words if by_stem.get(word, documents[word]) <= rare and is_correctable(word)]
    if not unknown:
        return WordsKnown(documents, by_stem)
    asked = _stems_of(unknown) | {pair: words_beside(pair) for word in unknown for pair in splits(word)}
    answer = _suggesting(_counting(asking(), asked, allowed), unknown).execute().to_dict()
    found, _ = _counts(answer)
    by_stem |= {word: found.pop(_STEM + word) for word in unknown}
    options = {word: _options(answer, word, number) for number, word in enumerate(unknown)}
    wanted = {near: node for each in options.values() for near, node in each.items()}
    if wanted:
        found |= _counts(_counting(asking(), wanted, allowed).execute().to_dict())[0]
    near = {
        word: tuple((text, found[text]) for text in (*splits(word), *options[word]) if found[text]) for word in unknown
    }
    return WordsKnown(documents, by_stem, near)


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


def _counts(answer: Mapping[str, Any]) -> tuple[dict[str, int], int]:
    """Return the count of each node, and how many documents the caller has."""
    buckets = answer["aggregations"]["counted"]["buckets"]
    counts = {text: int(bucket["doc_count"]) for text, bucket in buckets.items()}
    return counts, int(answer["hits"]["total"]["value"])


def _suggesting(search: Search, words: Sequence[str]) -> Search:
    """Ask for words, and stems, at one error anywhere, and for long words at two after the third letter."""
    # "always": that a word is known to documents of others must not keep it from being corrected.
    term = {"suggest_mode": "always", "size": _OPTIONS, "analyzer": "whitespace", "min_word_length": 3}
    for number, word in enumerate(words):
        field = "text_ja" if is_run(word) else "text_x"
        one = {**term, "field": field, "max_edits": 1, "prefix_length": 0}
        search = search.suggest(f"one {number}", word, term=one)
        if stem := _own_stem(word):
            search = search.suggest(f"stem {number}", stem, term={**one, "field": f"text_{language_of_text(word)}"})
        if len(word) >= TWO_ERRORS_FROM:
            two = {**term, "field": field, "max_edits": 2, "prefix_length": 3}
            search = search.suggest(f"two {number}", word, term=two)
    return search


def _own_stem(word: str) -> str | None:
    """Return the stem that a correctable word is made of; None where it is no stretch of the word."""
    own = () if is_run(word) else word_stems(word, None)
    return own[0] if len(own) == 1 and own[0] in word and is_correctable(own[0]) else None


def _options(answer: Mapping[str, Any], word: str, number: int) -> dict[str, Node]:
    """Return the words near to ``word``, the likelier first, each with what finds it: see the embedded engine's.

    Those with a stem near to its own only where nothing is nearer, those at two errors only where nothing else is.
    """

    def options(name: str, wrong: str) -> list[str]:
        entries = answer["suggest"].get(f"{name} {number}", ())
        found = [(option["text"], int(option["freq"])) for entry in entries for option in entry["options"]]
        return [text for text, _ in ranked(wrong, found)][: 2 * MOST_CANDIDATES]

    if near := options("one", word):
        return {each: words_beside(each) for each in near}
    stem = _own_stem(word)
    if stem and (near := options("stem", stem)):
        return {(form := word.replace(stem, each, 1)): _stem_of(form) for each in near}
    return {each: words_beside(each) for each in options("two", word)}
