"""A circuit breaker: an engine that fails is left alone for a while, so that no reader waits for it in vain.

The pattern of M. T. Nygard, "Release It!" (2007). Closed: calls go through. After ``failures`` in a row it opens: no
call goes through for ``pause`` seconds. Then half open: one call is let through, and decides.
"""

import threading
import time
from collections.abc import Callable


class CircuitBreaker:
    """Shared by the threads of a process. ``tell`` hears of every new state."""

    def __init__(
        self,
        *,
        failures: int = 3,
        pause: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
        tell: Callable[[str], None] = lambda state: None,
    ) -> None:
        self._limit = failures
        self._pause = pause
        self._clock = clock
        self._tell = tell
        self._lock = threading.Lock()
        self._failed = 0
        self._opened_at: float | None = None
        self._probing_since: float | None = None

    @property
    def state(self) -> str:
        """``closed``, ``open`` or ``half-open`` (the next call is the probe)."""
        with self._lock:
            if self._opened_at is None:
                return "closed"
            return "half-open" if self._clock() - self._opened_at >= self._pause else "open"

    def allows(self) -> bool:
        """Say whether a call may go through now. After True the caller reports success or failure."""
        with self._lock:
            now = self._clock()
            if self._opened_at is None:
                return True
            if now - self._opened_at < self._pause:
                return False
            # A probe whose caller never reported must not keep the circuit open for ever.
            if self._probing_since is not None and now - self._probing_since < self._pause:
                return False
            self._probing_since = now
            self._tell("half-open")
            return True

    def succeeded(self) -> None:
        with self._lock:
            if self._opened_at is not None:
                self._tell("closed")
            self._failed = 0
            self._opened_at = self._probing_since = None

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._limit or self._opened_at is not None:
                self._opened_at = self._clock()
                self._probing_since = None
                self._tell("open")

    def reset(self) -> None:
        self.succeeded()
