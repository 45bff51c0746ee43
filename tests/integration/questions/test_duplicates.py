"""What was asked before: chains that lead to their end, what members propose, what askers contest."""

from itertools import pairwise

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.core.errors import Invalid, NotAllowed, NotFound, PortalError, SignInNeeded, StateForbids
from portal.core.events import receives
from portal.questions import events
from portal.questions.models import Contest, DuplicateProposal, Question
from portal.questions.selectors.duplicates import (
    chain_of,
    contests_waiting,
    earlier_question,
    pairs_waiting,
    question_named,
    target_candidates,
)
from portal.questions.services.duplicates import duplicates_flatten
from portal.questions.services.life import question_reopen, question_settle
from portal.questions.services.merging import questions_merge
from portal.questions.services.proposals import contest_decide, contest_open, duplicate_decide, duplicate_propose
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, question

from .scene import KINDS, everything, scene

WORDS = "Mine is about the other valve."
REFUSED = {"S": SignInNeeded, "N": NotAllowed, "F": StateForbids}


def fresh(post):
    """Returns the row as it is now."""
    return type(post).objects.get(pk=post.pk)


def repeat(question_, target, staff=None):
    """Marks a question as a repeat."""
    return question_settle(
        user=staff or member(staff=True), question_id=question_.pk, status="duplicate", duplicate_of=target.pk
    )


def bring(question_, target):
    """Marks a question as an import does: without looking where the target leads."""
    Question.objects.filter(pk=question_.pk).update(status="duplicate", duplicate_of=target)


@pytest.mark.django_db
class TestRights:
    """The outsider first."""

    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "SS.....", strict=True)))
    def test_every_member_may_propose(self, kind, letter):
        at, target = scene(), question()
        if letter == ".":
            duplicate_propose(user=at.people[kind], question_id=at.asked.pk, target_id=target.pk)
        else:
            with pytest.raises(REFUSED[letter]):
                duplicate_propose(user=at.people[kind], question_id=at.asked.pk, target_id=target.pk)
        assert DuplicateProposal.objects.count() == (letter == ".")
        assert fresh(at.asked).status == "answered"

    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "SSNNNN.", strict=True)))
    def test_staff_alone_decide(self, kind, letter):
        at, target = scene(), question()
        proposal = duplicate_propose(user=member(), question_id=at.asked.pk, target_id=target.pk)
        before = everything()
        if letter == ".":
            duplicate_decide(user=at.people[kind], proposal_id=proposal.pk, agree=True)
            assert fresh(at.asked).duplicate_of_id == target.pk
            return
        for agree in (True, False):
            with pytest.raises(REFUSED[letter]):
                duplicate_decide(user=at.people[kind], proposal_id=proposal.pk, agree=agree)
        with pytest.raises(REFUSED[letter]):
            pairs_waiting(at.people[kind])
        assert everything() == before
        assert fresh(proposal).outcome == ""

    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "SSN.NNN", strict=True)))
    @pytest.mark.parametrize("how", ["marked", "joined"])
    def test_who_asked_alone_contests(self, how, kind, letter):
        at, target = scene(), question()
        if how == "marked":
            repeat(at.asked, target)
        else:
            questions_merge(user=at.people["staff"], source_id=at.asked.pk, target_id=target.pk)
        if letter == ".":
            contest = contest_open(user=at.people[kind], question_id=at.asked.pk, words=WORDS)
            assert (contest.merge_id is not None) == (how == "joined")
            return
        with pytest.raises(REFUSED[letter]):
            contest_open(user=at.people[kind], question_id=at.asked.pk, words=WORDS)
        assert not Contest.objects.exists()

    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "SSNNNN.", strict=True)))
    def test_staff_alone_decide_what_is_contested(self, kind, letter):
        at = scene()
        repeat(at.asked, question())
        contest = contest_open(user=at.people["asker"], question_id=at.asked.pk, words=WORDS)
        if letter == ".":
            contest_decide(user=at.people[kind], contest_id=contest.pk, agree=True)
            assert fresh(at.asked).status == "answered"
            return
        with pytest.raises(REFUSED[letter]):
            contest_decide(user=at.people[kind], contest_id=contest.pk, agree=True)
        with pytest.raises(REFUSED[letter]):
            contests_waiting(at.people[kind])
        assert fresh(at.asked).status == "duplicate"


@pytest.mark.django_db
class TestProposing:
    def test_the_same_member_again_changes_her_proposal(self):
        who, asked, one, other = member(), question(), question(), question()
        first = duplicate_propose(user=who, question_id=asked.pk, target_id=one.pk)
        again = duplicate_propose(user=who, question_id=asked.pk, target_id=other.pk, words="This one.")
        assert first.pk == again.pk
        assert (fresh(again).target_id, fresh(again).words) == (other.pk, "This one.")

    def test_the_target_is_the_end_of_its_chain(self):
        asked, one, last = question(), question(), question()
        repeat(one, last)
        made = duplicate_propose(user=member(), question_id=asked.pk, target_id=one.pk)
        assert made.target_id == last.pk

    @pytest.mark.parametrize("which", ["itself", "repeat", "gone", "never"])
    def test_what_cannot_be_the_target_is_refused(self, which):
        asked, other = question(), question()
        if which == "repeat":
            repeat(other, asked)
        if which == "gone":
            question_delete(user=member(staff=True), question_id=other.pk)
        pk = {"itself": asked.pk, "never": 10**9}.get(which, other.pk)
        with pytest.raises((Invalid, NotFound)):
            duplicate_propose(user=member(), question_id=asked.pk, target_id=pk)
        assert not DuplicateProposal.objects.exists()

    def test_a_repeat_is_not_proposed_again_nor_an_archived_one(self):
        marked, archived, target = question(), question(), question()
        repeat(marked, target)
        question_settle(user=member(staff=True), question_id=archived.pk, status="archived")
        for asked in (marked, archived):
            with pytest.raises(StateForbids):
                duplicate_propose(user=member(), question_id=asked.pk, target_id=target.pk)

    def test_pairs_that_more_members_name_come_first_and_are_decided_together(self):
        staff, one, two, target = member(staff=True), question(), question(), question()
        lonely = duplicate_propose(user=member(), question_id=one.pk, target_id=target.pk)
        pair = [duplicate_propose(user=member(), question_id=two.pk, target_id=target.pk) for _ in range(2)]
        waiting = pairs_waiting(staff)
        assert [[each.pk for each, _by in found.by] for found in waiting] == [[each.pk for each in pair], [lonely.pk]]
        duplicate_decide(user=staff, proposal_id=pair[0].pk, agree=False, reply="It is another valve.")
        assert [fresh(each).outcome for each in (*pair, lonely)] == ["declined", "declined", ""]
        assert [found.first.pk for found in pairs_waiting(staff)] == [lonely.pk]
        with pytest.raises(StateForbids):
            duplicate_decide(user=staff, proposal_id=pair[1].pk, agree=True)

    def test_agreeing_declines_other_targets_and_tells_everybody(self):
        heard = []
        receives(events.DuplicateDecided)(heard.append)
        asked, right, wrong = question(), question(), question()
        good = duplicate_propose(user=member(), question_id=asked.pk, target_id=right.pk)
        bad = duplicate_propose(user=member(), question_id=asked.pk, target_id=wrong.pk)
        with committed():
            duplicate_decide(user=member(staff=True), proposal_id=good.pk, agree=True, reply="Thanks.")
        assert (fresh(good).outcome, fresh(bad).outcome) == ("agreed", "declined")
        told = {event.proposer_id: event.agreed for event in heard if event.question_id == asked.pk}
        assert told == {good.member_id: True, bad.member_id: False}

    def test_what_staff_settled_meanwhile_waits_no_longer(self):
        asked, target = question(), question()
        duplicate_propose(user=member(), question_id=asked.pk, target_id=target.pk)
        repeat(asked, target)
        assert pairs_waiting(member(staff=True)) == []


@pytest.mark.django_db
class TestContesting:
    def test_agreeing_opens_a_marked_question_and_parts_a_joined_one(self):
        staff, marked, joined, target = member(staff=True), question(), question(), question()
        given = answer(joined)
        repeat(marked, target, staff)
        questions_merge(user=staff, source_id=joined.pk, target_id=target.pk)
        for asked in (marked, joined):
            contest = contest_open(user=asked.author, question_id=asked.pk, words=WORDS)
            contest_decide(user=staff, contest_id=contest.pk, agree=True)
            assert fresh(contest).outcome == "agreed"
        assert fresh(marked).status == "open"
        assert (fresh(joined).deleted_at, fresh(given).question_id) == (None, joined.pk)

    def test_declining_needs_words_and_ends_it(self):
        staff, asked = member(staff=True), question()
        repeat(asked, question(), staff)
        contest = contest_open(user=asked.author, question_id=asked.pk, words=WORDS)
        with pytest.raises(Invalid) as refused:
            contest_decide(user=staff, contest_id=contest.pk, agree=False, reply=" ")
        assert "reply" in refused.value.fields
        contest_decide(user=staff, contest_id=contest.pk, agree=False, reply="The answer there fits both.")
        assert fresh(asked).status == "duplicate"
        with pytest.raises(StateForbids):
            contest_open(user=asked.author, question_id=asked.pk, words=WORDS)

    def test_a_new_marking_may_be_contested_anew(self):
        staff, asked = member(staff=True), question()
        repeat(asked, question(), staff)
        contest = contest_open(user=asked.author, question_id=asked.pk, words=WORDS)
        contest_decide(user=staff, contest_id=contest.pk, agree=False, reply="The same.")
        question_reopen(user=staff, question_id=asked.pk)
        repeat(asked, question(), staff)
        assert contest_open(user=asked.author, question_id=asked.pk, words=WORDS).pk != contest.pk

    @pytest.mark.parametrize("words", ["", "no", " " * 20, "\x00" * 20, "x" * 1001])
    def test_words_are_needed(self, words):
        asked = question()
        repeat(asked, question())
        with pytest.raises(Invalid):
            contest_open(user=asked.author, question_id=asked.pk, words=words)

    def test_once_is_enough_and_an_open_question_has_nothing_to_contest(self):
        asked = question()
        with pytest.raises(StateForbids):
            contest_open(user=asked.author, question_id=asked.pk, words=WORDS)
        repeat(asked, question())
        contest_open(user=asked.author, question_id=asked.pk, words=WORDS)
        with pytest.raises(StateForbids):
            contest_open(user=asked.author, question_id=asked.pk, words=WORDS)
        assert [each.question_id for each in contests_waiting(member(staff=True))] == [asked.pk]


@pytest.mark.django_db
class TestWhereItLeads:
    def test_a_chain_leads_to_its_end_with_the_answer_to_read(self):
        first, second, third = question(), question(), question()
        given = accept(answer(third))
        bring(first, second)
        bring(second, third)
        found = earlier_question(AnonymousUser(), fresh(first))
        assert (found.question, found.answer, found.accepted) == (third, given, True)

    def test_an_end_that_is_gone_leaves_the_last_that_is_there(self):
        first, second, third = question(), question(), question()
        bring(first, second)
        bring(second, third)
        question_delete(user=member(staff=True), question_id=third.pk)
        assert earlier_question(None, fresh(first)).question == second
        question_delete(user=member(staff=True), question_id=second.pk)
        assert earlier_question(None, fresh(first)) is None

    def test_a_ring_that_an_import_brought_ends(self):
        ring = [question() for _ in range(3)]
        for place, each in enumerate(ring):
            bring(each, ring[(place + 1) % 3])
        assert chain_of(ring[0].pk) == [each.pk for each in ring]
        assert earlier_question(None, fresh(ring[0])).question in ring[1:]
        assert duplicates_flatten() == 0

    def test_flattening_leads_straight_to_the_end_and_then_finds_nothing(self):
        chain = [question() for _ in range(5)]
        for one, other in pairwise(chain):
            bring(one, other)
        assert duplicates_flatten() == 3
        assert {fresh(each).duplicate_of_id for each in chain[:-1]} == {chain[-1].pk}
        assert duplicates_flatten() == 0


class Markings(TestCase):
    """Whatever staff mark and open again in whatever order: no repeat leads to a repeat, none to itself."""

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 4)), min_size=3, max_size=12))
    def test_no_chain_and_no_ring(self, steps):
        staff = member(staff=True)
        asked = [question(staff) for _ in range(4)]
        for one, other, act in steps:
            try:
                if act == 0:
                    question_reopen(user=staff, question_id=asked[one].pk)
                else:
                    repeat(asked[one], asked[other], staff)
            except PortalError:
                continue
        for each in Question.objects.filter(status="duplicate").select_related("duplicate_of"):
            assert each.duplicate_of_id not in (None, each.pk)
            assert each.duplicate_of.status != "duplicate"


@pytest.mark.django_db
class TestCandidates:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("12", 12),
            (" #12 ", 12),
            ("https://example.org/en/questions/12/why/#answer-3", 12),
            ("/ja/questions/12/", 12),
            ("questions/12?x=1", None),
            ("12 volts", None),
            ("", None),
            ("9" * 19, None),
        ],
    )
    def test_a_number_or_an_address_is_known(self, text, number):
        assert question_named(text) == number

    def test_a_named_question_is_the_only_candidate(self):
        asked, other = question(), question()
        staff = member(staff=True)
        assert [each.question for each in target_candidates(user=staff, question=asked, words=str(other.pk))] == [other]
        for words in (str(asked.pk), "999999999"):
            assert target_candidates(user=staff, question=asked, words=words) == []

    def test_a_joined_question_stands_for_where_it_went(self):
        asked, other, target = question(), question(), question()
        staff = member(staff=True)
        questions_merge(user=staff, source_id=other.pk, target_id=target.pk)
        found = target_candidates(user=staff, question=asked, words=other.get_absolute_url())
        assert [each.question for each in found] == [target]
