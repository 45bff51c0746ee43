"""The only place that asks what time it is, so that tests and loaders of a history can say."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Returns the present moment, aware, in UTC; inside of ``clock_at`` the one that it names."""
    return _told.get() or timezone.now()


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Lets the block run at another moment (aware), in this thread alone: for a history that is played anew."""
    before = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(before)
