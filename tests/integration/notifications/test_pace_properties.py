"""Whatever happens and whenever: a thread sends a member one mail in a quarter of an hour, and nothing is lost."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.notifications.models import Happening
from portal.notifications.services.happenings import happening_keep
from portal.notifications.services.sending import PACE, note_mails_send
from portal.notifications.services.settings import notification_settings_update
from portal.notifications.services.telling import MAIL_DELAY, happenings_tell
from tests.factories.accounts import member
from tests.factories.questions import question

from .telling import Clock, follow

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
THREADS = 3
# What happens in a thread, the clock goes on by some minutes, the worker runs, the mail server is away for a run.
acts = st.one_of(
    st.integers(0, THREADS - 1).map(lambda number: ("event", number)),
    st.integers(1, 40).map(lambda minutes: ("wait", minutes)),
    st.just(("run", 0)),
    st.just(("outage", 0)),
)
once = settings(max_examples=20, suppress_health_check=list(HealthCheck))


class Story:
    """One reader who follows some questions, and what she was sent when."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
        self.clock, self.monkeypatch = clock, monkeypatch
        self.reader, self.writer = member(), member()
        self.asked = [question(title=f"Question number {number} of some") for number in range(THREADS)]
        for each in self.asked:
            follow(self.reader, each)
        Happening.objects.all().delete()
        self.happened = 0
        self.sent: list[tuple[datetime, str]] = []

    def event(self, number: int) -> None:
        """Something happens in a thread."""
        happening_keep(
            what="status",
            question_id=self.asked[number].pk,
            actor_id=self.writer.pk,
            data={"status": "closed", "words": f"event {self.happened} ends"},
        )
        self.happened += 1

    def run(self) -> None:
        """A run of the worker."""
        happenings_tell()
        before = len(mail.outbox)
        note_mails_send()
        for each in mail.outbox[before:]:
            if each.to == [self.reader.email]:
                self.sent.append((self.clock.moment, each.body))

    def outage(self) -> None:
        """A run of the worker while the mail server is away."""

        def away(*_args, **_more):
            raise ConnectionRefusedError

        with self.monkeypatch.context() as patch:
            patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
            happenings_tell()
            with contextlib.suppress(ConnectionRefusedError):
                note_mails_send()

    def act(self, name: str, number: int) -> None:
        """One act of the story."""
        if name == "event":
            self.event(number)
        elif name == "wait":
            self.clock.forward(minutes=number)
        else:
            getattr(self, name)()

    def end(self) -> None:
        """The worker goes on for as long as anything waits."""
        for _quarter in range(60):
            self.clock.forward(minutes=16)
            self.run()


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock(NOON)
    monkeypatch.setattr("django.utils.timezone.now", clock)
    return clock


@once
@given(story=st.lists(acts, max_size=25))
def test_one_mail_per_thread_and_quarter_of_an_hour_and_nothing_lost(monkeypatch, clock, story):
    clock.moment = NOON
    with transaction.atomic():
        told = Story(monkeypatch, clock)
        for name, number in story:
            told.act(name, number)
        told.end()
        for each in told.asked:
            moments = [moment for moment, body in told.sent if each.title in body]
            gaps = [later - earlier for earlier, later in pairwise(moments)]
            assert all(gap >= PACE for gap in gaps), each.title
        words = "\n".join(body for _moment, body in told.sent)
        assert [words.count(f"event {number} ends") for number in range(told.happened)] == [1] * told.happened
        transaction.set_rollback(True)


@once
@given(
    hours=st.tuples(st.integers(0, 23), st.integers(0, 23)),
    zone=st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Asia/Kolkata", "no/such zone"]),
    minutes=st.integers(0, 24 * 60),
)
def test_quiet_hours_hold_back_and_let_go(monkeypatch, clock, hours, zone, minutes):
    clock.moment = NOON + timedelta(minutes=minutes)
    with transaction.atomic():
        told = Story(monkeypatch, clock)
        chosen = notification_settings_update(
            user=told.reader, quiet_from=hours[0], quiet_until=hours[1], timezone=zone
        )
        told.event(0)
        happenings_tell()
        clock.moment += MAIL_DELAY
        end = chosen.quiet_end(clock.moment)
        told.run()
        assert bool(told.sent) == (end is None)
        if end is not None:
            assert timedelta(0) < end - clock.moment <= timedelta(hours=24)
            clock.moment = end
            told.run()
            assert len(told.sent) == 1
        transaction.set_rollback(True)
