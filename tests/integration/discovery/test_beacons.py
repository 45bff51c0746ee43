"""What pages tell of searches and openings: counted for the right search, and for nobody who does not want it."""

import re
from html import unescape

import pytest
from django.test import Client

from portal.core.limits import LIMITS
from portal.discovery.models import Search
from portal.discovery.visitors import COOKIE
from tests.factories.accounts import member
from tests.factories.browsers import browser as browser_of
from tests.factories.questions import question

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def browser(user=None, **headers):
    """Returns a browser, signed in where a user is given."""
    return browser_of(user, headers={"User-Agent": BROWSER} | headers)


def searched(client, words="lamp", address="/en/search/", **asked):
    """Returns the text of a results page."""
    reply = client.get(address, {"q": words} | asked)
    assert reply.status_code == 200
    return reply.content.decode()


def pings(page):
    """Returns the addresses that the results of a page tell when they are opened."""
    return [unescape(found) for found in re.findall(r'<a [^>]*\bping="([^"]+)"', page)]


def seen(page):
    """Returns the address that the page's script tells that it was seen, None where it has none to tell."""
    found = re.search(r'data-seen="([^"]+)"', page)
    return found and unescape(found.group(1))


@pytest.fixture
def lamps(index):
    """Three questions about lamps in the index."""
    for number in range(3):
        question(title=f"Why does lamp {number} blink?")
    index()


class TestThePage:
    def test_a_search_is_written_down_and_its_results_tell_of_themselves(self, lamps):
        client = browser()
        page = searched(client)
        row = Search.objects.get()
        assert (row.text, row.total, row.surface, row.who, row.visitor) == ("lamp", 3, "page", "stranger", "")
        assert not client.cookies
        assert len(pings(page)) == 3
        assert client.post(seen(page)).status_code == 204
        row.refresh_from_db()
        assert len(row.visitor) == 64
        assert client.cookies[COOKIE]["httponly"]
        assert client.post(pings(page)[1]).status_code == 204
        assert [(o.type, o.rank) for o in row.openings.all()] == [("question", 2)]

    def test_the_next_search_of_a_known_visitor_is_hers_at_once(self, lamps):
        client = browser()
        client.post(seen(searched(client)))
        assert seen(searched(client, "lamp blink")) is None
        assert Search.objects.values("visitor").distinct().count() == 1
        assert Search.objects.count() == 2

    def test_without_a_script_the_ping_alone_makes_a_visitor(self, lamps):
        client = browser()
        client.post(pings(searched(client))[0], data="PING", content_type="text/ping")
        row = Search.objects.get()
        assert row.visitor
        assert row.opened_count == 1

    def test_links_lead_straight_to_what_was_found(self, lamps):
        page = searched(browser())
        assert not re.search(r'<h2 class="result-title"><a href="[^"]*[?#]', page)

    def test_ranks_count_on_over_the_pages(self, index):
        for number in range(17):
            question(title=f"Why does lamp {number} blink?")
        index()
        client = browser()
        client.post(seen(searched(client)))
        second = searched(client, page=2)
        assert Search.objects.count() == 1
        client.post(pings(second)[0])
        assert Search.objects.get().openings.get().rank == 16

    @pytest.mark.parametrize("agent", ["", "Googlebot/2.1", "curl/8.0"])
    def test_nothing_is_written_for_machines(self, lamps, agent, django_assert_num_queries):
        client = browser(**{"User-Agent": agent})
        page = searched(client)
        assert not Search.objects.exists()
        assert pings(page) == []
        assert seen(page) is None

    @pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
    def test_nor_for_who_asks_not_to_be_tracked(self, lamps, header):
        client = browser(**{header: "1"})
        page = searched(client)
        assert not Search.objects.exists()
        assert pings(page) == []
        assert "lamp" in page

    def test_whoever_says_so_later_is_not_counted_either(self, lamps):
        address = pings(searched(browser()))[0]
        other = browser(**{"Sec-GPC": "1"})
        other.post(address)
        assert not other.cookies
        assert Search.objects.get().opened_count == 0

    def test_all_of_it_in_twenty_queries(self, lamps, django_assert_max_num_queries):
        client = browser(member())
        client.post(seen(searched(client)))
        with django_assert_max_num_queries(20):
            searched(client, "lamp blink")

    def test_a_log_that_is_gone_takes_no_page_with_it(self, lamps, monkeypatch):
        from portal.discovery.services import searches

        monkeypatch.setattr(searches, "_words", lambda _typed: 1 / 0)
        assert "Why does" in searched(browser())

    def test_filters_are_noted(self, lamps):
        searched(browser(), type="question", status="open")
        assert Search.objects.get().filters == {"type": "question", "status": "open"}


class TestForgeries:
    @pytest.mark.parametrize("path", ["seen", "opened"])
    @pytest.mark.parametrize("mark", ["x", "a:b:c", "0" * 500, "%00", "é"])
    def test_what_we_did_not_sign_is_not_there(self, db, path, mark):
        assert browser().post(f"/en/search/{path}/{mark}/").status_code == 404

    def test_a_mark_of_another_kind_neither(self, lamps):
        client = browser()
        page = searched(client)
        mark = seen(page).split("/")[-2]
        assert client.post(f"/en/search/opened/{mark}/").status_code == 404
        assert Search.objects.get().opened_count == 0

    @pytest.mark.parametrize(
        "headers",
        [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
         {"Origin": "null"}],
    )  # fmt: skip
    def test_another_sites_page_cannot_send_them(self, lamps, headers):
        page = searched(browser())
        for address in (seen(page), pings(page)[0]):
            assert browser(**headers).post(address).status_code == 404
        row = Search.objects.get()
        assert (row.visitor, row.opened_count) == ("", 0)

    @pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, {}])
    def test_our_own_can_without_a_token(self, lamps, headers):
        page = searched(browser())
        client = Client(enforce_csrf_checks=True, headers={"User-Agent": BROWSER} | headers)
        assert client.post(pings(page)[0]).status_code == 204

    def test_reading_such_an_address_does_nothing(self, lamps):
        address = pings(searched(browser()))[0]
        assert browser().get(address).status_code == 405
        assert Search.objects.get().opened_count == 0

    def test_a_visitor_takes_over_nobodys_search(self, lamps):
        first, second = browser(), browser()
        page = searched(first)
        first.post(seen(page))
        before = Search.objects.get().visitor
        second.post(seen(page))
        second.post(pings(page)[0])
        assert Search.objects.get().visitor == before

    def test_there_is_a_limit(self, lamps, settings, monkeypatch):
        settings.PORTAL_LIMITS = True
        monkeypatch.setitem(LIMITS, "beacon", (2, 60))
        page = searched(browser())
        statuses = [browser().post(pings(page)[0]).status_code for _each in range(5)]
        assert statuses[:2] == [204, 204]
        assert 429 in statuses


class TestSuggestions:
    def test_of_a_known_visitor_they_are_one_search_and_tell_of_their_opening(self, lamps):
        client = browser()
        client.post(seen(searched(client, "something else")))
        for text in ("la", "lam", "lamp"):
            part = client.get("/en/search/suggest/", {"q": text}).content.decode()
        row = Search.objects.get(surface="suggest")
        assert row.text == "lamp"
        assert len(pings(part)) == 3
        client.post(pings(part)[2])
        assert row.openings.get().rank == 3

    def test_of_anybody_else_they_leave_nothing(self, lamps):
        part = browser().get("/en/search/suggest/", {"q": "lamp"}).content.decode()
        assert "lamp" in part
        assert pings(part) == []
        assert not Search.objects.exists()
