"""Counts of facets cost no filter that nobody asked for, and are read back from where they were put."""

from typing import Any

import pytest
from elasticsearch_dsl import Search

from search.documents import FACETS, SearchRequest
from search.engines.elastic import facets
from search.queries.plan import SearchPlan


def asked(**choices: Any) -> dict[str, Any]:
    """The body of a search with these choices."""
    body: dict[str, Any] = facets.counted(Search(), SearchPlan.of(SearchRequest(text="printer", **choices))).to_dict()
    return body


def test_without_choices_every_count_is_plain() -> None:
    body = asked()
    assert "post_filter" not in body
    assert set(body["aggs"]) == set(FACETS)
    assert all("filter" not in each for each in body["aggs"].values())


def test_with_one_choice_one_filter_serves_all_the_others() -> None:
    body = asked(topics=("printers",))
    assert set(body["aggs"]) == {"topic", "others"}
    assert set(body["aggs"]["others"]["aggs"]) == set(FACETS) - {"topic"}
    assert body["post_filter"] == body["aggs"]["others"]["filter"]


def test_each_chosen_facet_is_counted_without_its_own_choice() -> None:
    body = asked(topics=("printers",), statuses=("open",))
    assert set(body["aggs"]) == {"topic", "status", "others"}
    assert "printers" not in str(body["aggs"]["topic"]["filter"])
    assert "open" in str(body["aggs"]["topic"]["filter"])
    assert "printers" in str(body["aggs"]["status"]["filter"])


def test_what_is_chosen_in_no_facet_narrows_the_query_itself() -> None:
    plan = SearchPlan.of(SearchRequest(text="printer", authors=("maria",), topics=("printers",)))
    always = facets.without_choices(plan.filters)
    assert (always.authors, always.topics) == (("maria",), ())
    assert always.visibility == plan.filters.visibility


@pytest.mark.parametrize("chosen", [False, True])
def test_counts_are_read_back(chosen: bool) -> None:
    def counts(*pairs: tuple[str, int]) -> dict[str, Any]:
        return {"buckets": [{"key": key, "doc_count": count} for key, count in pairs]}

    plain = {name: counts() for name in FACETS} | {"status": counts(("open", 2), ("answered", 5), ("closed", 0))}
    plain["time"] = counts(("year", 9), ("day", 1))
    topic = counts(("paper", 3), ("ink", 3))
    found = {"others": plain, "topic": {"values": topic}} if chosen else plain | {"topic": topic}
    told = facets.facets_of({"aggregations": found})
    assert list(told) == list(FACETS)
    assert told["status"] == [("answered", 5), ("open", 2)]
    assert told["topic"] == [("ink", 3), ("paper", 3)]
    assert [key for key, _ in told["time"]] == ["day", "year"], "the shorter time first, whatever the counts"
