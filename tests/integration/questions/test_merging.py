"""Joining two questions and parting them again: who may, what goes where, and that nothing is lost."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from portal.core.errors import Invalid, Moved, NotAllowed, NotFound, SignInNeeded, StateForbids
from portal.core.events import receives
from portal.questions import events
from portal.questions.models import Answer, Comment, Merge, Question, QuestionLink, Revision, Vote
from portal.questions.selectors.access import question_visible_to
from portal.questions.selectors.merging import also_asked, merges_made
from portal.questions.services.answers import answer_create, answer_delete, answer_restore
from portal.questions.services.comments import comment_create
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.merging import merge_plan, merge_undo, questions_merge
from portal.questions.services.questions import question_delete, question_restore
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, comment, question, vote

from .scene import KINDS, scene

pytestmark = pytest.mark.django_db

REFUSED = {"S": SignInNeeded, "N": NotAllowed}


@pytest.fixture
def staff():
    """A member of staff."""
    return member(staff=True)


def rows():
    """Every row that a merge may touch, without the merges."""
    tables = (Question, Answer, Comment, Revision, Vote, QuestionLink)
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}


def merged(source, target, user, reason=""):
    """Joins two questions as a commit would."""
    with committed():
        return questions_merge(user=user, source_id=source.pk, target_id=target.pk, reason=reason)


def fresh(post):
    """Returns the row as it is now."""
    return type(post).objects.get(pk=post.pk)


class TestRights:
    """The outsider first."""

    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "SSNNNN.", strict=True)))
    def test_only_staff_join_and_part(self, kind, letter):
        at, target = scene(), question()
        user, before = at.people[kind], rows()
        if letter == ".":
            merge = questions_merge(user=user, source_id=at.asked.pk, target_id=target.pk)
            merge_undo(user=user, merge_id=merge.pk)
            return
        with pytest.raises(REFUSED[letter]):
            questions_merge(user=user, source_id=at.asked.pk, target_id=target.pk)
        with pytest.raises(REFUSED[letter]):
            merge_plan(user=user, source_id=at.asked.pk, target_id=target.pk)
        merge = questions_merge(user=at.people["staff"], source_id=at.asked.pk, target_id=target.pk)
        with pytest.raises(REFUSED[letter]):
            merge_undo(user=user, merge_id=merge.pk)
        with pytest.raises(REFUSED[letter]):
            merges_made(user)
        merge_undo(user=at.people["staff"], merge_id=merge.pk)
        assert rows() == before

    def test_what_is_not_there_is_not_found(self, staff):
        gone, there = question(), question()
        question_delete(user=staff, question_id=gone.pk)
        for source, target in ((gone, there), (there, gone)):
            with pytest.raises(NotFound):
                questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
        with pytest.raises(NotFound):
            merge_undo(user=staff, merge_id=10**9)

    def test_a_question_is_not_joined_with_itself(self, staff):
        asked = question()
        with pytest.raises(Invalid) as refused:
            questions_merge(user=staff, source_id=asked.pk, target_id=asked.pk)
        assert "target" in refused.value.fields

    def test_nor_with_one_that_repeats_it(self, staff):
        first, repeat = question(), question()
        question_settle(user=staff, question_id=repeat.pk, status="duplicate", duplicate_of=first.pk)
        with pytest.raises(Invalid):
            questions_merge(user=staff, source_id=first.pk, target_id=repeat.pk)
        questions_merge(user=staff, source_id=repeat.pk, target_id=first.pk)

    @pytest.mark.parametrize("which", ["source", "target"])
    def test_an_archived_question_stays_as_it_is(self, staff, which):
        one, other = question(), question()
        question_settle(user=staff, question_id=(one if which == "source" else other).pk, status="archived")
        before = rows()
        with pytest.raises(StateForbids):
            questions_merge(user=staff, source_id=one.pk, target_id=other.pk)
        assert rows() == before

    def test_a_locked_one_may_be_joined_by_staff(self, staff):
        one, other = question(), question()
        question_lock(user=staff, question_id=one.pk, locked=True)
        assert questions_merge(user=staff, source_id=one.pk, target_id=other.pk).pk


class TestWhatGoes:
    def test_answers_go_with_all_that_hangs_on_them(self, staff):
        source, target = question(), question()
        given, gone = answer(source), answer(source)
        said = comment(given)
        vote(given)
        answer_delete(user=gone.author, answer_id=gone.pk)
        own = answer(target)
        merged(source, target, staff)
        assert set(Answer.objects.filter(question=target)) == {given, gone, own}
        assert fresh(said).question_id == target.pk
        assert set(Revision.objects.filter(answer__in=[given, gone]).values_list("question", flat=True)) == {target.pk}
        assert fresh(given).score == 1
        assert fresh(target).answers_count == 2
        answer_restore(user=gone.author, answer_id=gone.pk)
        assert fresh(target).answers_count == 3

    def test_comments_on_the_question_go_with_their_replies(self, staff):
        source, target = question(), question()
        first = comment(source)
        reply = comment(source, parent=first)
        merged(source, target, staff)
        assert fresh(reply).parent_id == first.pk
        assert fresh(first).question_id == fresh(reply).question_id == target.pk
        assert fresh(target).comments_count == 2
        assert fresh(source).comments_count == 0

    def test_who_voted_on_both_keeps_one_vote_and_nobody_votes_for_her_own(self, staff):
        source, target = question(), question()
        both, one = member(), member()
        for post, who, value in ((source, both, 1), (target, both, -1), (source, one, 1), (source, target.author, 1)):
            vote(post, who, value)
        merged(source, target, staff)
        assert dict(Vote.objects.filter(question=target).values_list("user", "value")) == {both.pk: -1, one.pk: 1}
        assert fresh(target).score == 0

    def test_the_acceptance_goes_where_the_target_has_none(self, staff):
        source, target = question(), question()
        given = accept(answer(source))
        merged(source, target, staff)
        assert fresh(target).accepted_answer_id == given.pk
        assert fresh(target).status == "accepted"
        assert fresh(source).accepted_answer_id is None

    def test_the_targets_accepted_answer_stays_and_the_other_is_one_of_many(self, staff):
        source, target = question(), question()
        theirs, kept = accept(answer(source)), accept(answer(target))
        moment = theirs.accepted_at
        merge = merged(source, target, staff)
        assert fresh(target).accepted_answer_id == kept.pk
        assert fresh(theirs).accepted_at is None
        merge_undo(user=staff, merge_id=merge.pk)
        assert fresh(source).accepted_answer_id == theirs.pk
        assert fresh(theirs).accepted_at == moment

    def test_links_and_repeats_lead_to_the_target_and_never_to_themselves(self, staff):
        source, target, third, repeat = (question() for _ in range(4))
        QuestionLink.objects.create(question=source, target=target)
        QuestionLink.objects.create(question=source, target=third)
        QuestionLink.objects.create(question=third, target=target)
        QuestionLink.objects.create(question=third, target=source)
        question_settle(user=staff, question_id=repeat.pk, status="duplicate", duplicate_of=source.pk)
        before = rows()
        # Not committed: what follows is the business of tests/integration/questions/test_links.py.
        merge = questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
        assert fresh(repeat).duplicate_of_id == target.pk
        links = set(QuestionLink.objects.filter(kind="related").values_list("question", "target"))
        assert (target.pk, third.pk) in links
        assert not any(one == other for one, other in links)
        merge_undo(user=staff, merge_id=merge.pk)
        assert rows() == before

    def test_the_ledger_of_reputation_follows(self, staff):
        source, target = question(), question()
        given = answer(source)
        vote(given)
        accept(given)
        before = fresh(given.author).reputation
        merge = merged(source, target, staff)
        assert fresh(given.author).reputation == before
        with committed():
            merge_undo(user=staff, merge_id=merge.pk)
        assert fresh(given.author).reputation == before


class TestUndo:
    def test_what_came_to_the_target_since_stays_and_what_was_said_below_goes_along(self, staff):
        source, target = question(), question()
        given, said = answer(source), comment(source)
        merge = merged(source, target, staff)
        later = answer(target)
        below = comment(given)
        reply = comment(target, parent=said)
        reply_of_reply = comment(target, parent=reply)
        own = comment(target)
        vote(given)
        merge_undo(user=staff, merge_id=merge.pk)
        assert fresh(later).question_id == fresh(own).question_id == target.pk
        for post in (given, said, below, reply, reply_of_reply):
            assert fresh(post).question_id == source.pk, post
        assert (fresh(source).answers_count, fresh(target).answers_count) == (1, 1)
        assert (fresh(source).comments_count, fresh(target).comments_count) == (3, 1)
        assert fresh(given).score == 1

    def test_a_later_acceptance_of_a_moved_answer_ends_with_the_merge(self, staff):
        source, target = question(), question()
        given = answer(source)
        merge = merged(source, target, staff)
        accept(fresh(given), target.author)
        merge_undo(user=staff, merge_id=merge.pk)
        assert fresh(target).accepted_answer_id is None
        assert fresh(given).accepted_at is None
        assert fresh(target).status == "open"

    def test_it_is_undone_once(self, staff):
        merge = merged(question(), question(), staff)
        merge_undo(user=staff, merge_id=merge.pk)
        with pytest.raises(StateForbids):
            merge_undo(user=staff, merge_id=merge.pk)

    def test_a_chain_is_undone_from_its_end(self, staff):
        first, second, third = question(), question(), question()
        answer(first)
        before = rows()
        one, two = merged(first, second, staff), merged(second, third, staff)
        assert fresh(first).merged_into_id == third.pk
        with pytest.raises(StateForbids):
            merge_undo(user=staff, merge_id=one.pk)
        merge_undo(user=staff, merge_id=two.pk)
        assert fresh(first).merged_into_id == second.pk
        merge_undo(user=staff, merge_id=one.pk)
        assert rows() == before

    def test_the_same_two_can_be_joined_again(self, staff):
        source, target = question(), question()
        merge_undo(user=staff, merge_id=merged(source, target, staff).pk)
        merged(source, target, staff)
        assert Merge.objects.filter(source=source).count() == 2

    def test_it_is_possible_where_the_target_was_deleted(self, staff):
        source, target = question(), question()
        merge = merged(source, target, staff)
        question_delete(user=staff, question_id=target.pk)
        merge_undo(user=staff, merge_id=merge.pk)
        assert question_visible_to(None, source.pk) == source


class TestAddresses:
    def test_the_old_address_leads_to_the_target_for_everybody(self, staff):
        source, target = question(), question()
        given = answer(source)
        merge = merged(source, target, staff)
        for tail in ("", f"{source.slug}/", "history/"):
            reply = Client().get(f"/en/questions/{source.pk}/{tail}")
            assert (reply.status_code, reply["Location"]) == (301, f"/en/questions/{target.pk}/{target.slug}/")
            assert reply["Cache-Control"] == "no-cache"
        assert fresh(given).get_absolute_url().startswith(target.get_absolute_url())
        merge_undo(user=staff, merge_id=merge.pk)
        assert Client().get(source.get_absolute_url()).status_code == 200

    def test_a_deleted_target_takes_the_old_address_with_it(self, staff):
        source, target = question(), question()
        merged(source, target, staff)
        question_delete(user=staff, question_id=target.pk)
        with pytest.raises(NotFound) as refused:
            question_visible_to(staff, source.pk)
        assert not isinstance(refused.value, Moved)
        assert Client().get(f"/en/questions/{source.pk}/").status_code == 404

    def test_writing_to_the_old_question_is_refused_with_the_way_on(self, staff):
        source, target, who = question(), question(), member()
        merged(source, target, staff)
        for act in (
            lambda: answer_create(user=who, question_id=source.pk, body="So."),
            lambda: comment_create(user=who, kind="question", post_id=source.pk, body="Hm."),
        ):
            with pytest.raises(Moved) as refused:
                act()
            assert (refused.value.status, refused.value.pk) == (409, target.pk)

    def test_a_source_does_not_come_back_by_the_ordinary_way(self, staff):
        source, target = question(), question()
        merged(source, target, staff)
        for who in (staff, source.author, AnonymousUser()):
            with pytest.raises((NotFound, SignInNeeded)):
                question_restore(user=who, question_id=source.pk)


class TestTelling:
    def test_the_events_name_both_sides(self, staff):
        heard = []
        receives(events.QuestionsMerged, events.QuestionsUnmerged)(heard.append)
        source, target = question(), question()
        merge = merged(source, target, staff, reason="The same valve.")
        with committed():
            merge_undo(user=staff, merge_id=merge.pk)
        mine = [event for event in heard if event.merge_id == merge.pk]
        assert [type(event) for event in mine] == [events.QuestionsMerged, events.QuestionsUnmerged]
        assert (mine[0].source_id, mine[0].target_id) == (source.pk, target.pk)
        assert (mine[0].source_author_id, mine[0].target_author_id) == (source.author_id, target.author_id)

    def test_the_askers_wording_is_kept_beside_the_question(self, staff):
        source, target = question(), question()
        merged(source, target, staff)
        assert [(each.question, each.mine) for each in also_asked(source.author, target)] == [(source, True)]
        assert [each.mine for each in also_asked(AnonymousUser(), target)] == [False]
        assert also_asked(None, source) == []


class TestPlan:
    def test_it_says_what_will_happen_and_changes_nothing(self, staff):
        source, target = question(language="ru"), question()
        accept(answer(source))
        answer(source)
        comment(source)
        vote(source)
        vote(source, target.author)
        before = rows()
        plan = merge_plan(user=staff, source_id=source.pk, target_id=target.pk)
        assert rows() == before
        assert (plan.answers_count, plan.comments_count, plan.votes_count, plan.votes_left) == (2, 1, 1, 1)
        assert plan.accepted == fresh(source).accepted_answer_id
        assert plan.other_language
        accept(answer(target))
        plan = merge_plan(user=staff, source_id=source.pk, target_id=target.pk)
        assert (plan.accepted, plan.unaccepted) == (None, fresh(source).accepted_answer_id)
