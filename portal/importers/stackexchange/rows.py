"""The ledger of what was imported, and what is still to be done about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from portal.core.bulk import rows_insert, rows_update
from portal.core.models import Source
from portal.importers.models import ImportedRow, TouchedPost

Kind = ImportedRow.Kind
POST_KINDS = (Kind.QUESTION, Kind.ANSWER, Kind.OTHER_POST)
SEEN_MOST = 2**29
SEEN_ELSEWHERE_MOST = 1_000_000


@dataclass(slots=True)
class Ledger:
    """A row of ``ImportedRow``, as light as it can be: an import looks up several for each row that it reads."""

    source_id: int
    kind: int
    key: int
    object_id: int = 0
    digest: int = 0
    words: int = 0
    state: int = 0
    version: int = 1
    question_id: int = 0
    accepts: int = 0
    unsettled: bool = False
    pk: int = 0


LEDGER_COLUMNS = [each.name for each in fields(Ledger)]


def imported_rows(source: Source, kinds: Sequence[int], keys: Iterable[int]) -> dict[int, Ledger]:
    """Returns the rows of these kinds and keys that an import has seen, by key."""
    wanted = list({key for key in keys if key})
    if not wanted:
        return {}
    found = ImportedRow.objects.filter(source=source, kind__in=kinds, key__in=wanted)
    return {row[2]: Ledger(*row) for row in found.values_list(*LEDGER_COLUMNS)}


def object_ids(source: Source, kind: int, keys: Iterable[int]) -> dict[int, int]:
    """Returns what these keys became here; a key that became nothing is left out."""
    wanted = list({key for key in keys if key})
    found = ImportedRow.objects.filter(source=source, kind=kind, key__in=wanted, object_id__gt=0)
    return dict(found.values_list("key", "object_id")) if wanted else {}


def remember(rows: Sequence[Ledger], made: Iterable[Any] | None = None, *, again: bool = False) -> None:
    """Writes new rows of the ledger; made: the objects they became. again: what is there already is left alone."""
    if made is not None:
        for row, each in zip(rows, made, strict=True):
            row.object_id = each.pk
    rows_insert(model=ImportedRow, objects=rows, ignore_conflicts=again)


def amend(rows: Sequence[Ledger], *names: str) -> None:
    """Writes these columns of rows that the ledger has."""
    rows_update(model=ImportedRow, objects=rows, names=names)


def touch(source: Source, work: int, ids: Iterable[int]) -> None:
    """Notes that these posts must be looked at again before the import ends."""
    wanted = sorted(set(ids))
    notes = [TouchedPost(source=source, work=work, object_id=pk) for pk in wanted]
    rows_insert(model=TouchedPost, objects=notes, ignore_conflicts=True)


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
