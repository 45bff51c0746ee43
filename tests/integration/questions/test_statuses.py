"""What each status of a question allows: every status against every act, and every way from one to another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, PortalError, StateForbids
from portal.questions.models import Question, Status
from portal.questions.models.question import CLOSED_TO_ANSWERS, SETTLED
from portal.questions.services.answers import answer_delete, answer_restore
from portal.questions.services.life import question_ask_details, question_lock, question_reopen, question_settle
from portal.questions.services.questions import question_delete, question_edit
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question

from .scene import everything, scene
from .test_rights_table import TABLE

ACTS = ("edit question", "answer", "edit answer", "delete answer", "accept", "comment", "comment below",
        "delete comment", "vote question up", "vote answer up")  # fmt: skip
WHO = {
    "edit question": "asker",
    "edit answer": "author",
    "delete answer": "author",
    "accept": "asker",
    "delete comment": "commenter",
}
"""Who has the right to an act; everybody else's acts are a member's."""

# A dot passes, F is refused because of the status; in the order of ACTS.
BY_STATUS = {
    "open": "..........",
    "needs_details": "..........",
    "locked": "FFFFFFFFFF",
    "closed": ".F........",
    "duplicate": ".F........",
    "obsolete": "..........",
    "archived": "FFFFFFFFFF",
}
FOR_STAFF = BY_STATUS | {"locked": ".........."}


def settled(at, how):
    """Brings the scene's question into a state."""
    staff = at.people["staff"]
    if how == "locked":
        question_lock(user=staff, question_id=at.asked.pk, locked=True)
    elif how == "needs_details":
        question_ask_details(user=staff, question_id=at.asked.pk)
    elif how == "duplicate":
        question_settle(user=staff, question_id=at.asked.pk, status=how, duplicate_of=question().pk)
    elif how != "open":
        question_settle(user=staff, question_id=at.asked.pk, status=how, reason="Because.")
    at.refresh()


@pytest.mark.django_db
class TestActs:
    @pytest.mark.parametrize("how", BY_STATUS)
    @pytest.mark.parametrize("act", ACTS)
    def test_members_may_do_what_the_status_leaves_them(self, how, act):
        at = scene()
        settled(at, how)
        self.attempt(act, at.people[WHO.get(act, "member")], at, BY_STATUS[how][ACTS.index(act)])

    @pytest.mark.parametrize("how", BY_STATUS)
    @pytest.mark.parametrize("act", ACTS)
    def test_a_lock_does_not_hold_staff_but_an_archive_does(self, how, act):
        at = scene()
        settled(at, how)
        self.attempt(act, at.people["staff"], at, FOR_STAFF[how][ACTS.index(act)])

    def attempt(self, act, user, at, letter):
        before = everything()
        if letter == ".":
            TABLE[act][0](user, at)
            assert everything() != before
            return
        with pytest.raises(StateForbids):
            TABLE[act][0](user, at)
        assert everything() == before

    @pytest.mark.parametrize("how", ["closed", "duplicate", "obsolete", "archived"])
    def test_answers_and_acceptance_do_not_move_what_a_person_settled(self, how):
        at = scene()
        accept(at.given)
        settled(at, how)
        if how != "archived":
            answer_delete(user=at.people["author"], answer_id=at.given.pk)
        assert Question.objects.get(pk=at.asked.pk).status == how

    @pytest.mark.parametrize("how", ["locked", "archived"])
    def test_a_deleted_answer_does_not_come_back_below_what_is_closed_to_changes(self, how):
        at = scene()
        answer_delete(user=at.people["author"], answer_id=at.given.pk)
        settled(at, how)
        before = everything()
        with pytest.raises(StateForbids):
            answer_restore(user=at.people["author"], answer_id=at.given.pk)
        assert everything() == before


@pytest.mark.django_db
class TestWays:
    @pytest.mark.parametrize("first", ["closed", "obsolete"])
    @pytest.mark.parametrize("second", [status.value for status in SETTLED if status != Status.DUPLICATE])
    def test_one_settlement_replaces_another_with_its_reason(self, first, second):
        asked, staff = question(), member(staff=True)
        question_settle(user=staff, question_id=asked.pk, status=first, reason="The first reason.")
        other = member(staff=True)
        found = question_settle(user=other, question_id=asked.pk, status=second, reason="The second.")
        assert (found.status, found.settled_reason, found.settled_by) == (second, "The second.", other)

    def test_a_duplicate_settled_otherwise_no_longer_points_anywhere(self):
        first, second, staff = question(), question(), member(staff=True)
        question_settle(user=staff, question_id=second.pk, status="duplicate", duplicate_of=first.pk)
        found = question_settle(user=staff, question_id=second.pk, status="closed")
        assert (found.duplicate_of, found.status) == (None, "closed")

    def test_a_duplicate_opened_again_points_nowhere(self):
        first, second, staff = question(), question(), member(staff=True)
        question_settle(user=staff, question_id=second.pk, status="duplicate", duplicate_of=first.pk)
        found = question_reopen(user=staff, question_id=second.pk)
        assert (found.duplicate_of, found.status, found.settled_by) == (None, "open", None)

    def test_a_duplicate_of_a_deleted_question_is_refused(self):
        gone, second, staff = question(), question(), member(staff=True)
        question_delete(user=staff, question_id=gone.pk)
        with pytest.raises(NotFound):
            question_settle(user=staff, question_id=second.pk, status="duplicate", duplicate_of=gone.pk)
        assert Question.objects.get(pk=second.pk).settled_at is None

    @pytest.mark.parametrize("status", ["open", "answered", "accepted", "needs_details", "", "nonsense", "CLOSED"])
    def test_only_what_a_person_decides_can_be_decided(self, status):
        asked = question()
        with pytest.raises(Invalid) as refused:
            question_settle(user=member(staff=True), question_id=asked.pk, status=status)
        assert list(refused.value.fields) == ["status"]

    def test_a_long_reason_is_cut_to_its_column(self):
        found = question_settle(user=member(staff=True), question_id=question().pk, status="closed", reason="x" * 999)
        assert found.settled_reason == "x" * 300

    @pytest.mark.parametrize("answers", [0, 1, 2])
    def test_opening_again_leads_to_what_is_there(self, answers):
        asked, staff = question(), member(staff=True)
        for _ in range(answers):
            answer(asked)
        question_settle(user=staff, question_id=asked.pk, status="obsolete")
        assert question_reopen(user=staff, question_id=asked.pk).status == ("answered" if answers else "open")

    def test_a_lock_keeps_the_status_and_locking_twice_is_locking_once(self):
        given_answer, staff = accept(answer()), member(staff=True)
        for locked in (True, True, False, False):
            found = question_lock(user=staff, question_id=given_answer.question_id, locked=locked)
            assert (found.locked, found.status) == (locked, "accepted")

    def test_details_asked_for_show_until_the_question_is_settled_or_edited(self):
        at = scene()
        staff, pk = at.people["staff"], at.asked.pk
        assert question_ask_details(user=staff, question_id=pk).status == "needs_details"
        accept(at.given)
        assert Question.objects.get(pk=pk).status == "accepted"
        edited = question_edit(user=at.people["asker"], question_id=pk, version=1, body="The model is K2.")
        assert not edited.needs_details

    def test_settling_counts_as_activity(self):
        asked = question()
        found = question_settle(user=member(staff=True), question_id=asked.pk, status="closed")
        assert found.last_activity_at == found.settled_at


class TestDerived:
    """``derived_status`` follows from the columns alone."""

    def build(self, **columns):
        return Question(**columns)

    @given(
        st.sampled_from(list(Status)),
        st.booleans(),
        st.booleans(),
        st.integers(0, 3),
        st.booleans(),
    )
    def test_a_persons_word_first_then_what_is_there(self, status, decided, accepted, answers, details):
        row = self.build(
            status=status,
            settled_at=now() if decided else None,
            accepted_answer_id=1 if accepted else None,
            answers_count=answers,
            needs_details=details,
        )
        found = row.derived_status()
        if decided and status in SETTLED:
            assert found == status
        elif accepted:
            assert found == Status.ACCEPTED
        elif details:
            assert found == Status.NEEDS_DETAILS
        else:
            assert found == (Status.ANSWERED if answers else Status.OPEN)

    @given(st.sampled_from(list(Status)), st.booleans(), st.integers(0, 3))
    def test_it_is_stable(self, status, decided, answers):
        row = self.build(status=status, settled_at=now() if decided else None, answers_count=answers)
        row.status = row.derived_status()
        assert row.derived_status() == row.status

    def test_every_status_that_takes_no_answers_is_a_persons_word(self):
        assert set(CLOSED_TO_ANSWERS) <= set(SETTLED)
        assert Status.OBSOLETE not in CLOSED_TO_ANSWERS

    def test_every_status_has_a_name_for_people(self):
        assert all(status.label and status.label != status.value for status in Status)


@pytest.mark.django_db
def test_no_act_leaves_a_status_that_a_recount_would_change():
    from portal.questions.services.counters import questions_recount

    for how in BY_STATUS:
        at = scene()
        settled(at, how)
        for act in ACTS:
            try:
                TABLE[act][0](at.people["staff"], at)
            except PortalError:
                continue
        assert questions_recount(ids=[at.asked.pk]) == 0, how
