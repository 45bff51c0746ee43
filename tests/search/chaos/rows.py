"""Rows of one table, which change through SQL: the search library without the portal."""

import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from search.documents import SearchDocument

TABLE = (
    "CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, title TEXT, hidden INT DEFAULT 0, deleted INT DEFAULT 0)"
)


def prepare() -> None:
    """Set up Django with the search alone, on the folder and the engine that the environment names."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    area = Path(os.environ["PORTAL_DATA_DIR"])
    settings.configure(
        INSTALLED_APPS=["search"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(area / "rows.sqlite3"),
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 20,
                    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
                },
            }
        },
        SEARCH={
            "ELASTICSEARCH_URL": os.environ.get("ELASTICSEARCH_URL"),
            "EMBEDDED_PATH": area / "search",
            "INDEX_PREFIX": "chaos",
        },
        USE_TZ=True,
    )
    django.setup()
    from search.registry import IndexedType, register

    if not (area / "rows.sqlite3").exists():
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
    register(IndexedType(name="row", load=load, ids=every_id))


def load(ids: Sequence[str]) -> list[SearchDocument]:
    """Return the documents of rows that are neither deleted nor hidden."""
    from django.db import connection

    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(ids))
        cursor.execute(f"SELECT id, title FROM row WHERE id IN ({places}) AND NOT hidden AND NOT deleted", [*ids])
        return [SearchDocument(type="row", id=str(pk), title=title) for pk, title in cursor.fetchall()]


def every_id() -> Iterator[str]:
    """Yield the id of every row that is to be found."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM row WHERE NOT hidden AND NOT deleted ORDER BY id")
        yield from [str(pk) for (pk,) in cursor.fetchall()]


class Rows:
    """Changes rows. Each state of a row has a title of its own, so that a former one would be noticed."""

    def __init__(self) -> None:
        self.steps = 0

    def change(self, chance: random.Random) -> str:
        """Create, edit, hide, show, delete or restore a row or a handful of them."""
        from django.db import connection, transaction

        from search import outbox

        self.steps += 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM row")
            rows = [pk for (pk,) in cursor.fetchall()]
            if len(rows) < 5 or chance.random() < 0.25:
                cursor.execute("INSERT INTO row (title) VALUES (%s)", [f"created at step {self.steps}"])
                outbox.enqueue("row", [cursor.lastrowid])
                return "create"
            kind, statement = chance.choice(
                [
                    ("edit", f"UPDATE row SET title = 'edited at step {self.steps}, row ' || id WHERE id = %s"),
                    ("hide", "UPDATE row SET hidden = 1 WHERE id = %s"),
                    ("show", "UPDATE row SET hidden = 0 WHERE id = %s"),
                    ("delete", "UPDATE row SET deleted = 1 WHERE id = %s"),
                    ("restore", "UPDATE row SET deleted = 0 WHERE id = %s"),
                ]
            )
            chosen = chance.sample(rows, min(len(rows), chance.choice((1, 1, 1, 4))))
            for pk in chosen:
                cursor.execute(statement, [pk])
            outbox.enqueue("row", chosen)
            return kind

    def titles(self) -> set[str]:
        """Return the titles of the rows to be found."""
        return {document.title for document in load(list(every_id()))}
