"""Pages of a search that does not change join without gap or overlap, though much is equal, on every engine."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import SORTS, SearchDocument, SearchRequest
from search.engine import SearchEngine
from tests.search.conftest import fill
from tests.search.contract.asking import search
from tests.search.documents import START, question

BATCH = 30


def twins(version: int) -> list[SearchDocument]:
    """Documents that differ in next to nothing: words, moments and votes are the same by threes or more."""
    made = []
    for number in range(version * BATCH, (version + 1) * BATCH):
        moment = START + timedelta(days=number % 3)
        found = question(number, "A humming cable", score=number % 2, created_at=moment, updated_at=moment)
        made.append(replace(found, type="article") if number % 5 == 0 else found)
    return made


@pytest.fixture(scope="module")
def full(module_engine: SearchEngine) -> Iterator[SearchEngine]:
    """Twins written in four batches, some of them twice: several segments, and deletions in them."""
    module_engine.commit_generation(module_engine.create_generation())
    for version in range(4):
        fill(module_engine, *twins(version), version=version + 1)
    fill(module_engine, *twins(1)[:10], version=9)
    yield module_engine


def walk(engine: SearchEngine, size: int, **fields: object) -> list[tuple[str, str]]:
    """What the pages of a search show, one after the other."""
    seen: list[tuple[str, str]] = []
    while True:
        result = engine.search(SearchRequest(offset=len(seen), limit=size, **fields))  # type: ignore[arg-type]
        seen += [(each.document.type, each.document.id) for each in result.found]
        if len(result.found) < size:
            assert len(seen) == result.total
            return seen


@given(
    size=st.integers(1, 50),
    sort=st.sampled_from(SORTS),
    text=st.sampled_from(["cable", "humming cable", "", "is:question cable", "-is:article"]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_walk_meets_everything_once_and_each_time_alike(full: SearchEngine, size: int, sort: str, text: str) -> None:
    seen = walk(full, size, text=text, sort=sort)
    assert len(set(seen)) == len(seen)
    assert len(seen) == (96 if "is:" in text else 120)
    assert seen == walk(full, 100, text=text, sort=sort)


@pytest.mark.parametrize("sort", ["newest", "active", "votes"])
def test_of_equals_the_later_number_is_first(full: SearchEngine, sort: str) -> None:
    found = full.search(SearchRequest(text="is:question", sort=sort, limit=100)).found  # type: ignore[arg-type]
    keys = [
        (each.document.score if sort == "votes" else 0, each.document.created_at, int(each.document.id))
        for each in found
    ]
    assert keys == sorted(keys, reverse=True)


def test_writing_the_same_again_changes_no_order(full: SearchEngine) -> None:
    before = search(full, "cable", limit=100)
    fill(full, *twins(2)[::-1], version=10)
    assert search(full, "cable", limit=100) == before


def test_beyond_the_end_there_is_nothing_but_the_total(full: SearchEngine) -> None:
    result = full.search(SearchRequest(text="cable", offset=500, limit=10))
    assert (result.found, result.total) == ((), 120)
    assert full.search(SearchRequest(text="cable", limit=0)).found == ()
