"""What happens to a question when nothing happens to it."""

from datetime import timedelta

import pytest

from portal.core.clock import now
from portal.core.periodic import periodic_jobs
from portal.questions.models import Act, Question, QuestionMove, Role, Why
from portal.questions.services.aging import inactive_archive, unanswered_close
from portal.questions.services.life import question_ask_details, question_lock, question_settle
from portal.questions.services.questions import question_delete, question_edit
from portal.questions.tasks import questions_age
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, comment, question

from .scene import everything

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def days(settings):
    settings.PORTAL_DETAILS_DAYS, settings.PORTAL_ARCHIVE_DAYS = 14, 365


def aged(asked, quiet):
    """Lets a question rest: everything about it happened so many days ago."""
    moment = now() - timedelta(days=quiet)
    Question.objects.filter(pk=asked.pk).update(created_at=moment, last_activity_at=moment)
    QuestionMove.objects.filter(question=asked).update(at=moment)
    return asked


def asked_for_details(quiet=20):
    asked = question()
    question_ask_details(user=member(staff=True), question_id=asked.pk, words="Which model?")
    return aged(asked, quiet)


class TestDetails:
    def test_it_is_closed_by_the_portal_itself_and_tells_why(self):
        asked = asked_for_details()
        assert unanswered_close() == 1
        asked.refresh_from_db()
        assert (asked.status, asked.settled_why, asked.settled_by) == ("closed", "no_details", None)
        move = QuestionMove.objects.latest("id")
        assert (move.act, move.by, move.role, move.why) == (Act.CLOSE, None, Role.PORTAL, Why.NO_DETAILS)

    def test_a_second_run_finds_nothing(self):
        asked_for_details()
        assert [unanswered_close(), unanswered_close()] == [1, 0]

    def test_who_asked_opens_it_with_the_details_however_late(self):
        asked = asked_for_details(quiet=400)
        unanswered_close()
        found = question_edit(user=asked.author, question_id=asked.pk, version=1, body="It is a K2.")
        assert found.status == "open"

    def test_what_somebody_looked_after_waits(self):
        fresh, talked, answered, locked = (asked_for_details() for _ in range(4))
        QuestionMove.objects.filter(question=fresh).update(at=now() - timedelta(days=3))
        comment(talked)
        answer(answered)
        question_lock(user=member(staff=True), question_id=locked.pk, locked=True)
        gone = asked_for_details()
        question_delete(user=gone.author, question_id=gone.pk)
        before = everything()
        assert unanswered_close() == 0
        assert everything() == before

    def test_zero_days_close_nothing(self, settings):
        settings.PORTAL_DETAILS_DAYS = 0
        asked_for_details(quiet=999)
        assert unanswered_close() == 0

    def test_a_run_does_so_much_and_the_next_goes_on(self):
        for _ in range(3):
            asked_for_details()
        assert [unanswered_close(most=2), unanswered_close(most=2), unanswered_close(most=2)] == [2, 1, 0]


class TestArchive:
    @pytest.mark.parametrize("how", ["answered", "accepted", "closed", "obsolete"])
    def test_what_rested_long_enough_is_archived(self, how):
        given = answer()
        if how == "accepted":
            accept(given)
        elif how != "answered":
            question_settle(user=member(staff=True), question_id=given.question_id, status=how)
        asked = aged(given.question, 400)
        assert inactive_archive() == 1
        asked.refresh_from_db()
        assert (asked.status, asked.settled_why) == ("archived", "inactive")
        assert QuestionMove.objects.latest("id").from_status == how

    def test_what_nobody_answered_stays_open_to_answers(self):
        aged(question(), 4000)
        asked_for_details(quiet=4000)
        assert inactive_archive() == 0

    def test_what_is_younger_or_gone_stays(self):
        aged(answer().question, 360)
        gone = answer().question
        question_delete(user=member(staff=True), question_id=gone.pk)
        aged(gone, 400)
        assert inactive_archive() == 0

    def test_it_is_off_unless_a_number_is_set(self, settings):
        settings.PORTAL_ARCHIVE_DAYS = 0
        aged(answer().question, 4000)
        assert inactive_archive() == 0


def test_the_worker_does_both_every_hour():
    assert [job.every for job in periodic_jobs() if job.name == "questions-age"] == [timedelta(hours=1)]
    one, two = asked_for_details(), aged(answer().question, 400)
    questions_age()
    assert Question.objects.get(pk=one.pk).status == "closed"
    assert Question.objects.get(pk=two.pk).status == "archived"


def test_by_default_nothing_is_archived():
    from portal.settings.environment import read_environment

    found = read_environment({})
    assert (found.archive_days, found.details_days, found.reopen_votes, found.reopen_days) == (0, 14, 3, 14)
