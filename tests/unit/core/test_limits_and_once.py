"""Limits count and end; a form sent twice makes one thing."""

import threading
import time
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from portal.core import limits
from portal.core.errors import TooMany
from portal.core.limits import LIMITS, limit_check, limit_request
from portal.core.once import new_token, once_begin, once_done, once_failed


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def _limited(settings):
    settings.PORTAL_LIMITS = True


@pytest.fixture
def _still(monkeypatch):
    moment = time.time()
    monkeypatch.setattr(limits.time, "time", lambda: moment)
    return moment


@pytest.mark.usefixtures("_limited", "_still")
class TestLimits:
    @pytest.mark.parametrize("action", sorted(LIMITS))
    def test_a_window_is_full_after_its_number_and_says_when_it_opens(self, action):
        times, seconds = LIMITS[action]
        for _ in range(times):
            limit_check(action=action, key="u1")
        with pytest.raises(TooMany) as refused:
            limit_check(action=action, key="u1")
        assert 1 <= refused.value.retry_after <= seconds

    def test_others_are_not_held_up(self):
        for _ in range(LIMITS["ask"][0]):
            limit_check(action="ask", key="u1")
        limit_check(action="ask", key="u2")
        limit_check(action="answer", key="u1")

    def test_the_next_window_is_open(self, monkeypatch):
        times, seconds = LIMITS["ask"]
        for _ in range(times):
            limit_check(action="ask", key="u1")
        later = limits.time.time() + seconds
        monkeypatch.setattr(limits.time, "time", lambda: later)
        limit_check(action="ask", key="u1")

    def test_a_stranger_is_counted_by_address_and_a_member_by_name(self):
        def request(user, address):
            return SimpleNamespace(user=user, META={"REMOTE_ADDR": address})

        times, _seconds = LIMITS["ask"]
        known = SimpleNamespace(pk=7, is_authenticated=True)
        for _ in range(times):
            limit_request(request(AnonymousUser(), "192.0.2.1"), action="ask")
            limit_request(request(known, "192.0.2.1"), action="ask")
        limit_request(request(AnonymousUser(), "192.0.2.2"), action="ask")
        with pytest.raises(TooMany):
            limit_request(request(known, "192.0.2.9"), action="ask")


def test_limits_that_are_lifted_hold_nobody(settings):
    settings.PORTAL_LIMITS = False
    for _ in range(LIMITS["ask"][0] * 3):
        limit_check(action="ask", key="u1")


class TestOnce:
    def test_the_first_goes_ahead_and_the_second_is_led_to_the_same_place(self):
        token = new_token()
        assert once_begin(user_id=1, token=token) is None
        once_done(user_id=1, token=token, address="/en/questions/5/x/")
        assert once_begin(user_id=1, token=token) == "/en/questions/5/x/"

    def test_anothers_token_is_another(self):
        token = new_token()
        assert once_begin(user_id=1, token=token) is None
        assert once_begin(user_id=2, token=token) is None

    def test_after_a_failure_the_same_form_may_come_again(self):
        token = new_token()
        once_begin(user_id=1, token=token)
        once_failed(user_id=1, token=token)
        assert once_begin(user_id=1, token=token) is None

    def test_a_form_without_a_token_is_never_held_up(self):
        assert once_begin(user_id=1, token="") is None
        assert once_begin(user_id=1, token="") is None

    def test_the_second_waits_while_the_first_is_at_work(self):
        token, led = new_token(), []
        assert once_begin(user_id=1, token=token) is None
        second = threading.Thread(target=lambda: led.append(once_begin(user_id=1, token=token)))
        second.start()
        time.sleep(0.2)
        once_done(user_id=1, token=token, address="/done/")
        second.join(5)
        assert led == ["/done/"]

    def test_of_eight_at_once_one_goes_ahead(self):
        token, led, gate = new_token(), [], threading.Barrier(8)

        def send():
            gate.wait()
            place = once_begin(user_id=1, token=token)
            if place is None:
                time.sleep(0.1)
                once_done(user_id=1, token=token, address="/one/")
            led.append(place)

        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert sorted(led, key=str) == ["/one/"] * 7 + [None]
