"""How much of a query its best result held is written down with the search, and nothing else of either."""

import pytest

from portal.discovery import registry
from portal.discovery.models import Search
from tests.factories.browsers import browser
from tests.factories.questions import question


@pytest.fixture
def scanners(index):
    """Two questions, one about a scanner."""
    found = question(title="The scanner refuses paper", body="It says E52.")
    question(title="Sharing a folder", body="Colleagues cannot open it.")
    index()
    return found


def noted(address="/en/search/", **asked):
    """Returns what is written down of a search."""
    Search.objects.all().delete()
    assert browser(HTTP_USER_AGENT="Mozilla/5.0").get(address, asked).status_code == 200
    return Search.objects.get()


@pytest.mark.parametrize(
    ("text", "low", "high"), [("scanner paper", 100, 100), ("scanner warranty", 20, 60), ("warranty", 0, 0)]
)
def test_the_share_is_a_whole_percent(scanners, text, low, high):
    row = noted(q=text)
    assert low <= (row.coverage or 0) <= high
    assert (row.coverage is None) is (row.total == 0)


@pytest.mark.parametrize("asked", [{"sort": "newest"}, {"page": "2"}], ids=str)
def test_other_orders_and_later_pages_are_not_judged(scanners, asked):
    assert noted(q="scanner", **asked).coverage is None


def test_where_the_team_recommends_something_nobody_judges(scanners, monkeypatch):
    monkeypatch.setattr(registry, "_promoters", [lambda text, language: [("question", str(scanners.pk))]])
    row = noted(q="folder warranty")
    assert (row.coverage, row.total) == (None, 2)


def test_the_database_s_answers_are_not_judged(no_index):
    question(title="The scanner refuses paper")
    row = noted(q="scanner warranty")
    assert (row.degraded, row.total, row.coverage) == (True, 1, None)


def test_the_api_writes_it_too(scanners):
    assert noted("/api/v1/search", q="scanner paper").coverage == 100


def test_words_that_are_withheld_leave_the_share_alone(scanners):
    row = noted(q="scanner of anna@example.org")
    assert (row.text, row.withheld) == ("", "email")
    assert row.coverage is not None
