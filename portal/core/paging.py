"""Keyset paging: a page begins after the last row of the one before, however deep it lies.

The cursor is opaque to its holder: base64 of the JSON of the last row's ordering values. One that cannot be read is
refused with ``PortalError`` rather than guessed at.
"""

import base64
import binascii
import datetime
import json
import math
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

from .errors import PortalError

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """One page: its rows and the cursor of the next one, None at the end."""

    rows: list[Row]
    next: str | None


def encode_cursor(values: list[Any]) -> str:
    """Returns the cursor for a row with these ordering values."""
    plain = [value.isoformat() if isinstance(value, datetime.datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, size: int) -> list[Any]:
    """Returns the ordering values of a cursor, ``size`` of them, or raises ``PortalError``."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, UnicodeDecodeError, RecursionError):
        raise PortalError from None
    if not isinstance(values, list) or len(values) != size:
        raise PortalError
    for value in values:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise PortalError
        if isinstance(value, float) and not math.isfinite(value):
            raise PortalError
    return values


def _restored(model: type[Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    if field.get_internal_type() == "DateTimeField":
        moment = parse_datetime(value) if isinstance(value, str) else None
        if moment is None or moment.tzinfo is None:
            raise PortalError
        return moment
    if isinstance(value, str) or abs(value) > 2**62:
        raise PortalError
    return value


def keyset_page(queryset: QuerySet[Row], *, order: tuple[str, ...], cursor: str | None, size: int) -> Slice[Row]:
    """Returns one page of ``queryset``.

    order: field names, a leading ``-`` for descending; the last one must be unique. cursor: where the page before
    ended, None for the first. size: rows a page.
    """
    names = [name.lstrip("-") for name in order]
    if cursor:
        try:
            values = decode_cursor(cursor, len(order))
            values = [_restored(queryset.model, name, value) for name, value in zip(names, values, strict=True)]
        except (TypeError, ValueError):
            raise PortalError from None
        after = Q()
        for place, name in enumerate(order):
            equal = {names[before]: values[before] for before in range(place)}
            side = "lt" if name.startswith("-") else "gt"
            after |= Q(**equal, **{f"{names[place]}__{side}": values[place]})
        queryset = queryset.filter(after)
    rows = list(queryset.order_by(*order)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    last = [getattr(rows[-1], name) for name in names] if more else None
    return Slice(rows, encode_cursor(last) if last else None)
