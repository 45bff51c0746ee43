"""Reading many rows while others write."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

PAGE = 2_000


def primary_keys(rows: QuerySet[Any], *, page: int = PAGE) -> Iterator[str]:
    """Yield the primary key of every row as text, in order: what ``IndexedType.ids`` gives.

    Page by page, so that no query stays open in between. On SQLite a connection that is still reading cannot write
    once another one has written ("database is locked", at once), and a rebuild writes between the ids it reads.
    """
    keys = rows.order_by("pk").values_list("pk", flat=True)
    last: Any = None
    while True:
        found = list((keys if last is None else keys.filter(pk__gt=last))[:page])
        yield from map(str, found)
        if len(found) < page:
            return
        last = found[-1]
