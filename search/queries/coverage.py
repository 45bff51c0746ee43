"""How much of what was asked a document holds: a poor match may well be the first of all results."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from search.analyzers import exact, is_run, stems, word_stems
from search.documents import Expansion, SearchDocument
from search.queries.telling import rarity


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a query as written, without stop words, each with the number of documents that hold it.

    ``documents`` is the number of all documents.
    """

    words: Mapping[str, int] = field(default_factory=dict)
    documents: int = 0

    def weights(self, by_stem: Mapping[str, int]) -> dict[str, float]:
        """Return what each word weighs: its rarity (:func:`search.queries.telling.rarity`).

        A word that no document holds weighs most: it is what nobody has written about. ``by_stem`` are the documents
        that hold the stem of a word, where that is known: another form of an everyday word is none the rarer.
        """
        return {
            word: rarity(max(found, by_stem.get(word, 0)), max(self.documents, 1)) for word, found in self.words.items()
        }


def coverage(
    document: SearchDocument,
    words: Mapping[str, float],
    *,
    reads: Sequence[str] = (),
    expansions: Iterable[Expansion] = (),
) -> float | None:
    """Return the share (0 to 1) of the weight of ``words`` that a document holds, None where there are no words.

    Held is a word that stands there, its stem in a language that the reader reads or that of the document, or all that
    it may mean besides by one of the ``expansions``.
    """
    weight = sum(words.values())
    if not weight:
        return None
    holds = _Held.of(document, reads)
    held = {word for word in words if holds.word(word)}
    for expansion in expansions:
        stands_for = [word for word in exact(expansion.of) if word in words and word not in held]
        if stands_for and holds.all_of(expansion.text):
            held.update(stands_for)
    return sum(words[word] for word in held) / weight


@dataclass(frozen=True)
class _Held:
    """The terms of a document's title, names, body and answers, as far as the index gives these back."""

    text: str
    languages: tuple[str | None, ...]

    @classmethod
    def of(cls, document: SearchDocument, reads: Sequence[str]) -> "_Held":
        names = (name for _language, name in document.names)
        text = "\n".join([document.title, *names, document.body, document.answers])
        return cls(text, tuple(dict.fromkeys((document.language, None, *reads))))

    @cached_property
    def _exact(self) -> frozenset[str]:
        return frozenset(exact(self.text))

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stems(self.text, self.languages[0]))

    def word(self, word: str) -> bool:
        # Scripts without spaces are compared by pairs of characters, which have no stems.
        if word in self._exact or is_run(word):
            return word in self._exact
        return any(not self._stems.isdisjoint(word_stems(word, language)) for language in self.languages)

    def all_of(self, text: str) -> bool:
        terms = exact(text)
        return bool(terms) and all(map(self.word, terms))
