"""Filters and operators as conditions of Django's ORM: what the fallbacks ask the database while the engine is away.

An app says how each index field is kept in its tables; the nodes are those that both engines render.

>>> COLUMNS = {"type": fixed("question"), "status": column("status"), "created": moment("created_at")}
>>> narrowed(Question.objects.all(), request, COLUMNS)
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet

from search.documents import SearchRequest
from search.queries import weights
from search.queries.building import choices
from search.queries.parsing import parse_query
from search.queries.plan import Filters
from search.queries.tree import Bool, Everything, Node, OneOf, Range

# So many words are looked for, the longest, and so many of the texts that they may mean besides.
MOST_WORDS = 8
MOST_MEANT = 8

Column = Callable[[OneOf | Range], Q]
M = TypeVar("M", bound=Model)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NONE = Q(pk__in=())
# Not an empty Q(): that one stays empty when it is turned around.
_ALL = ~_NONE


def narrowed(found: QuerySet[M], request: SearchRequest, columns: Mapping[str, Column]) -> QuerySet[M]:
    """Return the rows that the filters of a request and the operators in its text leave.

    ``columns``: for each index field, the condition on the row. Raises ``KeyError`` for a field without one.
    """
    filters = Filters.of(request, parse_query(request.text).conditions, request.now or datetime.now(UTC))
    for node in choices(filters):
        found = found.filter(as_condition(node, columns))
    return found


def texts_asked(request: SearchRequest) -> dict[str, float]:
    """Return the texts that rows are looked for by, folded, each with what it is worth: at most sixteen.

    A word is worth its length, what words mean a part of theirs. They are the longest words of the query, and what the
    termbase says that these may mean besides; none for a query without words. Corrections are not among them: it is
    the index that knows what is misspelt.
    """
    text = parse_query(request.text.replace("\x00", " ")).text.casefold()
    words = sorted({word for word in text.split() if len(word) > 1}, key=lambda word: (-len(word), word))
    asked = {word: float(len(word)) for word in words[:MOST_WORDS] or ([text] if text else [])}
    meant = [each for each in request.expansions if each.kind in weights.FROM_TERMBASE]
    for each in meant[:MOST_MEANT] if asked else ():
        asked.setdefault(each.text.casefold(), each.weight * len(each.of))
    return asked


def holding(text: str, *paths: str) -> Q:
    """Return the condition that one of the columns holds a text in small or capital letters.

    SQLite compares letters beyond ASCII by case: there it is looked for in small letters, and as a sentence begins.
    """
    spelt = {text}
    if connection.vendor == "sqlite" and not text.isascii():
        spelt |= {text.lower(), text.capitalize()}
    wanted = Q()
    for path in paths:
        for each in sorted(spelt):
            wanted |= Q(**{f"{path}__icontains": each})
    return wanted


def as_condition(node: Node, columns: Mapping[str, Column]) -> Q:
    """Return a tree of filters as one condition. Raises ``TypeError`` for a node that asks for words."""
    match node:
        case Everything():
            return _ALL
        case OneOf(field) | Range(field):
            return columns[field](node)
        case Bool():
            return _all_of(node, columns)
    raise TypeError(f"the database has no condition for {node!r}")


def _all_of(node: Bool, columns: Mapping[str, Column]) -> Q:
    asked = _ALL
    for each in (*node.must, *node.filters):
        asked &= as_condition(each, columns)
    if node.minimum:
        either = _NONE
        for each in node.should:
            either |= as_condition(each, columns)
        asked &= either
    for each in node.must_not:
        asked &= ~as_condition(each, columns)
    return asked


def column(path: str) -> Column:
    """Return the condition on a column that holds what the index field holds."""
    return lambda node: _among(path, node.values) if isinstance(node, OneOf) else _between(path, node.low, node.high)


def moment(path: str) -> Column:
    """Return the condition on a column of moments, of which the index keeps the microseconds."""

    def condition(node: OneOf | Range) -> Q:
        bounds = (node.low, node.high) if isinstance(node, Range) else (None, None)
        return _between(path, *(None if each is None else _moment(each) for each in bounds))

    return condition


def fixed(value: str | int | None) -> Column:
    """Return the condition on what is the same in every row; None: the rows have no such thing."""

    def condition(node: OneOf | Range) -> Q:
        if isinstance(node, OneOf):
            holds = value in node.values
        else:
            number = value if isinstance(value, int) else None
            holds = number is not None and (node.low is None or node.low <= number)
            holds = holds and (node.high is None or (number or 0) <= node.high)
        return _ALL if holds else _NONE

    return condition


def chosen(rows: Callable[[tuple[str, ...]], Q]) -> Column:
    """Return the condition that an app makes of the values itself."""
    return lambda node: rows(node.values) if isinstance(node, OneOf) else _NONE


def _among(path: str, values: tuple[str, ...]) -> Q:
    return Q(**{f"{path}__in": values})


def _between(path: str, low: object, high: object) -> Q:
    bounds = {f"{path}__gte": low, f"{path}__lte": high}
    return Q(**{name: bound for name, bound in bounds.items() if bound is not None})


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
