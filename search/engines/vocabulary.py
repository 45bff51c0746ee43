"""The words of the embedded engine's documents. Knows no index library: it is given what looks into one."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from search.analyzers import is_run
from search.engine import WordsKnown
from search.queries.building import stem_of_word, words_beside
from search.queries.correction import is_correctable, near_words
from search.queries.rewriting import rare_documents, splits
from search.queries.tree import Bool, Node, Phrase, Term

_POOL = 2_000


class Dictionary(Protocol):
    """What is looked into: the terms of all documents, also of those that a caller may not see."""

    num_docs: int

    def doc_freq(self, field: str, term: str, /) -> int: ...

    def terms_with_prefix(
        self, field: str, prefix: str, filter_query: None, limit: int, /
    ) -> list[tuple[str, int]]: ...


class Vocabulary:
    """The words of the documents that a caller may see: ``count(node)`` counts those that a node finds."""

    def __init__(self, dictionary: Dictionary, count: Callable[[Node], int]) -> None:
        self._dictionary = dictionary
        self._count = count

    def known(self, words: Sequence[str], texts: Sequence[str]) -> WordsKnown:
        """See :meth:`search.engine.SearchEngine.words`."""
        documents = {text: self._documents(words_beside(text)) for text in (*texts, *words)}
        by_stem = {word: self._documents(stem_of_word(word)) for word in words}
        rare = rare_documents(self._dictionary.num_docs)
        near = {word: self._near(word) for word in words if (by_stem if is_run(word) else documents)[word] <= rare}
        return WordsKnown(documents, by_stem, near)

    def _near(self, word: str) -> tuple[tuple[str, int], ...]:
        """Candidates are made with all documents, and kept with those that the caller may see."""
        if not is_correctable(word):
            return ()
        field = "text_s" if is_run(word) else "text_x"
        candidates = near_words(
            word,
            partial(self._dictionary.doc_freq, field),
            lambda start: self._dictionary.terms_with_prefix(field, start, None, _POOL),
        )
        counted = [(text, self._documents(words_beside(text))) for text in splits(word)]
        counted += [(near, self._documents(Term(field, near))) for near, _ in candidates]
        return tuple(pair for pair in counted if pair[1])

    def _documents(self, node: Node) -> int:
        """A look into the dictionary spares most counts: what no document holds, the caller's do not hold."""
        return self._count(node) if self._may_be_held(node) else 0

    def _may_be_held(self, node: Node) -> bool:
        match node:
            case Term(field, value):
                return bool(self._dictionary.doc_freq(field, value))
            case Phrase(field, terms):
                return all(self._dictionary.doc_freq(field, term) for term in terms)
            case Bool(filters=filters, should=should):
                return all(map(self._may_be_held, filters)) and (not should or any(map(self._may_be_held, should)))
        return True
