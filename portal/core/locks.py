"""Taking turns by name, what the database says when two could not, and trying again then.

A deadlock costs one of the two its whole transaction and says nothing about what it wanted to do: a moment later the
same act passes. So the doors to the services (a view's form in ``ErrorPagesMiddleware``, a form with a draft, a call of
the API) try again by ``repeated``, and a person is told only where that did not help either.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, transaction

from .errors import Busy

# PostgreSQL: serialization_failure, deadlock_detected, lock_not_available.
_CONFLICTS = frozenset({"40001", "40P01", "55P03"})
# Of these the other one is through already: it is worth trying again. Who ran into a timeout has waited enough.
_PASSING = frozenset({"40001", "40P01"})
# So often an act is tried again, after a pause of so many seconds, random so that two do not meet again.
REPEATS, PAUSES_MS = 2, range(20, 150)
Made = TypeVar("Made")
# SQLite: SQLITE_BUSY and SQLITE_LOCKED; the low byte of an extended code.
_BUSY = frozenset({5, 6})


def named_lock(name: str) -> None:
    """Waits for the lock of this name and holds it until the transaction ends; every process of the portal knows it.

    To be taken before any row, so that nobody waits for the name with a row in hand. On SQLite nothing is left to do:
    a transaction there begins IMMEDIATE, with the only write lock in hand. Raises ``TransactionManagementError``
    outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A named lock is held until the transaction ends: begin one.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number(name)])


def lock_number(name: str) -> int:
    """Returns the signed 64-bit number under which PostgreSQL knows the lock of a name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


def is_lock_conflict(error: BaseException) -> bool:
    """Whether the database gave a transaction up because of another one (deadlock, lock timeout, a busy SQLite file).

    Nothing of such a transaction is left, and the same act may well pass a moment later.
    """
    cause = error.__cause__
    if not isinstance(error, OperationalError) or cause is None:
        return False
    if getattr(cause, "sqlstate", None) in _CONFLICTS:
        return True
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _BUSY


def is_passing(error: BaseException) -> bool:
    """Whether an act that ended so may pass when it is done again at once, and has not been done again yet."""
    if isinstance(error, Busy):
        return not error.repeated and (error.__cause__ is None or is_passing(error.__cause__))
    return is_lock_conflict(error) and getattr(error.__cause__, "sqlstate", None) in _PASSING


def repeated(act: Callable[[], Made], *, times: int = REPEATS) -> Made:
    """Returns what ``act`` returns; where another transaction cost it its own, it is done again, ``times`` at most.

    act: writes in one transaction and nowhere else, so that nothing is left of it where it raises. Raises ``Busy``
    where it never passed. Inside of a transaction it is done once: what is lost there is more than the act.
    """
    if connection.in_atomic_block:
        return act()
    while True:
        try:
            return act()
        except Exception as error:
            if not is_passing(error):
                raise
            if not times:
                raise Busy(repeated=True) from error
        times -= 1
        conflict_pause()


def conflict_pause() -> None:
    """Waits a moment, not as long as the other one that gave way."""
    time.sleep(secrets.choice(PAUSES_MS) / 1000)


@contextmanager
def conflicts_told() -> Iterator[None]:
    """Raises ``Busy``, which a person can be told, where the database gave up because of another transaction."""
    try:
        yield
    except OperationalError as error:
        if is_lock_conflict(error):
            raise Busy from error
        raise
