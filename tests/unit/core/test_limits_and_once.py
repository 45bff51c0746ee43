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
from portal.core.once import new_token, sent_earlier, sent_once


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
        later = limits.time.time() + seconds + 1
        monkeypatch.setattr(limits.time, "time", lambda: later)
        limit_check(action="ask", key="u1")

    def test_no_moment_begins_a_new_count(self, monkeypatch):
        """Four answers late in one minute and a fifth early in the next are five within a minute."""
        beginning = 1_800_000_000.0
        for moment in (beginning + 50, beginning + 55, beginning + 58, beginning + 59):
            monkeypatch.setattr(limits.time, "time", lambda moment=moment: moment)
            limit_check(action="answer", key="u1")
        monkeypatch.setattr(limits.time, "time", lambda: beginning + 61)
        with pytest.raises(TooMany) as refused:
            limit_check(action="answer", key="u1")
        assert refused.value.retry_after == 49
        monkeypatch.setattr(limits.time, "time", lambda: beginning + 111.5)
        limit_check(action="answer", key="u1")
        with pytest.raises(TooMany):
            limit_check(action="answer", key="u1")

    def test_of_many_at_once_as_many_pass_as_may(self):
        passed, gate = [], threading.Barrier(12)

        def hurry():
            gate.wait()
            try:
                limit_check(action="answer", key="u1")
            except TooMany:
                return
            passed.append(1)

        threads = [threading.Thread(target=hurry) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert len(passed) == LIMITS["answer"][0]

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


@pytest.mark.usefixtures("_limited")
def test_waiting_as_long_as_it_says_is_enough(monkeypatch):
    monkeypatch.setitem(LIMITS, "ask", (2, 1))
    for _ in range(2):
        limit_check(action="ask", key="u1")
    with pytest.raises(TooMany) as refused:
        limit_check(action="ask", key="u1")
    time.sleep(refused.value.retry_after + 0.05)
    limit_check(action="ask", key="u1")


def test_limits_that_are_lifted_hold_nobody(settings):
    settings.PORTAL_LIMITS = False
    for _ in range(LIMITS["ask"][0] * 3):
        limit_check(action="ask", key="u1")


def send(token, *, user_id=1, address="/made/", work_s=0.0):
    """Sends a form, as its view would; returns what the sender was told of an earlier sending."""
    with sent_once(user_id=user_id, token=token) as sending:
        if sending.earlier is None:
            time.sleep(work_s)
            sending.address = address
        return sending.earlier


class TestOnce:
    def test_the_first_goes_ahead_and_the_second_is_led_to_the_same_place(self):
        token = new_token()
        assert send(token, address="/en/questions/5/x/") is None
        assert send(token, address="/another/") == "/en/questions/5/x/"
        assert send(token) == "/en/questions/5/x/"

    def test_one_can_ask_what_became_of_a_form(self):
        token = new_token()
        assert sent_earlier(user_id=1, token=token) is None
        with sent_once(user_id=1, token=token) as sending:
            assert sent_earlier(user_id=1, token=token) is None
            sending.address = "/made/"
        assert sent_earlier(user_id=1, token=token) == "/made/"
        assert sent_earlier(user_id=2, token=token) is None
        assert sent_earlier(user_id=1, token="") is None

    def test_anothers_token_is_another(self):
        token = new_token()
        assert send(token) is None
        assert send(token, user_id=2) is None

    def test_after_a_refusal_the_same_form_may_come_again(self):
        token = new_token()
        assert send(token, address="") is None
        assert send(token) is None

    def test_after_an_error_too_and_the_error_goes_on(self):
        token = new_token()
        with pytest.raises(RuntimeError), sent_once(user_id=1, token=token):
            raise RuntimeError
        assert send(token) is None

    def test_a_second_that_fails_takes_nothing_from_the_first(self):
        token = new_token()
        send(token)
        with pytest.raises(RuntimeError), sent_once(user_id=1, token=token):
            raise RuntimeError
        assert send(token) == "/made/"

    def test_a_form_without_a_token_is_never_held_up(self):
        assert send("") is None
        assert send("") is None

    def test_the_second_waits_while_the_first_is_at_work(self):
        token, led = new_token(), []
        with sent_once(user_id=1, token=token) as sending:
            second = threading.Thread(target=lambda: led.append(send(token)))
            second.start()
            time.sleep(0.2)
            assert led == []
            sending.address = "/done/"
        second.join(5)
        assert led == ["/done/"]

    def test_the_second_takes_over_where_the_first_was_refused(self):
        token, led = new_token(), []
        with sent_once(user_id=1, token=token):
            second = threading.Thread(target=lambda: led.append(send(token)))
            second.start()
            time.sleep(0.1)
        second.join(5)
        assert led == [None]

    def test_of_eight_at_once_one_goes_ahead(self):
        token, led, gate = new_token(), [], threading.Barrier(8)

        def at_once():
            gate.wait()
            led.append(send(token, address="/one/", work_s=0.1))

        threads = [threading.Thread(target=at_once) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert sorted(led, key=str) == ["/one/"] * 7 + [None]
