"""Trees of filters as conditions of the ORM, on the outbox's own table, against the same trees read in plain Python."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import SearchRequest
from search.models import OutboxEntry
from search.queries.database import as_condition, chosen, column, fixed, moment, narrowed
from search.queries.tree import Bool, Everything, Node, OneOf, Range, Term
from search.queries.weights import microseconds

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = {
    "type": fixed("question"),
    "status": column("document_type"),
    "answers_count": column("attempts"),
    "created": moment("created_at"),
    "language": fixed(None),
    "topic": chosen(lambda values: as_condition(OneOf("status", values), {"status": column("object_id")})),
    "product": fixed(None),
    "votes": fixed(3),
}


@pytest.fixture
def rows() -> list[OutboxEntry]:
    """Rows whose columns differ in every way that counts."""
    return OutboxEntry.objects.bulk_create(
        OutboxEntry(
            document_type="open" if number % 2 else "closed",
            object_id=str(number % 3),
            attempts=number,
            created_at=START + timedelta(days=number),
        )
        for number in range(12)
    )


VALUES: dict[str, Callable[[OutboxEntry], object]] = {
    "type": lambda row: "question",
    "status": lambda row: row.document_type,
    "answers_count": lambda row: row.attempts,
    "created": lambda row: microseconds(row.created_at.timestamp()),
    "language": lambda row: None,
    "topic": lambda row: row.object_id,
    "votes": lambda row: 3,
}


def holds(row: OutboxEntry, node: Node) -> bool:
    """Whether a row answers a tree, read in plain Python."""
    match node:
        case Everything():
            return True
        case OneOf(field, values):
            return VALUES[field](row) in values
        case Range(field, low, high):
            value = VALUES[field](row)
            return isinstance(value, int) and (low is None or low <= value) and (high is None or value <= high)
        case Bool():
            every = all(holds(row, each) for each in (*node.must, *node.filters))
            any_ = not node.minimum or any(holds(row, each) for each in node.should)
            return every and any_ and not any(holds(row, each) for each in node.must_not)
    raise AssertionError(node)


DAYS = st.one_of(st.none(), st.integers(-2, 14))
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.just(Everything()),
    st.builds(
        OneOf,
        st.sampled_from(["status", "type", "topic", "language"]),
        st.lists(st.sampled_from(["open", "closed", "question", "0", "1", "x"]), max_size=3).map(tuple),
    ),
    st.builds(Range, st.sampled_from(["answers_count", "votes", "language"]), DAYS, DAYS).filter(
        lambda node: node.low is not None or node.high is not None
    ),
    st.builds(
        lambda low: Range("created", microseconds((START + timedelta(days=low)).timestamp())), st.integers(0, 13)
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda filters, should, must_not: Bool(
            filters=tuple(filters), should=tuple(should), must_not=tuple(must_not), minimum=1 if should else 0
        ),
        st.lists(inner, max_size=2),
        st.lists(inner, max_size=2),
        st.lists(inner, max_size=2),
    ),
    max_leaves=6,
)


@given(node=TREES)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_tree_finds_the_rows_that_it_describes(rows: list[OutboxEntry], node: Node) -> None:
    found = OutboxEntry.objects.filter(as_condition(node, COLUMNS)).values_list("attempts", flat=True)
    assert sorted(found) == [row.attempts for row in rows if holds(row, node)]


def test_filters_and_operators_of_a_request_all_hold(rows: list[OutboxEntry]) -> None:
    request = SearchRequest(text="word topic:1 -answers:1..4 after:2026-01-03", statuses=("open", "closed"))
    left = narrowed(OutboxEntry.objects.all(), request, COLUMNS)
    assert sorted(left.values_list("attempts", flat=True)) == [7, 10]
    recent = SearchRequest(time="week", now=START + timedelta(days=11))
    assert narrowed(OutboxEntry.objects.all(), recent, COLUMNS).count() == 8


def test_words_are_no_filter() -> None:
    with pytest.raises(TypeError, match="no condition for"):
        as_condition(Term("text_x", "word"), COLUMNS)


def test_a_field_that_an_app_forgot_is_told() -> None:
    with pytest.raises(KeyError, match="author"):
        narrowed(OutboxEntry.objects.all(), SearchRequest(authors=("mira",)), COLUMNS)
