"""The words of the embedded engine's documents. Knows no index library: it is given what looks into one."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Protocol

from search.analyzers import is_run, word_stems
from search.engine import WordsKnown
from search.fields import GAP
from search.queries.building import stem_of_word, words_beside
from search.queries.correction import further_words, is_correctable, near_forms, near_words
from search.queries.rewriting import rare_documents, splits
from search.queries.tree import Bool, Everything, Node, Phrase, Term

_POOL = 2_000


class Dictionary(Protocol):
    """What is looked into: the terms of all documents, also of those that a caller may not see."""

    num_docs: int

    def doc_freq(self, field_name: str, field_value: str, /) -> int: ...

    def terms_with_prefix(
        self, field_name: str, prefix: str, filter_query: None = None, limit: int | None = None
    ) -> list[tuple[str, int]]: ...


class Vocabulary:
    """The words of the documents that a caller may see: ``count(node)`` counts those that a node finds."""

    def __init__(self, dictionary: Dictionary, count: Callable[[Node], int]) -> None:
        self._dictionary = dictionary
        self._count = count

    def known(self, words: Sequence[str], texts: Sequence[str], stems_of: Sequence[str] = ()) -> WordsKnown:
        """See :meth:`search.engine.SearchEngine.words`."""
        documents = {text: self._documents(words_beside(text)) for text in (*texts, *words)}
        by_stem = {
            word: self._documents(stem_of_word(word)) for word in words if is_run(word) or documents[word] <= self._rare
        }
        near = {word: self._near(word) for word, found in by_stem.items() if not is_run(word) or found <= self._rare}
        by_stem |= {word: self._documents(stem_of_word(word)) for word in stems_of if word not in by_stem}
        return WordsKnown(documents, by_stem, near)

    def _near(self, word: str) -> tuple[tuple[str, int], ...]:
        """Candidates are made with all documents, and kept with those that the caller may see."""
        if not is_correctable(word):
            return ()
        field = "text_s" if is_run(word) else "text_x"
        split = [(text, self._documents(words_beside(text))) for text in splits(word)]
        near = self._counted(near_words(word, self._frequency(field)), field)
        if not near and not is_run(word):
            near = [
                (form, self._documents(Term("text_s", known)))
                for stem in word_stems(word, None)
                for form, known in near_forms(word, stem, self._frequency("text_s"))
            ]
        if not any(found for _, found in near):
            look = partial(self._dictionary.terms_with_prefix, field, filter_query=None, limit=_POOL)
            near = self._counted(further_words(word, look), field)
        return tuple(pair for pair in (*split, *near) if pair[1])

    def _frequency(self, field: str) -> Callable[[str], int]:
        return partial(self._dictionary.doc_freq, field)

    def _counted(self, words: Sequence[tuple[str, int]], field: str) -> list[tuple[str, int]]:
        """Return those of ``words`` that the caller's documents hold, with the number of these."""
        counted = [(word, self._documents(Term(field, word))) for word, _ in words]
        return [pair for pair in counted if pair[1]]

    @cached_property
    def _rare(self) -> int:
        return rare_documents(self._dictionary.num_docs)

    @cached_property
    def _beyond_sight(self) -> int:
        """How many documents the caller may not see, with the deleted ones that still stand in the dictionary."""
        return max(0, self._dictionary.doc_freq("text_x", GAP) - self._count(Everything()))

    def _documents(self, node: Node) -> int:
        """Count the caller's documents, by looks into the dictionary where these say enough: counts take time.

        What no document holds, his do not hold. Of a word that more documents hold than are beyond his sight, so many
        are his at the least; where that is not rare, nobody needs to know more.
        """
        if isinstance(node, Term):
            surely = self._dictionary.doc_freq(node.field, node.value) - self._beyond_sight
            if surely > self._rare:
                return surely
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
