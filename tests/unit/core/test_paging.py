"""Keyset paging: any cursor gives a page or a clear refusal; a walk sees each row once."""

import base64
import contextlib
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.clock import now
from portal.core.errors import PortalError
from portal.core.models import Source
from portal.core.paging import decode_cursor, encode_cursor, keyset_page
from portal.questions.models import Question
from tests.factories.questions import question


@settings(max_examples=300)
@given(st.one_of(st.text(), st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode())))
def test_any_cursor_is_read_or_refused(cursor):
    try:
        values = decode_cursor(cursor, 2)
    except PortalError:
        return
    assert len(values) == 2


JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200)
@given(JSON_VALUES)
def test_any_json_in_a_cursor_is_read_or_refused(value):
    cursor = base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
    with contextlib.suppress(PortalError):
        assert all(isinstance(each, str | int | float) for each in decode_cursor(cursor, 2))


@given(st.lists(st.one_of(st.integers(-(2**60), 2**60), st.text(max_size=10)), min_size=1, max_size=4))
def test_what_is_encoded_is_decoded(values):
    assert decode_cursor(encode_cursor(values), len(values)) == values


@pytest.mark.django_db
class TestWalks:
    def walk(self, order, size):
        seen, cursor = [], None
        while True:
            page = keyset_page(Question.objects.all(), order=order, cursor=cursor, size=size)
            seen += [row.pk for row in page.rows]
            cursor = page.next
            if cursor is None:
                return seen

    @pytest.mark.parametrize("order", [("-created_at", "-id"), ("hot", "id"), ("-score", "id"), ("id",)])
    @pytest.mark.parametrize("size", [1, 3, 7, 50])
    def test_each_row_is_seen_once_in_order_also_among_equals(self, order, size):
        moment = now()
        for number in range(7):
            asked = question()
            same = moment - timedelta(days=number // 3)
            Question.objects.filter(pk=asked.pk).update(created_at=same, hot=number // 2, score=number % 2)
        expected = list(Question.objects.order_by(*order).values_list("pk", flat=True))
        assert self.walk(order, size) == expected

    def test_rows_added_on_the_way_are_not_seen_twice(self):
        for _ in range(4):
            question()
        first = keyset_page(Question.objects.all(), order=("-created_at", "-id"), cursor=None, size=2)
        question()
        second = keyset_page(Question.objects.all(), order=("-created_at", "-id"), cursor=first.next, size=2)
        assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}

    @pytest.mark.parametrize("values", [["x", 1], ["2020-01-01", 1], [1, 1], ["2020-01-01T00:00:00", 1], [2**80, 1]])
    def test_values_of_the_wrong_kind_are_refused(self, values):
        with pytest.raises(PortalError):
            keyset_page(Question.objects.all(), order=("-created_at", "-id"), cursor=encode_cursor(values), size=2)

    def test_an_empty_table_is_one_empty_page(self):
        page = keyset_page(Source.objects.all(), order=("id",), cursor=None, size=5)
        assert (page.rows, page.next) == ([], None)
