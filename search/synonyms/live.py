"""The termbase in force in this process, followed without a query for each search.

Every few seconds, when somebody searches, the version of the source is read: one number. Only another number makes the
concepts be read again. A process that publishes calls :func:`changed` and is up to date at its next search. When the
source cannot be read, the concepts known last stay in force.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from search.conf import search_settings
from search.synonyms.concepts import Concept
from search.synonyms.matching import Termbase

logger = logging.getLogger(__name__)

EMPTY = Termbase()


@dataclass(frozen=True, slots=True)
class TermSource:
    """Where concepts are kept: ``version()`` is a number that changes with them, ``load()`` reads them all."""

    version: Callable[[], int]
    load: Callable[[], Iterable[Concept]]


class LiveTermbase:
    """Holds the termbase of a process and reads it again when its source says so."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._source: TermSource | None = None
        self.forget()

    def forget(self) -> None:
        """Know nothing: the next look reads the source."""
        self._termbase: Termbase | None = None
        self._version: int | None = None
        self._look_at = 0.0

    def follow(self, source: TermSource | None) -> None:
        self._source = source
        self.forget()

    def look_soon(self) -> None:
        """Look at the source at the next search."""
        self._look_at = 0.0

    def current(self) -> Termbase:
        """Return the termbase in force. One thread reads it anew; the others go on with what is known."""
        if self._source is None:
            return EMPTY
        if time.monotonic() >= self._look_at and self._lock.acquire(blocking=self._termbase is None):
            try:
                if time.monotonic() >= self._look_at:
                    self._look(self._source)
            finally:
                self._lock.release()
        return self._termbase or EMPTY

    def _look(self, source: TermSource) -> None:
        self._look_at = time.monotonic() + search_settings().terms_check
        try:
            # Before the concepts: a change between the two is seen at the next look.
            version = source.version()
            if self._termbase is None or version != self._version:
                self._termbase, self._version = Termbase(source.load()), version
        except Exception:
            logger.warning("The termbase could not be read; searches go on with what is known", exc_info=True)
            self._termbase = self._termbase or EMPTY


_live = LiveTermbase()
_instead: ContextVar[Termbase | None] = ContextVar("termbase", default=None)


def register_source(source: TermSource | None) -> None:
    """Say where the concepts are kept (None: nowhere); called in an app's ``ready()``."""
    _live.follow(source)


def changed() -> None:
    """Say, once it is committed, that this process changed the concepts."""
    _live.look_soon()


def forget() -> None:
    """Drop what is known, so that the next search reads the source."""
    _live.forget()


def current() -> Termbase:
    """Return the termbase in force here and now."""
    return _instead.get() or _live.current()


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
