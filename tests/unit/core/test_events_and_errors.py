"""Events are told after the commit, each receiver by itself; refusals speak and carry their status."""

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.utils import translation

from portal.core import errors
from portal.core.clock import clock_at, now
from portal.core.events import DomainEvent, _receivers, announce, receives, untold
from portal.core.middleware import ErrorPagesMiddleware


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang(DomainEvent):
    """A bell rang."""

    times: int


@pytest.fixture
def heard():
    told: list[int] = []

    @receives(Rang)
    def listen(event):
        told.append(event.times)

    yield told
    _receivers.pop(Rang)


def ring(times=1):
    announce(Rang(at=now(), actor_id=None, times=times))


@pytest.mark.django_db(transaction=True)
class TestEvents:
    def test_told_after_the_commit_not_before(self, heard):
        with transaction.atomic():
            ring()
            assert heard == []
        assert heard == [1]

    def test_not_told_when_the_change_is_taken_back(self, heard):
        with pytest.raises(RuntimeError), transaction.atomic():
            ring()
            raise RuntimeError
        assert heard == []

    def test_a_receiver_that_fails_keeps_nobody_else_from_being_told(self, heard, caplog):
        @receives(Rang)
        def stumble(event):
            raise ValueError("over a stone")

        @receives(Rang)
        def listen_too(event):
            heard.append(event.times * 10)

        with caplog.at_level(logging.ERROR):
            ring(3)
        assert heard == [3, 30]
        assert "stumble" in caplog.text

    def test_subscribing_twice_is_hearing_once(self, heard):
        function = _receivers[Rang][0]
        receives(Rang)(function)
        ring()
        assert heard == [1]


REFUSALS = [
    (errors.NotAllowed(), 403),
    (errors.NotFound(), 404),
    (errors.StateForbids("Locked."), 409),
    (errors.Stale(), 412),
    (errors.Invalid({"title": ["Too short."]}), 422),
    (errors.TooMany(30), 429),
]


@pytest.mark.django_db
class TestRefusals:
    def answer(self, refusal, **headers):
        request = RequestFactory().get("/en/questions/", headers=headers)
        from django.contrib.auth.models import AnonymousUser

        request.user = AnonymousUser()
        return ErrorPagesMiddleware(lambda _request: None).process_exception(request, refusal)

    @pytest.mark.parametrize(("refusal", "status"), REFUSALS)
    def test_each_is_a_page_with_its_status_and_reason(self, refusal, status):
        page = self.answer(refusal)
        assert page.status_code == status
        assert str(refusal) in page.content.decode()

    @pytest.mark.parametrize(("refusal", "status"), REFUSALS)
    def test_a_part_of_a_page_gets_the_words_alone(self, refusal, status):
        part = self.answer(refusal, **{"HX-Request": "true"})
        assert (part.status_code, part.content.decode()) == (status, str(refusal))

    def test_too_many_says_when_to_come_back(self):
        assert self.answer(errors.TooMany(30))["Retry-After"] == "30"

    def test_a_stranger_is_led_to_sign_in_and_back(self):
        with translation.override("ru"):
            led = self.answer(errors.SignInNeeded())
        assert led["Location"] == "/ru/account/login/?next=/en/questions/"

    def test_other_errors_are_left_to_django(self):
        assert self.answer(ValueError()) is None


def test_a_history_is_played_at_its_own_moments_in_its_own_thread_alone():
    then, earlier = datetime(2031, 3, 1, 12, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
    seen = []
    with clock_at(then):
        assert now() == then
        with clock_at(earlier):
            assert now() == earlier
        other = threading.Thread(target=lambda: seen.append(now()))
        other.start()
        other.join()
        assert now() == then and seen[0] < then
        with pytest.raises(ValueError), clock_at(earlier):
            raise ValueError
        assert now() == then
    assert abs((datetime.now(UTC) - now()).total_seconds()) < 60


@pytest.mark.django_db(transaction=True)
def test_what_is_played_anew_is_told_to_nobody_and_what_follows_is(heard):
    with pytest.raises(ValueError), untold():
        ring(1)
        raise ValueError
    assert heard == []
    with untold(), transaction.atomic():
        ring(2)
    ring(3)
    assert heard == [3]
