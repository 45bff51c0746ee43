"""What an engine must be able to do. Two do it: :mod:`search.engines.embedded` and :mod:`search.engines.elastic`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from search.documents import (
    DocumentKey,
    Facets,
    SearchDocument,
    SearchRequest,
    SimilarRequest,
    SuggestRequest,
)
from search.queries.coverage import Asked


class EngineError(Exception):
    """The engine did not do what it was asked."""


class EngineUnavailable(EngineError):
    """The engine cannot be reached, or did not answer in time."""


class IndexMissing(EngineError):
    """There is no index yet, or one of another shape: :func:`search.setup.ensure_ready` makes it."""


class WriterBusy(EngineError):
    """Another process writes the index now; it also does what waits in the outbox."""


@dataclass(frozen=True, slots=True)
class Found:
    """A document the engine found, with its relevance."""

    document: SearchDocument
    relevance: float


@dataclass(frozen=True, slots=True)
class EngineResult:
    """What an engine answers: the page of documents, how many there are in all, and the facets.

    ``totals`` says how many documents each text of :attr:`SearchRequest.compared` would find at its first, strict look.
    ``asked`` are the query's words and how many documents hold each.
    """

    found: tuple[Found, ...] = ()
    total: int = 0
    facets: Facets = field(default_factory=dict)
    totals: tuple[int, ...] = ()
    asked: Asked = field(default_factory=Asked)


@dataclass(frozen=True, slots=True)
class WordsKnown:
    """What the documents of a caller hold.

    ``documents`` counts those that hold a word, or the words of a text side by side, as written; ``by_stem`` those that
    hold the stem of a word. ``near`` holds, for each word that no or few documents hold as written, the words (or the
    pair of words) it may be a misspelling of, with their documents.
    """

    documents: Mapping[str, int] = field(default_factory=dict)
    by_stem: Mapping[str, int] = field(default_factory=dict)
    near: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """What became of a batch: documents written or already newer, and those refused with the reason."""

    applied: int = 0
    refused: dict[DocumentKey, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One line of an index listing: which document, its content hash and the version that wrote it."""

    key: DocumentKey
    content_hash: int
    version: int


@dataclass(frozen=True, slots=True)
class Health:
    """``reachable``: the engine answers. ``has_index``: there is an index of this code's shape to search."""

    reachable: bool
    has_index: bool
    detail: str = ""


class SearchEngine(Protocol):
    """The one interface. Methods raise :class:`EngineError` (or a subclass) and nothing else.

    A *generation* is one complete index. One is current: searches ask it. A rebuild begins a second one beside it;
    from then on :meth:`apply` writes to both, until the rebuild commits it (searches move over at once, the former
    one is dropped) or abandons it.
    """

    name: str
    remote: bool
    exclusive_writer: bool

    def search(self, request: SearchRequest, *, timeout: float | None = None) -> EngineResult:
        """Find. ``timeout`` in seconds bounds a remote engine; the embedded one ignores it."""
        ...

    def suggest(self, request: SuggestRequest, *, timeout: float | None = None) -> EngineResult: ...

    def similar(self, request: SimilarRequest, *, timeout: float | None = None) -> EngineResult: ...

    def words(
        self,
        words: Sequence[str],
        texts: Sequence[str],
        visibility: Sequence[str],
        *,
        stems_of: Sequence[str] = (),
        timeout: float | None = None,
    ) -> WordsKnown:
        """Tell which of ``words`` and ``texts`` (folded) are known, and what is near to each word that is not.

        Of the words in ``stems_of`` only the documents that hold their stem are counted, in ``by_stem``.
        Known are the words of documents that a caller with these ``visibility`` tokens may see: nothing told here
        may depend on words that only others' documents hold.
        """
        ...

    def writing(self, *, wait: float = 0.0) -> AbstractContextManager[None]:
        """Hold the right to write. Raises :class:`WriterBusy` when another process has it after ``wait`` seconds."""
        ...

    def kept_open(self) -> AbstractContextManager[None]:
        """Keep, for a process that writes often, the right to write between batches; let go at the end."""
        ...

    def yield_writer(self) -> bool:
        """Let go of a kept right to write if another process waits for it; say whether it was let go."""
        ...

    def apply(
        self,
        upserts: Sequence[SearchDocument],
        deletes: Sequence[DocumentKey],
        *,
        version: int,
        generation: str | None = None,
    ) -> ApplyResult:
        """Write a batch, each document only where nothing newer than ``version`` is. Without ``generation`` to
        the current index and to one being built; searchable on return. Call it inside :meth:`writing`."""
        ...

    def create_generation(self) -> str:
        """Begin a new, empty generation and return its name. One that was being built is dropped."""
        ...

    def commit_generation(self, generation: str) -> None:
        """Make it the current one, at once and for all processes; drop the former one."""
        ...

    def abandon_generation(self, generation: str) -> None: ...

    def listing(self, document_type: str, *, generation: str | None = None) -> Iterator[IndexEntry]:
        """Stream what the index holds of a type (of the current generation unless named)."""
        ...

    def count(self, *, generation: str | None = None) -> int: ...

    def health(self) -> Health: ...

    def drop(self) -> None:
        """Remove every index of this prefix or folder."""
        ...

    def close(self) -> None:
        """Let go of locks, files and sockets."""
        ...
