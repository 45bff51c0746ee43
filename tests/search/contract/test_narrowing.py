"""Filters, permissions, facets, order and pages, on every engine."""

import pytest

from search.documents import SearchRequest
from search.engine import SearchEngine
from tests.search.contract.asking import search, similar, suggest
from tests.search.documents import COMMUNITY, HIDDEN

PUBLIC_COUNT = sum(document.visibility == ("public",) for document in COMMUNITY)


def test_an_outsider_finds_nothing_of_a_private_space(community: SearchEngine) -> None:
    result = community.search(SearchRequest(text="secret prototype beta testers"))
    assert [found.document.id for found in result.found if found.document.id == HIDDEN.id] == []
    assert "prototype" not in dict(result.facets["topic"])
    assert HIDDEN.id not in search(community, "", limit=100)
    assert HIDDEN.id not in suggest(community, "secret")
    assert HIDDEN.id not in similar(community, "Secret prototype printer", body="beta testers")


def test_an_outsider_s_total_and_facets_do_not_count_what_he_may_not_see(community: SearchEngine) -> None:
    result = community.search(SearchRequest(limit=100))
    assert result.total == PUBLIC_COUNT
    assert sum(count for _, count in result.facets["type"]) == PUBLIC_COUNT


@pytest.mark.parametrize("visibility", [("space:3",), ("public", "space:3"), ("members", "space:3", "public")])
def test_a_member_of_the_space_finds_its_documents(community: SearchEngine, visibility: tuple[str, ...]) -> None:
    assert search(community, "secret prototype", visibility=visibility)[0] == HIDDEN.id
    assert HIDDEN.id in suggest(community, "secr", visibility=visibility)
    assert HIDDEN.id in similar(community, "Secret prototype", visibility=visibility)


@pytest.mark.parametrize("visibility", [(), ("space:33",), ("space",), ("3",)])
def test_tokens_that_are_only_like_the_right_one_open_nothing(
    community: SearchEngine, visibility: tuple[str, ...]
) -> None:
    assert HIDDEN.id not in search(community, "secret prototype", visibility=visibility)


def test_a_caller_without_any_token_sees_nothing(community: SearchEngine) -> None:
    assert search(community, "printer", visibility=()) == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"types": ("article",)}, {"90"}),
        ({"types": ("article", "question"), "topics": ("invoices",)}, {"3"}),
        ({"topics": ("accounts",)}, {"2", "5", "7"}),
        ({"topics": ("accounts", "invoices")}, {"2", "3", "5", "7"}),
        ({"statuses": ("answered",)}, {"1"}),
        ({"languages": ("ja",)}, {"5", "6"}),
        ({"authors": ("maria",)}, {"1"}),
        ({"authors": ("nobody",)}, set()),
        ({"languages": ("ja",), "topics": ("printers",)}, {"6"}),
        ({"types": ("event",)}, set()),
    ],
)
def test_filters(community: SearchEngine, filters: dict[str, object], expected: set[str]) -> None:
    assert set(search(community, "", limit=50, **filters)) == expected


def test_exclusion_names_type_and_id(community: SearchEngine) -> None:
    assert "1" not in search(community, "printer", exclude=(("question", "1"),))
    assert "1" in search(community, "printer", exclude=(("article", "1"),))


def test_facets_count_what_was_found(community: SearchEngine) -> None:
    facets = community.search(SearchRequest(text="printer", limit=1)).facets
    assert dict(facets["type"]) == {"question": 1, "article": 1}
    assert dict(facets["topic"]) == {"printers": 2, "errors": 1}
    assert dict(facets["language"]) == {"en": 2}
    assert dict(facets["status"]) == {"answered": 1}


def test_facets_are_in_order_of_their_count_then_name(community: SearchEngine) -> None:
    topics = community.search(SearchRequest()).facets["topic"]
    assert topics == sorted(topics, key=lambda pair: (-pair[1], pair[0]))
    assert topics[0] == ("printers", 5)


def test_a_facet_goes_on_offering_the_choices_beside_the_chosen_one(community: SearchEngine) -> None:
    facets = community.search(SearchRequest(topics=("accounts",), types=("question",))).facets
    assert dict(facets["topic"])["printers"] == 4
    assert dict(facets["language"]) == {"en": 1, "ja": 1, "ar": 1}
    assert dict(facets["type"]) == {"question": 3}


@pytest.mark.parametrize(
    ("sort", "first", "last"), [("newest", "13", "90"), ("votes", "2", "3"), ("active", "90", "1")]
)
def test_orders(community: SearchEngine, sort: str, first: str, last: str) -> None:
    found = search(community, "", sort=sort, limit=50)
    assert (found[0], found[-1]) == (first, last)
    assert len(found) == PUBLIC_COUNT


def test_equal_votes_are_ordered_by_age(community: SearchEngine) -> None:
    without_votes = [each for each in search(community, "", sort="votes", limit=50) if each not in {"1", "2", "3"}]
    assert without_votes == ["13", "8", "7", "6", "5", "4", "90"]


def test_an_unknown_order_is_relevance(community: SearchEngine) -> None:
    assert search(community, "password", sort="shoe size") == search(community, "password")


def test_pages_join_without_gap_or_overlap(community: SearchEngine) -> None:
    whole = search(community, "", limit=50)
    pages = [search(community, "", limit=3, offset=offset) for offset in range(0, len(whole), 3)]
    assert [each for page in pages for each in page] == whole


@pytest.mark.parametrize(("offset", "limit"), [(0, 0), (-5, -1), (10**9, 10), (0, 10**9)])
def test_absurd_pages_are_answered(community: SearchEngine, offset: int, limit: int) -> None:
    result = community.search(SearchRequest(offset=offset, limit=limit))
    assert result.total == PUBLIC_COUNT
    assert len(result.found) <= PUBLIC_COUNT


def test_the_total_counts_all_and_the_page_holds_some(community: SearchEngine) -> None:
    result = community.search(SearchRequest(limit=2))
    assert (len(result.found), result.total) == (2, PUBLIC_COUNT)
