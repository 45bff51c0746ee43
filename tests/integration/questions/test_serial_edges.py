"""Votes in series at their edges: hours and shares as the database has them, whose reversal it is, what comes back."""

from datetime import timedelta

import pytest

from portal.core.clock import now
from portal.core.errors import NotFound, StateForbids
from portal.core.models import AuditEntry
from portal.experts.models import BadgeAward, ReputationEntry
from portal.questions.models import Answer, Question, Vote, VoteReversal
from portal.questions.selectors.reversals import reversals_page, reversals_shown, votes_broken_down, votes_cast_since
from portal.questions.services.anonymity import question_sign
from portal.questions.services.questions import question_delete
from portal.questions.services.serial_votes import LOOKED_BACK, reversal_undo, serial_votes_reverse
from portal.questions.services.votes import vote_cast
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import answer, question, vote
from tests.integration.api.conftest import Caller, problem_of

from .scene import signed_in

pytestmark = pytest.mark.django_db
WHY = "They work in one team and read it all."


def kind_of(post):
    return "answer" if isinstance(post, Answer) else "question"


def series(count=6, value=1, author=None, voter=None):
    """Votes of one member for questions of one author; returns the voter, the author and the posts."""
    author, voter = author or member(), voter or member()
    posts = [question(author) for _ in range(count)]
    for post in posts:
        vote(post, voter, value)
    return voter, author, posts


def spread(voter, *ages):
    """Says how long ago each of a member's votes was cast, in the order in which they were."""
    for vote_row, age in zip(Vote.objects.filter(user=voter).order_by("pk"), ages, strict=True):
        Vote.objects.filter(pk=vote_row.pk).update(created_at=now() - age)


def reverse(**options):
    with committed():
        return serial_votes_reverse(**options)


def undone(user=None):
    with committed():
        return reversal_undo(user=user or member(staff=True), reversal_id=VoteReversal.objects.get().pk, reason=WHY)


class TestHours:
    def test_six_votes_within_a_day_less_a_minute_are_one_and_over_a_day_none(self):
        voter, _author, _posts = series()
        hours = [timedelta(hours=5 * place) for place in range(5)]
        spread(voter, *hours, timedelta(hours=24, seconds=1))
        assert reverse() == 0
        spread(voter, *hours, timedelta(hours=23, minutes=59))
        assert reverse() == 1

    def test_what_lies_before_the_days_looked_back_is_not_read(self):
        voter, _author, _posts = series()
        moment = now()
        Vote.objects.filter(user=voter).update(created_at=moment - LOOKED_BACK - timedelta(seconds=1))
        assert reverse(moment=moment) == 0
        assert list(votes_cast_since(moment - LOOKED_BACK)) == []
        Vote.objects.filter(user=voter).update(created_at=moment - LOOKED_BACK)
        assert reverse(moment=moment) == 1

    def test_a_vote_that_was_turned_counts_from_the_turn_and_in_its_new_direction(self):
        voter, _author, posts = series(6, value=-1)
        Vote.objects.update(created_at=now() - timedelta(days=5))
        for post in posts[:5]:
            vote(post, voter, 1)
        assert reverse() == 0
        vote(posts[5], voter, 1)
        assert reverse() == 1
        assert VoteReversal.objects.get().value == 1

    def test_votes_taken_back_in_time_are_no_series(self):
        voter, _author, posts = series()
        vote(posts[0], voter, 0)
        assert reverse() == 0

    def test_the_share_is_of_all_that_she_cast(self):
        voter, _author, _posts = series()
        for _ in range(4):
            vote(question(), voter)
        spread(voter, *(timedelta(minutes=10 * place) for place in (1, 3, 5, 7, 9, 10, 2, 4, 6, 8)))
        assert reverse() == 0
        Vote.objects.filter(pk=Vote.objects.filter(user=voter).latest("pk").pk).delete()
        assert reverse() == 1
        made = VoteReversal.objects.get()
        assert (made.votes_count, made.cast_count) == (6, 9)

    def test_two_authors_under_one_voter_are_two_reversals(self, settings):
        settings.PORTAL_SERIAL_VOTES_PERCENT = 40
        voter, first, _posts = series()
        _voter, second, _more = series(voter=voter)
        assert reverse() == 2
        assert set(VoteReversal.objects.values_list("author", flat=True)) == {first.pk, second.pk}


class TestWhatComesBack:
    def test_reputation_scores_and_how_votes_stand(self):
        _voter, author, posts = series()
        vote(posts[0])
        author.refresh_from_db()
        before = (author.reputation, [votes_broken_down(post=post) for post in posts])
        assert before[0] > 0
        reverse()
        author.refresh_from_db()
        assert author.reputation < before[0]
        assert [votes_broken_down(post=post) for post in posts] == [(1, 0)] + [(0, 0)] * 5
        undone()
        author.refresh_from_db()
        assert (author.reputation, [votes_broken_down(post=post) for post in posts]) == before

    def test_badges_that_were_earned_stay_through_both(self):
        _voter, author, _posts = series()
        kept = set(BadgeAward.objects.filter(user=author).values_list("slug", flat=True))
        assert kept
        reverse()
        undone()
        assert set(BadgeAward.objects.filter(user=author).values_list("slug", flat=True)) == kept

    def test_votes_against_cost_nothing_while_they_are_void(self):
        helper, voter = member(), member()
        given = [answer(user=helper) for _ in range(6)]
        for post in given:
            vote(post)
            vote(post, voter, -1)
        helper.refresh_from_db()
        hurt = helper.reputation
        reverse()
        helper.refresh_from_db()
        assert helper.reputation > hurt
        undone()
        helper.refresh_from_db()
        assert helper.reputation == hurt

    def test_a_post_deleted_meanwhile_neither_stops_it_nor_is_shown(self):
        _voter, _author, posts = series()
        reverse()
        staff = member(staff=True)
        question_delete(user=staff, question_id=posts[0].pk)
        shown = reversals_shown(user=staff, reversals=reversals_page(user=staff).rows)
        assert {post.pk for post in shown[0].posts} == {post.pk for post in posts[1:]}
        undone(staff)
        assert Question.objects.get(pk=posts[1].pk).score == 1

    def test_the_log_names_who_gave_them_back_and_not_who_was_refused(self):
        series()
        reverse()
        made = VoteReversal.objects.get()
        first, second = member("first-mod", staff=True), member("second-mod", staff=True)
        undone(first)
        refused = Caller(second).post(f"staff/vote-reversals/{made.pk}/undo", {"reason": WHY})
        assert "count again already" in problem_of(refused, 409)["detail"]
        assert signed_in(second).post(f"/staff/votes/{made.pk}/undo/", {"reason": WHY}).status_code == 409
        made.refresh_from_db()
        assert made.undone_by == first
        assert [entry.actor_name for entry in AuditEntry.objects.filter(action="votes-given-back")] == ["first-mod"]

    @pytest.mark.parametrize("reason", ["", "too short", "\x00" * 30, "x" * 501, "  a   b   c   "])
    def test_over_the_api_a_poor_reason_is_refused_by_its_name(self, reason):
        series()
        reverse()
        address = f"staff/vote-reversals/{VoteReversal.objects.get().pk}/undo"
        told = problem_of(Caller(member(staff=True)).post(address, {"reason": reason}), 422)
        assert "reason" in str(told["errors"])
        assert VoteReversal.objects.get().undone_at is None

    def test_what_never_was_cannot_be_given_back(self):
        staff = member(staff=True)
        with pytest.raises(NotFound):
            reversal_undo(user=staff, reversal_id=10**9, reason=WHY)
        assert Caller(staff).post("staff/vote-reversals/7/undo", {"reason": WHY}).status_code == 404
        assert signed_in(staff).post("/staff/votes/7/undo/", {"reason": WHY}, follow=True).status_code == 404


class TestTheVoterAndTheVote:
    def test_a_recast_is_refused_in_words_on_the_page_and_over_the_api(self):
        voter, _author, posts = series()
        reverse()
        for value in ("0", "-1"):
            page = signed_in(voter).post(f"/en/questions/vote/question/{posts[0].pk}/", {"value": value})
            assert page.status_code == 409 and "one of a series" in page.content.decode()
            told = Caller(voter).put(f"questions/{posts[0].pk}/vote", {"value": int(value)})
            assert "one of a series" in problem_of(told, 409)["detail"]
        assert Question.objects.get(pk=posts[0].pk).score == 0

    def test_a_part_of_a_series_deleted_by_leaving_is_no_fault(self):
        voter, _author, posts = series()
        reverse()
        voter.delete()
        assert not VoteReversal.objects.filter(undone_at__isnull=True, votes__isnull=False).exists()
        assert Question.objects.get(pk=posts[0].pk).score == 0

    def test_an_anonymous_author_joins_the_rule_only_with_her_name(self):
        author, voter = member(), member()
        posts = [question(author, anonymous=True) for _ in range(6)]
        for post in posts:
            vote(post, voter)
        assert reverse() == 0
        for post in posts:
            with committed():
                question_sign(user=author, question_id=post.pk)
        assert ReputationEntry.objects.filter(user=author).exists()
        assert reverse() == 1
        author.refresh_from_db()
        assert author.reputation == 0

    def test_a_new_series_after_one_was_given_back_is_judged_by_itself(self):
        voter, author, posts = series()
        reverse()
        undone()
        assert reverse() == 0
        fresh = series(author=author, voter=voter)[2]
        assert reverse() == 1
        void = Vote.objects.filter(user=voter, void=True).values_list("question", flat=True)
        assert set(void) == {post.pk for post in fresh}
        with pytest.raises(StateForbids):
            vote_cast(user=voter, kind=kind_of(fresh[0]), post_id=fresh[0].pk, value=0)
        assert vote_cast(user=voter, kind="question", post_id=posts[0].pk, value=-1) == -1
