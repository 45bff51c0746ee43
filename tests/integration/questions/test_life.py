"""What people decide about a question: every move is kept, and the way back is open to whom it should be."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from portal.core.clock import now
from portal.core.errors import Invalid, NotAllowed, NotFound, SignInNeeded, StateForbids
from portal.experts.models import Standing
from portal.questions.models import Act, Question, QuestionMove, ReopenVote, Role, Why
from portal.questions.selectors.moves import acts_open, reopen_tally, whys_open
from portal.questions.selectors.standing import has_standing
from portal.questions.services.answers import answer_accept, answer_delete, answer_restore
from portal.questions.services.life import (
    move_undo,
    question_ask_details,
    question_lock,
    question_reopen,
    question_reopen_vote,
    question_settle,
)
from portal.questions.services.questions import question_delete, question_edit
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question, topic

from .scene import everything

pytestmark = pytest.mark.django_db


def fresh(post):
    return type(post).objects.get(pk=post.pk)


def told(asked):
    """Returns the moves of a question, the earliest first, as (act, from, to, role)."""
    rows = QuestionMove.objects.filter(question=asked).order_by("id")
    return [(move.act, move.from_status, move.to_status, move.role) for move in rows]


def last(asked):
    return QuestionMove.objects.filter(question=asked).order_by("-id").first()


def closed(asked=None, why="resolved_elsewhere", **more):
    """Returns a question that staff closed."""
    asked = asked or question()
    question_settle(user=member(staff=True), question_id=asked.pk, status="closed", why=why, **more)
    return fresh(asked)


def expert(asked, points=settings.PORTAL_EXPERT_STANDING):
    """Returns a member with standing in the first topic of a question."""
    made = member()
    made.reputation = points
    made.save(update_fields=["reputation"])
    place = asked.topic_items.first().tag
    Standing.objects.create(user=made, topic=place, points=points, answers=1)
    return made


class TestKept:
    def test_a_strangers_attempts_leave_nothing(self):
        asked, nobody = question(), AnonymousUser()
        before = everything()
        for act in (
            lambda: question_settle(user=nobody, question_id=asked.pk, status="closed"),
            lambda: question_reopen(user=nobody, question_id=asked.pk),
            lambda: question_reopen_vote(user=nobody, question_id=asked.pk),
            lambda: question_ask_details(user=nobody, question_id=asked.pk),
            lambda: question_lock(user=nobody, question_id=asked.pk, locked=True),
            lambda: move_undo(user=nobody, question_id=asked.pk, move_id=1),
        ):
            with pytest.raises(SignInNeeded):
                act()
        assert everything() == before

    def test_each_move_has_who_why_and_when(self):
        asked, staff = question(), member(staff=True)
        began = now()
        question_settle(user=staff, question_id=asked.pk, status="closed", why="off_topic", reason="Try the shop.")
        move = last(asked)
        assert (move.act, move.from_status, move.to_status) == (Act.CLOSE, "open", "closed")
        assert (move.by, move.role, move.why, move.words) == (staff, Role.STAFF, "off_topic", "Try the shop.")
        assert began <= move.at <= now()
        assert (fresh(asked).settled_why, fresh(asked).settled_reason) == ("off_topic", "Try the shop.")

    def test_what_follows_from_answers_is_kept_once(self):
        asked = question()
        one, two = answer(asked), answer(asked)
        accept(two)
        answer_delete(user=two.author, answer_id=two.pk)
        answer_delete(user=one.author, answer_id=one.pk)
        answer_restore(user=two.author, answer_id=two.pk)
        assert told(asked) == [
            ("answer", "open", "answered", "member"),
            ("accept", "answered", "accepted", "asker"),
            ("delete_answer", "accepted", "answered", "member"),
            ("delete_answer", "answered", "open", "member"),
            ("restore_answer", "open", "accepted", "member"),
        ]
        assert [move.answer_id for move in asked.moves.order_by("id")] == [one.pk, two.pk, two.pk, one.pk, two.pk]

    def test_another_accepted_answer_is_a_move_though_the_status_stays(self):
        asked = question()
        accept(answer(asked))
        accept(answer(asked))
        assert told(asked)[-1] == ("accept", "accepted", "accepted", "asker")

    def test_repeating_an_acceptance_is_no_move(self):
        given = accept(answer())
        before = told(given.question)
        answer_accept(user=given.question.author, answer_id=given.pk)
        assert told(given.question) == before

    def test_a_lock_tells_who_and_why_and_locking_again_without_words_is_no_move(self):
        asked, staff = question(), member(staff=True)
        question_lock(user=staff, question_id=asked.pk, locked=True, reason="It got heated.")
        question_lock(user=staff, question_id=asked.pk, locked=True)
        assert told(asked) == [("lock", "open", "open", "staff")]
        assert (last(asked).by, last(asked).words) == (staff, "It got heated.")

    def test_words_are_cut_to_their_column(self):
        asked = question()
        question_ask_details(user=member(staff=True), question_id=asked.pk, words="x" * 400)
        assert last(asked).words == "x" * 300

    def test_a_reason_that_is_none_is_refused(self):
        asked, staff = question(), member(staff=True)
        for status, why in (
            ("closed", "vote"),
            ("closed", "dull"),
            ("obsolete", "off_topic"),
            ("archived", "inactive"),
        ):
            with pytest.raises(Invalid) as refused:
                question_settle(user=staff, question_id=asked.pk, status=status, why=why)
            assert list(refused.value.fields) == ["why"]
        assert told(asked) == []


class TestAsker:
    def test_she_closes_her_own_as_resolved_elsewhere_and_for_no_other_reason(self):
        asked = question()
        for why in ("", "off_topic", "other", "no_details"):
            with pytest.raises(NotAllowed):
                question_settle(user=asked.author, question_id=asked.pk, status="closed", why=why)
        assert whys_open(asked.author, asked) == [Why.ELSEWHERE]
        question_settle(user=asked.author, question_id=asked.pk, status="closed", why="resolved_elsewhere")
        assert told(asked) == [("close", "open", "closed", "asker")]

    def test_others_do_not(self):
        asked = question()
        with pytest.raises(NotAllowed):
            question_settle(user=member(), question_id=asked.pk, status="closed", why="resolved_elsewhere")

    def test_what_she_closed_herself_she_opens_as_often_as_she_likes(self):
        asked = question()
        for _ in range(3):
            question_settle(user=asked.author, question_id=asked.pk, status="closed", why="resolved_elsewhere")
            assert question_reopen(user=asked.author, question_id=asked.pk).status == "open"

    @pytest.mark.parametrize("why", ["resolved_elsewhere", "no_details", "other"])
    def test_what_others_closed_she_opens_once(self, why):
        asked = closed(why=why)
        assert question_reopen(user=asked.author, question_id=asked.pk).status == "open"
        closed(asked, why=why)
        before = everything()
        with pytest.raises(NotAllowed) as refused:
            question_reopen(user=asked.author, question_id=asked.pk)
        assert "once" in str(refused.value)
        assert everything() == before
        question_reopen_vote(user=asked.author, question_id=asked.pk)
        assert ReopenVote.objects.get().user == asked.author, "she votes like everybody"

    def test_off_topic_and_repeats_are_not_hers_to_open(self):
        asked, earlier, staff = question(), question(), member(staff=True)
        question_settle(user=staff, question_id=asked.pk, status="closed", why="off_topic")
        with pytest.raises(NotAllowed):
            question_reopen(user=asked.author, question_id=asked.pk)
        question_settle(user=staff, question_id=asked.pk, status="duplicate", duplicate_of=earlier.pk)
        with pytest.raises(StateForbids):
            question_reopen(user=asked.author, question_id=asked.pk)
        assert fresh(asked).duplicate_of == earlier

    @pytest.mark.parametrize("status", ["archived", "locked"])
    def test_nor_what_is_archived_or_locked(self, status):
        asked, staff = closed(), member(staff=True)
        if status == "locked":
            question_lock(user=staff, question_id=asked.pk, locked=True)
        else:
            question_settle(user=staff, question_id=asked.pk, status=status)
        with pytest.raises((StateForbids, NotAllowed)):
            question_reopen(user=asked.author, question_id=asked.pk)
        with pytest.raises(StateForbids):
            question_reopen_vote(user=member(), question_id=asked.pk)


class TestVotes:
    @pytest.fixture(autouse=True)
    def numbers(self, settings):
        settings.PORTAL_REOPEN_VOTES, settings.PORTAL_REOPEN_DAYS = 3, 14

    def test_the_last_vote_that_it_takes_opens_it(self):
        asked, people = closed(), [member() for _ in range(3)]
        for number, who in enumerate(people, start=1):
            found = question_reopen_vote(user=who, question_id=asked.pk)
            assert found.status == ("open" if number == 3 else "closed")
        move = last(asked)
        assert (move.act, move.by, move.role, move.why) == (Act.REOPEN, None, Role.MEMBER, Why.VOTE)
        assert move.before["voters"] == [who.pk for who in people]
        assert move.voters_count == 3
        assert not ReopenVote.objects.exists()

    def test_one_member_has_one_vote(self):
        asked, who = closed(), member()
        for _ in range(4):
            question_reopen_vote(user=who, question_id=asked.pk)
        assert reopen_tally(user=who, question=asked).votes == 1
        assert fresh(asked).status == "closed"

    def test_a_vote_can_be_taken_back(self):
        asked, who = closed(), member()
        question_reopen_vote(user=who, question_id=asked.pk)
        question_reopen_vote(user=who, question_id=asked.pk, value=False)
        question_reopen_vote(user=who, question_id=asked.pk, value=False)
        tally = reopen_tally(user=who, question=asked)
        assert (tally.votes, tally.needed, tally.days, tally.mine) == (0, 3, 14, False)

    def test_old_votes_do_not_count_and_can_be_given_again(self):
        asked = closed()
        Question.objects.update(settled_at=now() - timedelta(days=60))
        asked.refresh_from_db()
        early, late = member(), member()
        question_reopen_vote(user=early, question_id=asked.pk)
        ReopenVote.objects.update(created_at=now() - timedelta(days=15))
        question_reopen_vote(user=late, question_id=asked.pk)
        assert reopen_tally(user=early, question=asked).votes == 1
        question_reopen_vote(user=early, question_id=asked.pk)
        assert reopen_tally(user=early, question=asked).votes == 2

    def test_votes_from_before_the_last_closing_do_not_count(self):
        asked = closed()
        question_reopen_vote(user=member(), question_id=asked.pk)
        question_reopen_vote(user=member(), question_id=asked.pk)
        closed(asked, why="other")
        assert question_reopen_vote(user=member(), question_id=asked.pk).status == "closed"

    def test_a_member_who_was_switched_off_no_longer_counts(self):
        asked, gone = closed(), member()
        question_reopen_vote(user=gone, question_id=asked.pk)
        gone.is_active = False
        gone.save()
        assert reopen_tally(user=member(), question=asked).votes == 0

    @pytest.mark.parametrize("how", ["open", "answered", "accepted", "needs_details"])
    def test_what_is_open_is_not_voted_on(self, how):
        asked = question()
        if how in ("answered", "accepted"):
            given = answer(asked)
            if how == "accepted":
                accept(given)
        if how == "needs_details":
            question_ask_details(user=member(staff=True), question_id=asked.pk, words="Which?")
        with pytest.raises(StateForbids):
            question_reopen_vote(user=member(), question_id=asked.pk)

    def test_where_no_votes_are_set_only_the_staff_open(self, settings):
        settings.PORTAL_REOPEN_VOTES = 0
        with pytest.raises(NotAllowed):
            question_reopen_vote(user=member(), question_id=closed().pk)

    def test_a_deleted_question_takes_no_votes(self):
        asked = closed()
        question_delete(user=member(staff=True), question_id=asked.pk)
        with pytest.raises(NotFound):
            question_reopen_vote(user=member(), question_id=asked.pk)

    def test_undoing_an_opening_by_vote_does_not_leave_the_votes_in_the_balance(self):
        asked = closed()
        for _ in range(3):
            question_reopen_vote(user=member(), question_id=asked.pk)
        found = move_undo(user=member(staff=True), question_id=asked.pk, move_id=last(asked).pk)
        assert (found.status, found.settled_why) == ("closed", "resolved_elsewhere")
        assert question_reopen_vote(user=member(), question_id=asked.pk).status == "closed"


class TestDetails:
    def test_an_outsider_does_not_ask_for_them(self):
        asked = question()
        for who in (member(), asked.author):
            with pytest.raises(NotAllowed):
                question_ask_details(user=who, question_id=asked.pk, words="Which model?")

    def test_an_expert_in_its_topic_does(self):
        topic("Batteries")
        asked = question(topics=("batteries",))
        who = expert(asked)
        assert has_standing(who, asked)
        found = question_ask_details(user=who, question_id=asked.pk, words="Which model?")
        assert (found.status, last(asked).role, last(asked).words) == ("needs_details", Role.EXPERT, "Which model?")

    def test_too_little_standing_or_standing_elsewhere_is_not_enough(self):
        topic("Batteries")
        topic("Paper")
        asked, other = question(topics=("batteries",)), question(topics=("paper",))
        for who in (expert(asked, settings.PORTAL_EXPERT_STANDING - 1), expert(other)):
            assert not has_standing(who, asked)
            with pytest.raises(NotAllowed):
                question_ask_details(user=who, question_id=asked.pk, words="Which model?")

    def test_an_expert_decides_nothing_else(self):
        topic("Batteries")
        asked = question(topics=("batteries",))
        assert acts_open(expert(asked), asked) == [Act.ASK_DETAILS]

    def test_the_askers_words_take_the_mark_away(self):
        asked = question()
        question_ask_details(user=member(staff=True), question_id=asked.pk, words="Which model?")
        question_edit(user=asked.author, question_id=asked.pk, version=1, body="It is a K2.")
        assert fresh(asked).status == "open"
        assert told(asked)[-1] == ("give_details", "needs_details", "open", "asker")

    def test_other_topics_alone_do_not_nor_does_an_edit_by_the_staff(self):
        topic("Batteries")
        asked, staff = question(), member(staff=True)
        question_ask_details(user=staff, question_id=asked.pk, words="Which model?")
        question_edit(user=asked.author, question_id=asked.pk, version=1, topics=["batteries"])
        question_edit(user=staff, question_id=asked.pk, version=2, body="The same without the typing error.")
        assert fresh(asked).status == "needs_details"
        assert question_reopen(user=staff, question_id=asked.pk).status == "open"

    def test_where_the_asker_left_the_staffs_edit_counts(self):
        asked, staff = question(), member(staff=True)
        Question.objects.update(author=None)
        question_ask_details(user=staff, question_id=asked.pk, words="Which model?")
        question_edit(user=staff, question_id=asked.pk, version=1, body="It is a K2, says her colleague.")
        assert fresh(asked).status == "open"

    def test_what_was_closed_for_want_of_them_opens_with_them_however_often(self):
        asked = question()
        for version in (1, 2, 3):
            closed(asked, why="no_details")
            question_edit(user=asked.author, question_id=asked.pk, version=version, body=f"It is a K{version}.")
            assert fresh(asked).status == "open"
        assert told(asked)[-1] == ("give_details", "closed", "open", "asker")

    def test_an_edit_does_not_open_what_was_closed_for_another_reason(self):
        asked = closed(why="off_topic")
        question_edit(user=asked.author, question_id=asked.pk, version=1, body="But it is about printers!")
        assert fresh(asked).status == "closed"

    def test_a_solved_or_closed_question_is_not_asked_for_details(self):
        solved, staff = accept(answer()).question, member(staff=True)
        for asked in (solved, closed()):
            with pytest.raises(StateForbids):
                question_ask_details(user=staff, question_id=asked.pk, words="Which model?")
