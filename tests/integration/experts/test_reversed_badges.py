"""Badges that votes in series earned go with the series and come back with it; every other badge stays."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.clock import now
from portal.experts.models import BadgeAward, Standing
from portal.experts.selectors.badges import badges_held, badges_shown, badges_with_holders
from portal.experts.selectors.ledger import acceptances_counted
from portal.experts.services.badges import badges_award, badges_award_all, badges_reversal_sync
from portal.experts.services.standings import standing_recompute
from portal.questions.models import Question, Vote, VoteReversal
from portal.questions.services.answers import answer_accept, answer_unaccept
from portal.questions.services.serial_votes import reversal_undo, serial_votes_reverse
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, question, vote

pytestmark = pytest.mark.django_db
WHY = "They work in one team and read it all."


def held(user) -> set[str]:
    return set(badges_held().filter(user=user).exclude(slug="").values_list("slug", flat=True))


def reverse() -> int:
    with committed():
        return serial_votes_reverse()


def undo(reversal=None) -> None:
    with committed():
        made = reversal or VoteReversal.objects.get()
        reversal_undo(user=member(staff=True), reversal_id=made.pk, reason=WHY)


def series(author, count=6, value=1, voter=None):
    """Votes of one member for so many answers of one author."""
    voter = voter or member()
    given = [answer(user=author) for _ in range(count)]
    for each in given:
        vote(each, voter, value)
    return voter, given


class TestTheSeriesGoes:
    def test_a_badge_that_it_earned_goes_and_comes_with_it(self):
        author = member()
        series(author)
        assert "teacher" in held(author)
        earned_at = badges_held().get(user=author, slug="teacher").awarded_at
        reverse()
        assert "teacher" not in held(author) and "first-answer" in held(author)
        undo()
        assert badges_held().get(user=author, slug="teacher").awarded_at == earned_at

    def test_it_is_shown_nowhere_meanwhile(self, client):
        author = member()
        series(author)
        before = {badge.slug: count for badge, count in badges_with_holders()}["teacher"]
        reverse()
        assert "teacher" not in {rule.slug for rule, _moment in badges_shown(member=author).earned}
        assert {badge.slug: count for badge, count in badges_with_holders()}["teacher"] == before - 1
        assert badges_shown(member=author).counts["bronze"] == len(held(author))
        page = client.get(f"/en/members/{author.username}/").text
        assert "First answer" in page and "Teacher" not in page

    def test_one_that_others_earned_for_him_too_stays(self):
        author = member()
        _voter, given = series(author)
        vote(given[0])
        reverse()
        assert "teacher" in held(author)

    def test_one_that_was_lost_by_honest_votes_before_stays_as_what_was_earned_does(self):
        author = member()
        liked = answer(user=author)
        vote(liked)
        for _ in range(2):
            vote(liked, value=-1)
        assert "teacher" in held(author)
        series(author, value=-1)
        reverse()
        assert VoteReversal.objects.filter(author=author).exists()
        assert "teacher" in held(author)

    def test_the_voter_loses_what_she_got_for_voting(self):
        author, voter = member(), member()
        series(author, 25, voter=voter)
        assert "fair-reader" in held(voter)
        reverse()
        assert "fair-reader" not in held(voter)
        undo()
        assert "fair-reader" in held(voter)

    @pytest.mark.parametrize(("post", "slug"), [(question, "good-question"), (answer, "good-answer")])
    def test_a_score_of_ten(self, post, slug):
        author = member()
        liked = post(user=author)
        for _ in range(9):
            vote(liked)
        voter, _given = series(author, 5)
        vote(liked, voter)
        assert slug in held(author)
        reverse()
        assert slug not in held(author)
        undo()
        assert slug in held(author)

    def test_a_late_answer(self):
        author, asked = member(), question()
        Question.objects.filter(pk=asked.pk).update(created_at=now() - timedelta(days=90))
        late = answer(asked, author)
        voter, _given = series(author, 5)
        vote(late, voter)
        assert "better-late" in held(author)
        reverse()
        assert "better-late" not in held(author)
        undo()
        assert "better-late" in held(author)


class TestComingBack:
    def test_honest_votes_earn_it_again_with_the_same_row(self):
        author = member()
        _voter, given = series(author)
        reverse()
        row = BadgeAward.objects.get(user=author, slug="teacher")
        vote(given[3])
        assert badges_held().get(user=author, slug="teacher").pk == row.pk
        undo()
        assert BadgeAward.objects.filter(user=author, slug="teacher").count() == 1

    def test_the_command_gives_back_what_is_met_and_no_more(self):
        author = member()
        _voter, given = series(author)
        reverse()
        assert badges_award_all() == 0 and "teacher" not in held(author)
        Vote.objects.create(user=member(), answer=given[0], value=1)
        type(given[0]).objects.filter(pk=given[0].pk).update(score=1)
        badges_award_all()
        assert "teacher" in held(author)

    def test_of_two_series_the_last_one_brings_it_back(self):
        author = member()
        liked = answer(user=author)
        first, _given = series(author, 5)
        second, _given = series(author, 5)
        for each in (first, second):
            vote(liked, each)
        for _ in range(8):
            vote(liked)
        assert "good-answer" in held(author)
        reverse()
        both = list(VoteReversal.objects.order_by("pk"))
        assert len(both) == 2 and "good-answer" not in held(author)
        undo(both[0])
        assert "good-answer" not in held(author)
        undo(both[1])
        assert "good-answer" in held(author)

    def test_one_lost_meanwhile_by_honest_votes_comes_back_as_it_would_have_stayed(self):
        author = member()
        _voter, given = series(author)
        reverse()
        for each in given:
            for _ in range(2):
                vote(each, value=-1)
        undo()
        assert "teacher" in held(author)

    def test_being_told_twice_or_of_what_is_gone_changes_nothing(self):
        author = member()
        series(author)
        reverse()
        badges_reversal_sync(reversal_id=VoteReversal.objects.get().pk)
        badges_reversal_sync(reversal_id=0)
        assert "teacher" not in held(author)
        assert badges_award(user_ids=[author.pk], after=["voted"]) == 0


class TestAcceptingOnesOwn:
    """Staff may accept what they wrote themselves: it settles the question and brings nothing."""

    def test_standing_reputation_and_badges_say_the_same(self):
        staff = member(staff=True)
        given = accept(answer(question(), staff), staff)
        standing_recompute(user_ids=[staff.pk])
        assert not Standing.objects.filter(user=staff).exists()
        assert not acceptances_counted().filter(pk=given.question_id).exists()
        assert "first-solution" not in held(staff)

    def test_the_asker_accepting_it_after_all_counts(self):
        staff, asked = member(staff=True), question()
        given = accept(answer(asked, staff), staff)
        with committed():
            answer_unaccept(user=staff, answer_id=given.pk)
            answer_accept(user=asked.author, answer_id=given.pk)
        assert Standing.objects.get(user=staff, topic=None, language="").accepted == 1
        assert "first-solution" in held(staff)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("vote"), st.integers(0, 2), st.integers(0, 3), st.sampled_from([-1, 0, 1, 1])),
        st.tuples(st.just("reverse"), st.just(0), st.just(0), st.just(0)),
        st.tuples(st.just("undo"), st.integers(0, 3), st.just(0), st.just(0)),
    ),
    min_size=6,
    max_size=24,
)


def would_have(author) -> tuple[bool, bool]:
    """Whether any answer of the author is liked by votes that count, and by all that were cast."""
    counted: dict[int, int] = {}
    cast: dict[int, int] = {}
    for each in Vote.objects.filter(answer__author=author):
        cast[each.answer_id] = cast.get(each.answer_id, 0) + each.value
        counted[each.answer_id] = counted.get(each.answer_id, 0) + (0 if each.void else each.value)
    return max(counted.values(), default=0) > 0, max(cast.values(), default=0) > 0


class Model:
    """Who holds the badge of a liked answer, step by step: earned is earned, but for what series gave or took."""

    def __init__(self, author) -> None:
        self.author, self.awarded, self.withdrawn = author, False, False

    def step(self, act: str) -> None:
        met, had = would_have(self.author)
        if act == "vote":
            self.awarded, self.withdrawn = self.awarded or met, self.withdrawn and not met
        elif act == "reverse":
            self.withdrawn = self.withdrawn or (self.awarded and had and not met)
        else:
            self.withdrawn = self.withdrawn and had and not met


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_after_any_history_it_is_held_as_the_model_says(settings, steps):
    """The one badge that a single vote earns, over votes, series taken out and series given back."""
    settings.PORTAL_SERIAL_VOTES, settings.PORTAL_LIMITS = 2, True
    with transaction.atomic():
        author, voters = member(), [member() for _ in range(3)]
        posts, model = [answer(user=author) for _ in range(4)], Model(author)
        for act, first, second, value in steps:
            if act == "vote":
                if Vote.objects.filter(user=voters[first], void=True).exists():
                    continue
                vote(posts[second], voters[first], value)
                model.step(act)
            elif act == "reverse":
                if reverse():
                    model.step(act)
            else:
                waiting = list(VoteReversal.objects.filter(undone_at__isnull=True).order_by("pk"))
                if waiting:
                    undo(waiting[first % len(waiting)])
                    model.step(act)
            assert ("teacher" in held(author)) == (model.awarded and not model.withdrawn)
        standing_recompute(user_ids=[author.pk])
        assert BadgeAward.objects.filter(user=author, slug="teacher").count() == int(model.awarded)
        transaction.set_rollback(True)
