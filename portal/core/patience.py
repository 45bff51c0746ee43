"""Writes that are not worth waiting for: on SQLite, where all writers take turns, they wait a moment only."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def brief_transaction(*, milliseconds: int = 50) -> Iterator[None]:
    """A transaction that gives up (``OperationalError``) where SQLite's writer is busy for longer than this."""
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    connection.ensure_connection()
    raw = connection.connection
    (usual,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute(f"PRAGMA busy_timeout = {int(milliseconds)}")
    try:
        with transaction.atomic():
            yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {int(usual)}")
