"""Following something kept in a database without a query for each use.

Every few seconds, when somebody asks, the version of the source is read: one number. Only another number makes the
rest be read again. A process that changes the source calls :meth:`Followed.look_soon` and is up to date at the next
use. When the source cannot be read, what was known last stays in force.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from search.conf import search_settings

logger = logging.getLogger(__name__)

Kept = TypeVar("Kept")


class Followed(Generic[Kept]):
    """What ``read()`` gave last; ``version()`` is a number that changes with it. ``empty`` holds until something is
    read. Both are called by one thread at a time, the others go on with what is known.
    """

    def __init__(
        self,
        name: str,
        *,
        empty: Kept,
        version: Callable[[], int] | None = None,
        read: Callable[[], Kept] | None = None,
    ) -> None:
        self._name = name
        self._empty = empty
        self._version_of, self._read = version, read
        self._lock = threading.Lock()
        self.forget()

    def follow(self, *, version: Callable[[], int] | None, read: Callable[[], Kept] | None) -> None:
        """Follow another source (None: none)."""
        self._version_of, self._read = version, read
        self.forget()

    def forget(self) -> None:
        """Know nothing: the next use reads the source."""
        self._kept: Kept | None = None
        self._version: int | None = None
        self._look_at = 0.0

    def hold(self, kept: Kept) -> None:
        """Take something as known now; the source is asked after the usual time, or once it is said to have changed."""
        self._kept, self._version = kept, None
        self._look_at = time.monotonic() + search_settings().terms_check

    def look_soon(self) -> None:
        """Look at the source at the next use."""
        self._look_at = 0.0

    def current(self) -> Kept:
        """Return what is in force."""
        if self._version_of is None or self._read is None:
            return self._empty
        if self._is_due() and self._lock.acquire(blocking=self._kept is None):
            try:
                if self._is_due():
                    self._look(self._version_of, self._read)
            finally:
                self._lock.release()
        return self._empty if self._kept is None else self._kept

    def _is_due(self) -> bool:
        return self._kept is None or time.monotonic() >= self._look_at

    def _look(self, version_of: Callable[[], int], read: Callable[[], Kept]) -> None:
        self._look_at = time.monotonic() + search_settings().terms_check
        try:
            # Before the rest: a change between the two is seen at the next look.
            version = version_of()
            if self._kept is None or version != self._version:
                self._kept, self._version = read(), version
        except Exception:
            logger.warning("The %s could not be read; searches go on with what is known", self._name, exc_info=True)
            self._kept = self._empty if self._kept is None else self._kept
