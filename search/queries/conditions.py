"""What operators and facets ask of the index fields: one definition for both engines and the database."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from search.documents import SPANS
from search.queries.operators import KINDS, MARKS, STATUSES, Condition
from search.queries.tree import Bool, Node, OneOf, Range
from search.queries.weights import microseconds

# Written twice, these mean either; any other two conditions mean both.
_EITHER = frozenset({"topic", "product", "author", "language", "type", "status"})
_QUESTIONS = OneOf("type", ("question",))
_MARKS: dict[str, Node] = {
    "accepted": OneOf("marks", ("accepted",)),
    "official": OneOf("marks", ("official",)),
    "answered": Bool(filters=(_QUESTIONS, Range("answers_count", low=1))),
    "unanswered": Bool(filters=(_QUESTIONS, Range("answers_count", high=0))),
}
# By its own status, or because none of its answers holds.
_OBSOLETE = Bool(should=(OneOf("status", ("obsolete",)), OneOf("marks", ("obsolete",))), minimum=1)

Meanings = Sequence[tuple[str, str, tuple[str, ...]]]


def condition_nodes(conditions: Iterable[Condition], meanings: Meanings) -> tuple[Node, ...]:
    """Return the nodes that all have to hold.

    ``meanings``: what a value of an operator stands for, as in :class:`search.documents.SearchRequest`.
    """
    known = {(name, value): meant for name, value, meant in meanings}
    alternatives: dict[str, list[Node]] = {}
    nodes: list[Node] = []
    for condition in conditions:
        for group, node in _alternatives(condition, known).items():
            if condition.negated:
                nodes.append(Bool(must_not=(node,)))
            elif group in _EITHER:
                alternatives.setdefault(group, []).append(node)
            else:
                nodes.append(node)
    return (*nodes, *(any_of(each) for each in alternatives.values()))


def _alternatives(condition: Condition, known: dict[tuple[str, str], tuple[str, ...]]) -> dict[str, Node]:
    """Return a condition's node by the group of those that it is an alternative to."""
    name = condition.name
    if name == "answers":
        return {name: Range("answers_count", condition.low, condition.high)}
    if name in ("before", "after"):
        return {name: Range("created", condition.low, condition.high)}
    if name == "is":
        return _states(condition.values)
    values: dict[str, None] = {}
    for value in condition.values:
        values.update(dict.fromkeys(known.get((name, value), (value if name == "author" else value.lower(),))))
    return {name: topics(tuple(values)) if name == "topic" else OneOf(name, tuple(values))}


def _states(values: Sequence[str]) -> dict[str, Node]:
    """Return the nodes of ``is:``; several values in one, separated by commas, mean any of them."""
    each: list[tuple[str, Node]] = []
    each += [("type", OneOf("type", (value,))) for value in values if value in KINDS]
    statuses = [value for value in values if value in STATUSES]
    each += [("status", _OBSOLETE if value == "obsolete" else OneOf("status", (value,))) for value in statuses]
    each += [(value, _MARKS[value]) for value in values if value in MARKS]
    group = each[0][0] if len({group for group, _ in each}) == 1 else "is"
    return {group: any_of([node for _, node in each])}


def topics(slugs: tuple[str, ...]) -> Node:
    """Return the documents of a topic, or of a product, which is a topic too."""
    return any_of([OneOf("topic", slugs), OneOf("product", slugs)])


def any_of(nodes: Sequence[Node]) -> Node:
    """Return the documents that any of the nodes finds."""
    return nodes[0] if len(nodes) == 1 else Bool(should=tuple(nodes), minimum=1)


def span_start(span: str | None, now: datetime) -> int:
    """Return when a span of time (a key of ``SPANS``) before ``now`` began, in microseconds of POSIX time."""
    return microseconds((now - timedelta(days=SPANS[span or "day"])).timestamp())


def spans_counted(parts: Sequence[int]) -> list[tuple[str, int]]:
    """Return the counts of the spans of time from those of the parts between their beginnings, newest first."""
    total = 0
    counted = []
    for span, count in zip(SPANS, parts, strict=True):
        total += count
        counted.append((span, total))
    return [(span, count) for span, count in counted if count]
