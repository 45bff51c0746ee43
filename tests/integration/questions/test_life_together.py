"""At the same moment: votes to open a question, decisions that cross, an answer while it is being closed."""

import pytest

from portal.core.errors import StateForbids
from portal.questions.models import Act, Question, QuestionMove, ReopenVote
from portal.questions.services.answers import answer_create
from portal.questions.services.life import move_undo, question_reopen, question_reopen_vote, question_settle
from tests.factories.accounts import member
from tests.factories.questions import question

from .test_counters import together

pytestmark = pytest.mark.django_db(transaction=True)


def closed():
    asked = question()
    question_settle(user=member(staff=True), question_id=asked.pk, status="closed", why="resolved_elsewhere")
    return asked


def test_votes_at_the_same_moment_open_it_once(settings):
    settings.PORTAL_REOPEN_VOTES = 4
    asked, people = closed(), [member() for _ in range(6)]
    raised = together(*(lambda who=who: question_reopen_vote(user=who, question_id=asked.pk) for who in people))
    assert len(raised) == 2
    assert all(isinstance(error, StateForbids) for error in raised), "the last two found it open"
    openings = QuestionMove.objects.filter(question=asked, act=Act.REOPEN)
    assert [move.voters_count for move in openings] == [4]
    assert Question.objects.get(pk=asked.pk).status == "open"
    assert not ReopenVote.objects.exists()


def test_one_member_in_many_windows_has_one_vote():
    asked, who = closed(), member()
    assert together(*(lambda: question_reopen_vote(user=who, question_id=asked.pk) for _ in range(6))) == []
    assert ReopenVote.objects.filter(question=asked).count() == 1
    assert Question.objects.get(pk=asked.pk).status == "closed"


def test_who_asked_opens_it_once_however_many_windows_she_has():
    asked = closed()
    raised = together(*(lambda: question_reopen(user=asked.author, question_id=asked.pk) for _ in range(4)))
    assert [type(error) for error in raised] == [StateForbids] * 3
    assert QuestionMove.objects.filter(question=asked, act=Act.REOPEN).count() == 1


def test_two_of_the_staff_take_a_decision_back_once():
    asked = closed()
    move = QuestionMove.objects.get(question=asked, act=Act.CLOSE)
    staff = [member(staff=True) for _ in range(3)]
    raised = together(*(lambda who=who: move_undo(user=who, question_id=asked.pk, move_id=move.pk) for who in staff))
    assert [type(error) for error in raised] == [StateForbids] * 2
    assert QuestionMove.objects.filter(question=asked, act=Act.UNDO).count() == 1


def test_an_answer_and_a_closing_leave_moves_that_follow_each_other():
    asked, who, staff = question(), member(), member(staff=True)
    raised = together(
        lambda: answer_create(user=who, question_id=asked.pk, body="Turn it round."),
        lambda: question_settle(user=staff, question_id=asked.pk, status="closed"),
    )
    assert all(isinstance(error, StateForbids) for error in raised)
    moves = list(QuestionMove.objects.filter(question=asked).order_by("id"))
    ends = ["open", *(move.to_status for move in moves)]
    assert [move.from_status for move in moves] == ends[:-1]
    assert ends[-1] == "closed"
    assert Question.objects.get(pk=asked.pk).answers_count == len(moves) - 1
