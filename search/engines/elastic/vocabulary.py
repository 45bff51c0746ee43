"""Which words the documents of a caller hold, and what is near to those they do not: requests and their answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from elasticsearch_dsl import Search

from search.analyzers import is_run, stems
from search.engine import WordsKnown
from search.engines.elastic.mapping import FIELDS_OF, analysable
from search.engines.elastic.rendering import render
from search.queries.building import words_beside
from search.queries.correction import MOST_CANDIDATES, is_correctable, ranked
from search.queries.rewriting import rare_documents, splits
from search.queries.tree import Bool, Match, Node, OneOf

# Candidates asked of the server: some will be words of documents that the caller may not see.
_OPTIONS = 4 * MOST_CANDIDATES


def known(asking: Callable[[], Search], words: Sequence[str], texts: Sequence[str], allowed: OneOf) -> WordsKnown:
    """Ask once, and once more when a word is unknown. ``asking()`` begins a request with the time that is left."""
    counted = {word: _known_word(word) for word in words} | {text: words_beside(text) for text in texts}
    if not counted:
        return WordsKnown()
    search = _suggesting(_counting(asking(), counted, allowed), words)
    answer = search.execute().to_dict()
    documents = _counts(answer)
    rare = rare_documents(answer["hits"]["total"]["value"])
    options = {word: _options(answer, number) for number, word in enumerate(words) if documents[word] <= rare}
    candidates = {word: [*splits(word), *(near for near, _ in ranked(word, found))] for word, found in options.items()}
    wanted = {text: words_beside(text) for found in candidates.values() for text in found}
    if not wanted:
        return WordsKnown(documents)
    visible = _counts(_counting(asking(), wanted, allowed).execute().to_dict())
    near = {word: tuple((text, visible[text]) for text in found if visible[text]) for word, found in candidates.items()}
    return WordsKnown(documents, near)


def _known_word(word: str) -> Node:
    """See :func:`search.queries.building.known_word`: here the stems are Lucene's."""
    if not stems(word):
        return words_beside(word)
    by_stem = tuple(Match(f"text_{language}", analysable(word), "100%") for language in FIELDS_OF)
    return Bool(should=by_stem if is_run(word) else (words_beside(word), *by_stem), minimum=1)


def _counting(search: Search, counted: Mapping[str, Node], allowed: OneOf) -> Search:
    """Count the documents of each node among the allowed ones."""
    search = search[:0].filter(render(allowed))
    filters = {text: render(node) for text, node in counted.items()}
    search.aggs.bucket("counted", "filters", filters=filters)
    return search


def _counts(answer: Mapping[str, Any]) -> dict[str, int]:
    buckets = answer["aggregations"]["counted"]["buckets"]
    return {text: int(bucket["doc_count"]) for text, bucket in buckets.items()}


def _suggesting(search: Search, words: Iterable[str]) -> Search:
    # "always": that a word is known to documents of others must not keep it from being corrected.
    term = {"suggest_mode": "always", "prefix_length": 0, "size": _OPTIONS, "max_edits": 2, "analyzer": "whitespace"}
    for number, word in enumerate(words):
        if is_correctable(word):
            field = "text_ja" if is_run(word) else "text_x"
            search = search.suggest(str(number), word, term={**term, "field": field})
    return search


def _options(answer: Mapping[str, Any], number: int) -> list[tuple[str, int]]:
    entries = answer.get("suggest", {}).get(str(number), ())
    return [(option["text"], int(option["freq"])) for entry in entries for option in entry["options"]]
