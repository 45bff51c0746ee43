"""The termbase in force in this process, followed without a query for each search (:mod:`search.following`)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from search.following import Followed
from search.synonyms.concepts import Concept
from search.synonyms.matching import Termbase


@dataclass(frozen=True, slots=True)
class TermSource:
    """Where concepts are kept: ``version()`` is a number that changes with them, ``load()`` reads them all."""

    version: Callable[[], int]
    load: Callable[[], Iterable[Concept]]


followed = Followed("termbase", empty=Termbase())
_instead: ContextVar[Termbase | None] = ContextVar("termbase", default=None)


def register_source(source: TermSource | None) -> None:
    """Say where the concepts are kept (None: nowhere); called in an app's ``ready()``."""
    if source is None:
        followed.follow(version=None, read=None)
        return
    load = source.load
    followed.follow(version=source.version, read=lambda: Termbase(load()))


def changed() -> None:
    """Say, once it is committed, that this process changed the concepts."""
    followed.look_soon()


def forget() -> None:
    """Drop what is known, so that the next search reads the source."""
    followed.forget()


def current() -> Termbase:
    """Return the termbase in force here and now."""
    return _instead.get() or followed.current()


@contextmanager
def using(termbase: Termbase) -> Iterator[None]:
    """Search with another termbase inside this block: what a change would do, before it is published."""
    token = _instead.set(termbase)
    try:
        yield
    finally:
        _instead.reset(token)


def is_protected(word: str) -> bool:
    """Say whether a word belongs to a protected term of the termbase in force: leave it as it is."""
    return current().is_protected(word)
