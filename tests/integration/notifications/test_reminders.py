"""Who asked is reminded once to accept, and never where there is nothing to accept."""

from datetime import timedelta

import pytest
from django.core import mail

from portal.accounts.models import User
from portal.core.clock import now
from portal.notifications.models import AcceptReminder
from portal.notifications.services.reminders import WINDOW, accept_reminders_make
from portal.questions.models import Answer, Question
from portal.questions.services.answers import answer_delete
from portal.questions.services.life import question_settle
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, question

from .telling import follow, kinds, mailed, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def five_days(settings):
    settings.PORTAL_REMIND_ACCEPT_DAYS = 5


def rested(asked: Question, days: float = 6) -> Question:
    """The question as it is when nothing has happened for so many days."""
    moment = now() - timedelta(days=days)
    Question.objects.filter(pk=asked.pk).update(created_at=moment, last_activity_at=moment)
    Answer.objects.filter(question=asked).update(created_at=moment)
    asked.refresh_from_db()
    return asked


def answered(days: float = 6, **more) -> Question:
    """A question with two answers by others that rested for so many days."""
    asked = question(**more)
    answer(asked, body="Open the rear cover.")
    answer(asked, body="Buy another one.")
    return rested(asked, days)


class TestOnce:
    def test_the_asker_is_reminded_once_with_links_to_the_answers(self):
        asked = answered()
        assert accept_reminders_make() == 1
        assert "reminder" in kinds(asked.author)
        mail.outbox.clear()
        mailed()
        (letter,) = [each for each in mail.outbox if each.to == [asked.author.email]]
        for given in asked.answers.all():
            assert f"#answer-{given.pk}" in letter.body
        for _again in range(3):
            assert accept_reminders_make() == 0
        answer(asked)
        rested(asked, 8)
        assert accept_reminders_make() == 0, "not for later answers either"

    def test_nobody_else_is_told(self):
        asked, follower = answered(), member()
        follow(follower, asked)
        accept_reminders_make()
        assert kinds(follower) == []
        assert all(kinds(given.author) != ["reminder"] for given in asked.answers.all())

    def test_not_before_its_time_nor_long_after(self):
        answered(days=4)
        answered(days=5 + WINDOW.days + 1)
        assert accept_reminders_make() == 0

    def test_an_operator_can_switch_it_off(self, settings):
        settings.PORTAL_REMIND_ACCEPT_DAYS = 0
        answered()
        assert accept_reminders_make() == 0 and not AcceptReminder.objects.exists()


class TestNever:
    @pytest.mark.parametrize(
        "deed", ["accepted", "closed", "question deleted", "answers deleted", "own answer only", "locked", "asker gone"]
    )
    def test_where_there_is_nothing_to_accept(self, deed):
        asked, staff = question(), member(staff=True)
        given = answer(asked, asked.author if deed == "own answer only" else None)
        with committed():
            if deed == "accepted":
                accept(given)
            elif deed == "closed":
                question_settle(user=staff, question_id=asked.pk, status="closed", why="other", reason="Done")
            elif deed == "question deleted":
                question_delete(user=staff, question_id=asked.pk)
            elif deed == "answers deleted":
                answer_delete(user=staff, answer_id=given.pk)
        if deed == "locked":
            Question.objects.filter(pk=asked.pk).update(locked=True)
        elif deed == "asker gone":
            User.objects.filter(pk=asked.author_id).update(is_active=False)
        rested(asked)
        assert accept_reminders_make() == 0

    @pytest.mark.parametrize("deed", ["accepted", "closed", "deleted", "muted"])
    def test_what_changed_between_reminding_and_sending(self, deed):
        asked, staff = answered(), member(staff=True)
        accept_reminders_make()
        told(asked.author)
        with committed():
            if deed == "accepted":
                accept(asked.answers.first())
            elif deed == "closed":
                question_settle(user=staff, question_id=asked.pk, status="closed", why="other", reason="Done")
            elif deed == "deleted":
                question_delete(user=staff, question_id=asked.pk)
            else:
                follow(asked.author, asked, "muted")
        mail.outbox.clear()
        mailed()
        letters = [each for each in mail.outbox if each.to == [asked.author.email]]
        assert not any("Did one of the answers solve it" in each.body for each in letters)
        if deed != "muted":
            assert "reminder" not in kinds(asked.author)
