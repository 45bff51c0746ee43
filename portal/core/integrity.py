"""What must hold of the rows, and how it is mended: each app registers its checks in ``ready()``.

``manage.py check_integrity`` runs them all. A check looks at a few hundred rows in a transaction, so that it may run
while the portal does; what it only looks for is found by the very code that mends it, and rolled back.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model

BATCH = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that does not hold. ``what`` names the row, ``stored`` and ``right`` the values.

    mended: whether it is right now; what only a person can decide stays.
    """

    what: str
    column: str
    stored: object
    right: object
    mended: bool = False

    def __str__(self) -> str:
        return f"{self.what}: {self.column} is {self.stored!r}, should be {self.right!r}"


@dataclass(frozen=True, slots=True)
class IntegrityCheck:
    """``run(repair)`` yields the differences, mending them on the way where ``repair`` is true.

    order: checks run from the lowest on; what others are counted from comes before them.
    """

    name: str
    order: int
    run: Callable[[bool], Iterator[Difference]]


_checks: dict[str, IntegrityCheck] = {}


def register_check(check: IntegrityCheck) -> None:
    """Makes a check known; one of the same name takes the other's place."""
    _checks[check.name] = check


def integrity_checks() -> tuple[IntegrityCheck, ...]:
    """Returns the checks in the order in which they run."""
    return tuple(sorted(_checks.values(), key=lambda check: check.order))


def id_batches(model: type[Model], size: int = BATCH) -> Iterator[list[int]]:
    """Yields the ids of all rows, ``size`` at a time, each time from where the last ended."""
    rows, last = model._default_manager.order_by("pk"), 0
    while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:size]):
        yield ids
        last = ids[-1]


def recounted(
    model: type[Model], columns: Sequence[str], recount: Callable[[list[int]], object], *, repair: bool
) -> Iterator[Difference]:
    """Yields where the columns of ``model`` differ from what ``recount(ids)`` writes into them."""
    for ids in id_batches(model):
        with transaction.atomic():
            before = _values(model, columns, ids)
            recount(ids)
            after = _values(model, columns, ids)
            if not repair:
                transaction.set_rollback(True)
        for pk, stored in before.items():
            pairs = zip(columns, stored, after.get(pk, stored), strict=True)
            yield from (
                Difference(f"{model._meta.model_name} {pk}", column, old, new, repair)
                for column, old, new in pairs
                if old != new
            )


def _values(model: type[Model], columns: Sequence[str], ids: list[int]) -> dict[int, tuple[Any, ...]]:
    rows = model._default_manager.filter(pk__in=ids).order_by("pk")
    return {pk: tuple(values) for pk, *values in rows.values_list("pk", *columns)}
