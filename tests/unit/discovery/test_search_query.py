"""Any search address is read: what cannot be read is left out, never refused."""

from dataclasses import replace

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.discovery.forms import FILTERS, LAST_PAGE, MOST_VALUES, PAGE_SIZE, SORT_NAMES, SearchQuery
from search.documents import SORTS

NAMES = ("q", *FILTERS, "sort", "page")
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "0", "-1", "1", "2", "60", "61", "007", "9" * 30, "9" * 5000, "1e3", "٣", "２", "²", "\x00"]),
    st.sampled_from([*SORTS, "question", "article", "open", "en", "ar", "xx"]),
)


def read(**given):
    """Reads an address with these parameters."""
    query = QueryDict(mutable=True)
    for name, value in given.items():
        query[name] = value
    return SearchQuery.read(query)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_any_parameters_are_read(parameters):
    found = read(**parameters)
    assert 1 <= found.page <= LAST_PAGE
    assert found.sort in SORTS
    assert found.text == found.text.strip()
    assert len(found.text) <= 1_000
    for name, value in found.pairs():
        assert value and "\x00" not in value
        assert len(value) <= FILTERS[name]


@settings(max_examples=200)
@given(st.binary(max_size=60))
def test_any_query_string_is_read(raw):
    found = SearchQuery.read(QueryDict(raw.decode("latin-1")))
    assert 1 <= found.page <= LAST_PAGE


@given(st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_the_request_asks_for_one_page_of_it(parameters):
    found = read(**parameters)
    request = found.request(("en", "ja"))
    assert request.limit == PAGE_SIZE
    assert request.offset == (found.page - 1) * PAGE_SIZE
    assert request.reads == ("en", "ja")
    asked = (request.types, request.topics, request.products, request.statuses, request.languages)
    assert asked == tuple(found.values(name) for name in ("type", "topic", "product", "status", "language"))
    assert request.time == (found.values("time") or (None,))[0]


@given(st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_reading_what_was_read_changes_nothing(parameters):
    once = read(**parameters)
    again = SearchQuery.read(QueryDict(once.address(page=once.page).removeprefix("?")))
    assert again == once


@given(st.dictionaries(st.sampled_from(NAMES), VALUES), st.sampled_from(list(FILTERS)), st.sampled_from(["a", "week"]))
def test_choosing_twice_changes_nothing_but_the_page(parameters, name, value):
    before = replace(read(**parameters), page=1)
    if name == "time" and before.values("time") not in ((), (value,)):
        return
    assert before.switched(name, value).switched(name, value) == before


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("1", 1),
        ("2", 2),
        ("60", 60),
        ("61", LAST_PAGE),
        ("99999", LAST_PAGE),
        ("9" * 5000, LAST_PAGE),
        ("0" * 5000 + "3", 3),
        ("0", 1),
        ("", 1),
        ("-2", 1),
        ("2.0", 1),
        ("two", 1),
        ("²", 1),
        ("３", 1),
        ("٤", 1),
        (" 2", 1),
    ],
)
def test_pages(text, page):
    assert read(page=text).page == page


@pytest.mark.parametrize(
    ("text", "sort"), [*((each, each) for each in SORTS), ("", "relevance"), ("Newest", "relevance")]
)
def test_sorts(text, sort):
    assert read(sort=text).sort == sort


def test_every_sort_has_a_name_for_people():
    assert set(SORT_NAMES) == set(SORTS)
    assert all(str(name) for name in SORT_NAMES.values())


@pytest.mark.parametrize("name", FILTERS)
def test_what_narrows_is_told(name):
    assert read(**{name: "week"}).filtered()
    assert read(**{name: "week"}).filters() == {name: "week"}


def test_of_a_filter_several_values_may_be_chosen():
    found = SearchQuery.read(QueryDict("topic=a&topic=b&topic=a&topic=&time=week&time=day&time=eon"))
    assert found.values("topic") == ("a", "b")
    assert found.values("time") == ("day",)
    assert found.filters() == {"topic": "a,b", "time": "day"}
    assert len(SearchQuery.read(QueryDict("&".join(f"topic={n}" for n in range(99)))).values("topic")) == MOST_VALUES


def test_the_address_leaves_out_what_goes_without_saying():
    found = SearchQuery.read(QueryDict("page=3&sort=relevance&q=a%26b&status=open"))
    assert found.address() == "?q=a%26b&status=open"
    assert found.address(page=3) == "?q=a%26b&status=open&page=3"
    assert found.sorted_by("newest").address() == "?q=a%26b&status=open&sort=newest"
    assert found.unfiltered().address() == "?q=a%26b"
    assert found.with_text("c").address() == "?q=c&status=open"
    assert SearchQuery().address() == "?"


def test_a_span_of_time_replaces_another():
    found = SearchQuery.read(QueryDict("time=week"))
    assert found.switched("time", "year").values("time") == ("year",)
    assert found.switched("topic", "x").switched("topic", "y").values("topic") == ("x", "y")


@pytest.mark.parametrize("name", ["q", "sort", "page"])
def test_what_does_not_narrow_is_not(name):
    assert not read(**{name: "2"}).filtered()


def test_of_a_repeated_parameter_the_last_counts():
    assert SearchQuery.read(QueryDict("q=one&q=two&page=4&page=2")).text == "two"
    assert SearchQuery.read(QueryDict("q=one&q=two&page=4&page=2")).page == 2


def test_words_keep_their_case_marks_and_script():
    assert read(q="  Wie C++ «печать» 印刷 ").text == "Wie C++ «печать» 印刷"
