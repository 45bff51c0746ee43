"""The archive and the way back: what was decided is undone whole."""

import pytest

from portal.core.clock import now
from portal.core.errors import NotAllowed, NotFound, StateForbids
from portal.questions.models import Act, Question
from portal.questions.selectors.moves import acts_open, undoable_move
from portal.questions.services.life import (
    move_undo,
    question_ask_details,
    question_lock,
    question_reopen,
    question_settle,
)
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question

from .test_life import closed, fresh, last, told

pytestmark = pytest.mark.django_db


class TestArchive:
    @pytest.mark.parametrize("status", ["open", "answered", "accepted", "closed", "duplicate", "obsolete"])
    def test_it_is_left_as_what_it_was(self, status):
        asked, staff = question(), member(staff=True)
        if status in ("answered", "accepted"):
            given = answer(asked)
            if status == "accepted":
                accept(given)
        elif status != "open":
            earlier = question().pk if status == "duplicate" else None
            question_settle(user=staff, question_id=asked.pk, status=status, reason="So.", duplicate_of=earlier)
        before = fresh(asked)
        question_settle(user=staff, question_id=asked.pk, status="archived")
        found = question_reopen(user=staff, question_id=asked.pk)
        for name in ("status", "settled_at", "settled_by", "settled_why", "settled_reason", "duplicate_of"):
            assert getattr(found, name) == getattr(before, name), name
        assert told(asked)[-1] == ("unarchive", "archived", status, "staff")

    def test_what_came_archived_follows_from_what_is_there(self):
        given = answer()
        Question.objects.update(status="archived", settled_at=now())
        assert question_reopen(user=member(staff=True), question_id=given.question_id).status == "answered"

    def test_from_the_archive_nothing_leads_elsewhere(self):
        asked, staff = question(), member(staff=True)
        question_settle(user=staff, question_id=asked.pk, status="archived")
        for status in ("closed", "obsolete", "archived"):
            with pytest.raises(StateForbids):
                question_settle(user=staff, question_id=asked.pk, status=status)
        with pytest.raises(StateForbids):
            question_lock(user=staff, question_id=asked.pk, locked=True)
        assert acts_open(staff, fresh(asked)) == [Act.UNARCHIVE]

    def test_a_lock_stays_over_it(self):
        asked, staff = question(), member(staff=True)
        question_lock(user=staff, question_id=asked.pk, locked=True)
        question_settle(user=staff, question_id=asked.pk, status="archived")
        assert question_reopen(user=staff, question_id=asked.pk).locked


class TestUndo:
    def decided(self, act, asked, staff):
        """Does one thing that can be taken back."""
        if act in ("lock", "unlock"):
            question_lock(user=staff, question_id=asked.pk, locked=act == "lock")
        elif act == "reopen":
            question_reopen(user=staff, question_id=asked.pk)
        elif act == "ask_details":
            question_ask_details(user=staff, question_id=asked.pk, words="Which?")
        else:
            earlier = question().pk if act == "duplicate" else None
            question_settle(user=staff, question_id=asked.pk, status=act, reason="So.", duplicate_of=earlier)

    @pytest.mark.parametrize(
        ("first", "act"),
        [
            (first, act)
            for first in ("", "closed", "duplicate", "obsolete")
            for act in ("closed", "duplicate", "obsolete", "archived", "lock", "reopen" if first else "ask_details")
        ],
    )
    def test_everything_is_as_it_was(self, first, act):
        asked, staff = question(), member(staff=True)
        if first:
            self.decided(first, asked, staff)
        before = Question.objects.filter(pk=asked.pk).values().get()
        self.decided(act, asked, staff)
        move_undo(user=member(staff=True), question_id=asked.pk, move_id=last(asked).pk)
        after = Question.objects.filter(pk=asked.pk).values().get()
        assert after == before
        assert last(asked).act == Act.UNDO

    def test_members_do_not(self):
        asked = closed()
        for who in (member(), asked.author):
            with pytest.raises(NotAllowed):
                move_undo(user=who, question_id=asked.pk, move_id=last(asked).pk)

    def test_only_the_last_decision_and_only_once(self):
        asked, staff = closed(), member(staff=True)
        first = last(asked)
        question_lock(user=staff, question_id=asked.pk, locked=True)
        second = last(asked)
        with pytest.raises(StateForbids):
            move_undo(user=staff, question_id=asked.pk, move_id=first.pk)
        move_undo(user=staff, question_id=asked.pk, move_id=second.pk)
        for move in (first, second):
            with pytest.raises(StateForbids):
                move_undo(user=staff, question_id=asked.pk, move_id=move.pk)
        assert undoable_move(fresh(asked)) is None

    def test_answers_that_came_since_stay_and_decide_the_status(self):
        asked, staff = question(), member(staff=True)
        question_settle(user=staff, question_id=asked.pk, status="obsolete")
        move = last(asked)
        accept(answer(asked))
        assert move_undo(user=staff, question_id=asked.pk, move_id=move.pk).status == "accepted"

    def test_a_move_of_another_question_is_not_found(self):
        one, two = closed(), closed()
        with pytest.raises(NotFound):
            move_undo(user=member(staff=True), question_id=one.pk, move_id=last(two).pk)
