"""Writing thousands of rows: one prepared statement for all of them.

Django's ``bulk_create`` builds one statement with a placeholder for every value and resolves each value as if it could
be an expression; ``bulk_update`` builds a CASE over all rows for every column. For imports and recounts, where values
are plain, the database's own repeated statement takes a fifth of the time (benchmarks/README.md). Signals, expressions
and ``save()`` methods take no part.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models

Prepare = Callable[[Any], Any]
PLAIN = (
    models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.FloatField, models.ForeignKey,
)  # fmt: skip


def _columns(model: type[models.Model], names: Sequence[str] | None) -> list[Any]:
    meta: Any = model._meta
    return [meta.get_field(name) for name in names] if names is not None else list(meta.concrete_fields)


def _prepare(column: Any) -> Prepare | None:
    """Returns what makes a value of a column ready for the database, None where it is so already."""
    if isinstance(column, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(column, PLAIN):
        return None
    return lambda value: column.get_db_prep_save(value, connection)


def _values(objects: Iterable[Any], columns: Sequence[Any], last: str | None = None) -> list[list[Any]]:
    """Returns the values of each object in the order of the columns; last: an attribute to put behind them."""
    plans = [(column.attname, _prepare(column)) for column in columns]
    rows = []
    for each in objects:
        row = [getattr(each, name) if prepare is None else prepare(getattr(each, name)) for name, prepare in plans]
        if last is not None:
            row.append(getattr(each, last))
        rows.append(row)
    return rows


def ids_reserve(*, model: type[models.Model], count: int) -> list[int]:
    """Returns so many new primary keys of a table, which nobody else will get.

    Belongs into the transaction that uses them: in SQLite they are nobody else's because it holds the only write lock
    from its beginning on (IMMEDIATE).
    """
    meta = model._meta
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sequence, [f'"{meta.db_table}"', meta.pk.column, count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [meta.db_table])
        found = cursor.fetchone()
    first = (found[0] if found else 0) + 1
    return list(range(first, first + count))


def rows_insert(
    *, model: type[models.Model], objects: Sequence[Any], ignore_conflicts: bool = False, with_ids: bool = False
) -> None:
    """Inserts rows into a table.

    objects: instances of the model, or anything with its attributes. with_ids: gives each object its ``pk``, which
    costs one more query. ignore_conflicts: rows that break a unique constraint are left out.
    """
    if not objects:
        return
    columns = [each for each in _columns(model, None) if with_ids or not isinstance(each, models.AutoField)]
    if with_ids:
        for each, pk in zip(objects, ids_reserve(model=model, count=len(objects)), strict=True):
            each.pk = pk
    quote = connection.ops.quote_name
    named = ", ".join(quote(column.column) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    conflicts = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    # Only names from the models stand in the statements here; every value is a parameter.
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({named}) VALUES ({places}){conflicts}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, _values(objects, columns))


def rows_update(*, model: type[models.Model], objects: Sequence[Any], names: Sequence[str]) -> None:
    """Writes these columns of rows that are there, found by their ``pk``."""
    if not objects:
        return
    meta: Any = model._meta
    columns = _columns(model, names)
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(column.column)} = %s" for column in columns)
    statement = f"UPDATE {quote(meta.db_table)} SET {assigned} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, _values(objects, columns, last="pk"))
