"""Who a search counts for, and what a page carries of it."""

import secrets
import time
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from portal.discovery.models import Who
from portal.discovery.signatures import ShownResult, result_named, result_signed, search_named, search_signed
from portal.discovery.visitors import COOKIE, WINDOW, Visitor, visitor_begun, visitor_keep, visitor_of
from tests.factories.accounts import member

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


class TestMarks:
    def test_a_mark_names_what_it_was_made_of(self):
        one = ShownResult(uuid.uuid4(), "question", "5", 3)
        assert result_named(result_signed(one)) == one
        assert search_named(search_signed(one.search_id)) == one.search_id

    @pytest.mark.parametrize("mark", ["", "x", "a:b:c", "\x00", "é" * 500, ":::", "..:1:x"])
    def test_what_we_did_not_make_names_nothing(self, mark):
        assert result_named(mark) is None
        assert search_named(mark) is None

    @given(st.text(max_size=80))
    def test_nor_does_any_text(self, mark):
        assert result_named(mark) is None
        assert search_named(mark) is None

    def test_one_kind_is_not_the_other_and_none_can_be_changed(self):
        one = uuid.uuid4()
        assert result_named(search_signed(one)) is None
        mark = result_signed(ShownResult(one, "question", "5", 3))
        assert search_named(mark) is None
        assert result_named(mark.replace(one.hex, uuid.uuid4().hex)) is None
        assert result_named(mark.replace(".question.5", ".question.6")) is None

    def test_marks_end_with_the_window(self, monkeypatch):
        mark = search_signed(uuid.uuid4())
        monkeypatch.setattr("django.core.signing.time.time", lambda: time.mktime(time.gmtime()) + 9 * 86_400)
        assert search_named(mark) is None


def request(user=None, *, cookie=None, method="get", **headers):
    """Returns a request of a browser, by a stranger unless a user is named."""
    made = getattr(RequestFactory(), method)("/en/search/", headers={"User-Agent": BROWSER} | headers)
    made.user = user or AnonymousUser()
    if cookie is not None:
        made.COOKIES[COOKIE] = cookie
    return made


class TestVisitors:
    def test_a_new_one_gets_a_random_key_for_the_window_and_no_longer(self):
        asked = request()
        found = visitor_begun(asked)
        reply = HttpResponse()
        visitor_keep(asked, reply, found)
        cookie = reply.cookies[COOKIE]
        assert cookie.value == found.key
        assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (WINDOW.total_seconds(), True, "Lax")
        assert visitor_begun(request()).key != found.key

    def test_a_known_one_keeps_hers_and_its_end(self):
        asked = request(cookie="A" * 22)
        found, reply = visitor_begun(asked), HttpResponse()
        visitor_keep(asked, reply, found)
        assert found.key == "A" * 22
        assert not reply.cookies

    @pytest.mark.parametrize("cookie", ["", "short", "A" * 23, "A" * 21 + "'", "ключ" * 6, "A" * 5000])
    def test_a_cookie_that_we_did_not_make_is_none(self, cookie):
        assert visitor_of(request(cookie=cookie)).key == ""

    @pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
    def test_who_asks_not_to_be_tracked_is_not(self, header):
        found = visitor_begun(request(cookie="A" * 22, **{header: "1"}))
        assert (found.recorded, found.key, found.holdout) == (False, "", False)
        assert visitor_of(request(**{header: "0"})).recorded

    @pytest.mark.parametrize(
        "agent",
        ["", " ", "curl/8.1", "Googlebot/2.1 (+http://www.google.com/bot.html)", "python-requests/2.31", "bingbot/2.0",
         "Mozilla/5.0 (compatible; YandexBot/3.0)", "Wget/1.21", "facebookexternalhit/1.1", "Go-http-client/2.0"],
    )  # fmt: skip
    def test_machines_are_not_recorded(self, agent):
        assert not visitor_of(request(**{"User-Agent": agent})).recorded

    @pytest.mark.parametrize(
        "agent",
        [BROWSER, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari",
         "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36", "Opera/9.80 (J2ME/MIDP; Opera Mini/9)"],
    )  # fmt: skip
    def test_browsers_are(self, agent):
        assert visitor_of(request(**{"User-Agent": agent})).recorded

    def test_a_guess_of_the_browser_and_a_head_are_not(self):
        assert not visitor_of(request(**{"Sec-Purpose": "prefetch;prerender"})).recorded
        assert not visitor_of(request(method="head")).recorded

    def test_kinds_of_people(self):
        assert visitor_of(request()).who == Who.STRANGER
        assert visitor_of(request(member())).who == Who.MEMBER
        assert visitor_of(request(member(staff=True))).who == Who.STAFF

    def test_the_holdout_is_a_stable_share_of_keys(self, settings):
        settings.PORTAL_SEARCH_HOLDOUT_PERCENT = 5
        keys = [secrets.token_urlsafe(16) for _each in range(4000)]
        held = [key for key in keys if Visitor(True, Who.STRANGER, key).holdout]
        assert 130 <= len(held) <= 280  # 200 expected; six standard deviations either way
        assert all(Visitor(True, Who.MEMBER, key).holdout for key in held)
        assert not any(Visitor(True, Who.STAFF, key).holdout for key in held)
        settings.PORTAL_SEARCH_HOLDOUT_PERCENT = 0
        assert not any(Visitor(True, Who.STRANGER, key).holdout for key in keys)

    def test_another_secret_gives_other_hashes(self, settings):
        one = Visitor(True, Who.STRANGER, secrets.token_urlsafe(16))
        before = one.hashed
        settings.SECRET_KEY = "another"
        assert one.hashed != before
