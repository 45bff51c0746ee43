"""The ledger of what was imported, and writing many rows with few statements."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection, models

from portal.core.models import Source
from portal.importers.models import ImportedRow, TouchedPost

Kind = ImportedRow.Kind
POST_KINDS = (Kind.QUESTION, Kind.ANSWER, Kind.OTHER_POST)
SEEN_MOST = 2**29
SEEN_ELSEWHERE_MOST = 1_000_000
Row = TypeVar("Row", bound=models.Model)


def imported_rows(source: Source, kinds: Sequence[int], keys: Iterable[int]) -> dict[int, ImportedRow]:
    """Returns the rows of these kinds and keys that an import has seen, by key."""
    wanted = list({key for key in keys if key})
    if not wanted:
        return {}
    found = ImportedRow.objects.filter(source=source, kind__in=kinds, key__in=wanted)
    return {row.key: row for row in found}


def object_ids(source: Source, kind: int, keys: Iterable[int]) -> dict[int, int]:
    """Returns what these keys became here; a key that became nothing is left out."""
    wanted = list({key for key in keys if key})
    found = ImportedRow.objects.filter(source=source, kind=kind, key__in=wanted, object_id__gt=0)
    return dict(found.values_list("key", "object_id")) if wanted else {}


def rows_update(objects: Sequence[models.Model], names: Sequence[str]) -> None:
    """Writes these columns of rows of one table.

    One prepared statement for all of them: ``bulk_update`` builds a CASE of every value, which costs ten times as
    much for posts.
    """
    if not objects:
        return
    meta: Any = objects[0]._meta
    columns: list[Any] = [meta.get_field(name) for name in names]
    quoted = ", ".join(f"{connection.ops.quote_name(column.column)} = %s" for column in columns)
    key = connection.ops.quote_name(meta.pk.column)
    table = connection.ops.quote_name(meta.db_table)
    # Only names from the models stand in the statement; every value is a parameter.
    statement = f"UPDATE {table} SET {quoted} WHERE {key} = %s"  # noqa: S608
    values = [
        [*(column.get_db_prep_save(getattr(each, column.attname), connection) for column in columns), each.pk]
        for each in objects
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def touch(source: Source, work: int, ids: Iterable[int]) -> None:
    """Notes that these posts must be looked at again before the import ends."""
    wanted = sorted(set(ids))
    TouchedPost.objects.bulk_create(
        [TouchedPost(source=source, work=work, object_id=pk) for pk in wanted], ignore_conflicts=True
    )


class SeenKeys:
    """Remembers which ids of a file were met, a bit for each, to tell a row that stands there twice."""

    def __init__(self) -> None:
        self._bits = bytearray()
        self._elsewhere: set[int] = set()

    def add(self, key: int) -> bool:
        """Notes an id; returns whether it was new."""
        if not 0 <= key < SEEN_MOST:
            new = key not in self._elsewhere
            if len(self._elsewhere) < SEEN_ELSEWHERE_MOST:
                self._elsewhere.add(key)
            return new
        at, bit = key >> 3, 1 << (key & 7)
        if at >= len(self._bits):
            self._bits.extend(bytes(at + 1 + at // 8 - len(self._bits)))
        new = not self._bits[at] & bit
        self._bits[at] |= bit
        return new
