"""Which types of document there are. Each app registers its own in ``AppConfig.ready()``.

>>> register(IndexedType(name="question", load=documents_load, ids=ids_iterate, fallback=questions_fallback))
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from search.documents import SearchDocument, SearchRequest


@dataclass(frozen=True, slots=True)
class IndexedType:
    """How the search learns of one type of document.

    ``load(ids)`` gives the documents as the database has them now, in few queries; an id that gives none
    is a deletion. ``ids()`` streams the id of every document there should be, and holds no query open meanwhile
    (:func:`search.reading.primary_keys`), because the reader writes in between. ``fallback(request)`` answers from
    the database while the engine is down: at most ``request.offset + request.limit`` documents that match and
    that ``request.visibility`` allows, in the order of ``request.sort``.
    """

    name: str
    load: Callable[[Sequence[str]], Iterable[SearchDocument]]
    ids: Callable[[], Iterator[str]]
    fallback: Callable[[SearchRequest], Sequence[SearchDocument]] | None = None


_registered: dict[str, IndexedType] = {}


def register(indexed: IndexedType) -> None:
    """Add a type. Registering a name again replaces it (``ready()`` may run twice in tests)."""
    if not indexed.name.isidentifier():
        raise ValueError(f"a document type is a plain word, not {indexed.name!r}")
    _registered[indexed.name] = indexed


def unregister(name: str) -> None:
    _registered.pop(name, None)


def registered() -> tuple[IndexedType, ...]:
    """Return all types in the order of registration."""
    return tuple(_registered.values())


def indexed_type(name: str) -> IndexedType | None:
    """Return the type of that name, or None: an entry of a type that no installed app knows any more."""
    return _registered.get(name)
