"""Taking turns by name, and what the database says when two could not."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from .errors import Busy

# PostgreSQL: serialization_failure, deadlock_detected, lock_not_available.
_CONFLICTS = frozenset({"40001", "40P01", "55P03"})
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


@contextmanager
def conflicts_told() -> Iterator[None]:
    """Raises ``Busy``, which a person can be told, where the database gave up because of another transaction."""
    try:
        yield
    except OperationalError as error:
        if is_lock_conflict(error):
            raise Busy from error
        raise
