"""Votes in series are taken out of the count and given back: scores, reputation and the log follow, votes stay."""

from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings as portal_settings
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.clock import now
from portal.core.errors import Invalid, NotAllowed, NotFound, SignInNeeded, StateForbids
from portal.core.models import AuditEntry
from portal.core.periodic import periodic_jobs
from portal.experts.models import ReputationEntry, Standing
from portal.experts.services.reputation import reputation_recompute
from portal.questions.models import Answer, Question, Vote, VoteReversal
from portal.questions.services.counters import answers_recount, questions_recount
from portal.questions.services.serial_votes import reversal_undo, serial_votes_reverse
from portal.questions.services.votes import vote_cast
from search.models import OutboxEntry
from tests.factories.accounts import member, token
from tests.factories.browsers import browser as browser_of
from tests.factories.events import committed
from tests.factories.questions import answer, question, vote

from .test_counters import together

pytestmark = pytest.mark.django_db
WHY = "They work in one team and read it all."

browser = partial(browser_of, HTTP_REFERER="http://testserver/staff/votes/")


def series(value=1, count=6, voter=None, author=None, **asked):
    """A member who votes for every post of one author; returns both and the posts."""
    voter, author = voter or member(), author or member()
    posts = [question(author, **asked) if place % 2 else answer(user=author) for place in range(count)]
    for post in posts:
        vote(post, voter, value)
    return voter, author, posts


def reverse():
    with committed():
        return serial_votes_reverse()


def scores(posts):
    return [type(post).objects.get(pk=post.pk).score for post in posts]


class TestWhoMay:
    @pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("member", 403), ("voter", 403), ("staff", 200)])
    def test_only_staff_see_the_page(self, who, status):
        voter, _author, _posts = series()
        reverse()
        people = {"stranger": None, "member": member(), "voter": voter, "staff": member(staff=True)}
        assert browser(people[who]).get("/staff/votes/").status_code == status

    def test_only_staff_give_votes_back_and_a_refusal_changes_nothing(self):
        voter, author, posts = series()
        reverse()
        made = VoteReversal.objects.get()
        for user, refusal in ((None, SignInNeeded), (member(), NotAllowed), (voter, NotAllowed), (author, NotAllowed)):
            with pytest.raises(refusal):
                reversal_undo(user=user, reversal_id=made.pk, reason=WHY)
        assert scores(posts) == [0] * 6
        assert not AuditEntry.objects.filter(action="votes-given-back").exists()

    def test_the_api_is_for_staff(self):
        series()
        reverse()
        made = VoteReversal.objects.get()
        address = f"/api/v1/staff/vote-reversals/{made.pk}/undo"
        body = {"reason": WHY}
        assert Client().get("/api/v1/staff/vote-reversals").status_code == 401
        outsider = {"Authorization": f"Bearer {token(member())}"}
        assert Client().get("/api/v1/staff/vote-reversals", headers=outsider).status_code == 403
        assert Client().post(address, body, content_type="application/json", headers=outsider).status_code == 403
        staff = {"Authorization": f"Bearer {token(member(staff=True))}"}
        row = Client().get("/api/v1/staff/vote-reversals", headers=staff).json()["results"][0]
        assert (row["votes_count"], row["cast_count"], row["value"], row["undone_at"]) == (6, 6, 1, None)
        told = Client().post(address, body, content_type="application/json", headers=staff)
        assert (told.status_code, told.json()["undone_at"] is not None) == (200, True)
        assert Client().post(address, body, content_type="application/json", headers=staff).status_code == 409

    def test_no_member_is_told_who_voted(self):
        voter, author, posts = series()
        reverse()
        for post in posts:
            assert voter.username not in browser(author).get(post.get_absolute_url()).content.decode()
        assert (
            voter.username not in browser(author).get(f"/en/members/{author.username}/?tab=reputation").content.decode()
        )


class TestTakingOut:
    @pytest.mark.parametrize("value", [1, -1])
    def test_the_votes_stay_and_count_no_more(self, value):
        voter, author, posts = series(value)
        assert set(scores(posts)) == {value}
        assert reverse() == 1
        assert scores(posts) == [0] * 6
        assert Vote.objects.filter(user=voter, void=True, reversal=VoteReversal.objects.get()).count() == 6
        author.refresh_from_db()
        assert author.reputation == 0
        assert not ReputationEntry.objects.filter(user=author).exists()
        assert not Standing.objects.filter(user=author, points__gt=0).exists()

    def test_it_is_written_down_with_what_spoke_for_it(self):
        voter, author, _posts = series()
        vote(question(), voter)
        reverse()
        made = VoteReversal.objects.get()
        assert (made.voter, made.author, made.value) == (voter, author, 1)
        assert (made.votes_count, made.needed, made.percent) == (6, 6, 60)
        entry = AuditEntry.objects.get()
        assert (entry.actor, entry.action, entry.subject_id) == (None, "votes-reversed", str(made.pk))

    def test_other_votes_for_the_same_posts_stay_in_the_count(self):
        _voter, _author, posts = series()
        for post in posts:
            vote(post)
        reverse()
        assert scores(posts) == [1] * 6

    def test_a_second_run_finds_nothing_more(self):
        series()
        assert [reverse(), reverse()] == [1, 0]
        assert VoteReversal.objects.count() == AuditEntry.objects.count() == 1

    def test_the_search_is_told(self):
        _voter, _author, posts = series()
        OutboxEntry.objects.all().delete()
        reverse()
        told = set(OutboxEntry.objects.filter(document_type="question").values_list("object_id", flat=True))
        assert told == {str(getattr(post, "question_id", None) or post.pk) for post in posts}

    @pytest.mark.parametrize("off", [{"PORTAL_SERIAL_VOTES": 0}, {"PORTAL_LIMITS": False}, {"PORTAL_SERIAL_VOTES": 7}])
    def test_it_can_be_switched_off_and_set(self, settings, off):
        _voter, _author, posts = series()
        for name, figure in off.items():
            setattr(settings, name, figure)
        assert reverse() == 0
        assert set(scores(posts)) == {1}

    def test_votes_of_long_ago_are_left_in_peace(self):
        series()
        Vote.objects.update(created_at=now() - timedelta(days=4))
        assert reverse() == 0

    def test_votes_for_what_was_written_anonymously_would_name_its_author(self):
        series(count=3)
        author, voter = member(), member()
        for _ in range(7):
            vote(question(author, anonymous=True), voter)
        assert reverse() == 0

    def test_the_worker_does_it(self):
        series()
        job = next(job for job in periodic_jobs() if job.name == "serial-votes")
        assert job.run() == 1
        assert job.every <= timedelta(days=1)

    def test_the_rule_is_the_one_of_the_settings(self):
        assert (portal_settings.PORTAL_SERIAL_VOTES, portal_settings.PORTAL_SERIAL_VOTES_PERCENT) == (6, 60)


class TestTheVoter:
    def test_she_cannot_cast_the_series_again_one_by_one(self):
        voter, _author, posts = series()
        reverse()
        kind = "answer" if isinstance(posts[0], Answer) else "question"
        for value in (0, -1):
            with pytest.raises(StateForbids):
                vote_cast(user=voter, kind=kind, post_id=posts[0].pk, value=value)
        assert vote_cast(user=voter, kind=kind, post_id=posts[0].pk, value=1) == 0
        assert Vote.objects.filter(user=voter, void=True).count() == 6

    def test_once_given_back_she_may_change_her_mind_again(self):
        voter, _author, posts = series()
        reverse()
        with committed():
            reversal_undo(user=member(staff=True), reversal_id=VoteReversal.objects.get().pk, reason=WHY)
        assert vote(posts[0], voter, 0) == 0
        assert vote(posts[1], voter, -1) == -1

    def test_her_other_votes_go_on_counting(self):
        voter, author, _posts = series()
        reverse()
        fresh = question(author)
        assert vote(fresh, voter) == 1


class TestGivingBack:
    def test_every_figure_is_as_it_was_and_the_rule_lets_it_be(self):
        _voter, author, posts = series()
        before = scores(posts)
        author.refresh_from_db()
        reputation = author.reputation
        reverse()
        with committed():
            undone = reversal_undo(
                user=member("mod", staff=True), reversal_id=VoteReversal.objects.get().pk, reason=WHY
            )
        author.refresh_from_db()
        assert (scores(posts), author.reputation) == (before, reputation)
        assert undone.undone_by.username == "mod"
        assert reverse() == 0
        entry = AuditEntry.objects.get(action="votes-given-back")
        assert (entry.actor.username, entry.reason) == ("mod", WHY)

    def test_once_only_with_a_reason_and_what_is_there(self):
        series()
        reverse()
        staff, made = member(staff=True), VoteReversal.objects.get()
        for reason in ("", "because", " \x00 "):
            with pytest.raises(Invalid):
                reversal_undo(user=staff, reversal_id=made.pk, reason=reason)
        reversal_undo(user=staff, reversal_id=made.pk, reason=WHY)
        with pytest.raises(StateForbids):
            reversal_undo(user=staff, reversal_id=made.pk, reason=WHY)
        with pytest.raises(NotFound):
            reversal_undo(user=staff, reversal_id=made.pk + 1, reason=WHY)

    def test_the_page_shows_the_evidence_and_the_way_back(self):
        voter, author, posts = series()
        reverse()
        client, made = browser(member(staff=True)), VoteReversal.objects.get()
        page = client.get("/staff/votes/").content.decode()
        for part in (voter.username, author.username, "6 votes up", "100 %", posts[1].title):
            assert part in page
        client.post(f"/staff/votes/{made.pk}/undo/", {"reason": "no"})
        assert "Say why" in client.get("/staff/votes/").content.decode()
        client.post(f"/staff/votes/{made.pk}/undo/", {"reason": WHY})
        page = client.get("/staff/votes/").content.decode()
        assert "given back" in page and "Why the votes should count" not in page
        assert WHY in client.get("/staff/audit/").content.decode()

    def test_an_empty_page_says_so(self):
        assert "No votes in series" in browser(member(staff=True)).get("/staff/votes/").content.decode()


class TestHowVotesStand:
    @pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("newcomer", 403), ("known", 200), ("staff", 200)])
    def test_staff_and_known_members_see_up_and_down_never_who(self, who, status):
        asked, voter = question(), member("the-voter")
        vote(asked, voter)
        vote(asked, value=-1)
        people = {"stranger": None, "newcomer": member(), "known": member(), "staff": member(staff=True)}
        type(voter).objects.filter(pk=people["known"].pk).update(reputation=500)
        for user in people.values():
            if user is not None:
                user.refresh_from_db()
        client, address = browser(people[who]), f"/en/questions/votes/question/{asked.pk}/"
        reply = client.get(address)
        assert reply.status_code == status
        assert (address in client.get(asked.get_absolute_url()).content.decode()) == (status == 200)
        assert "the-voter" not in reply.content.decode()
        if status == 200:
            part = client.get(address, headers={"HX-Request": "true"}).content.decode()
            assert "1 useful, 1 not useful" in part
            told = Client().get(
                f"/api/v1/questions/{asked.pk}/votes", headers={"Authorization": f"Bearer {token(people[who])}"}
            )
            assert told.json() == {"up": 1, "down": 1, "score": 0}

    def test_a_stranger_is_led_to_sign_in_and_back_to_the_post(self):
        given = answer()
        page = browser().get(given.question.get_absolute_url()).content.decode()
        assert f"%23answer-{given.pk}" in page

    def test_a_limit_answers_a_script_in_words(self, settings):
        settings.PORTAL_LIMITS = True
        asked, user = question(), member()
        client = browser(user)
        for turn in range(61):
            reply = client.post(
                f"/en/questions/vote/question/{asked.pk}/", {"value": str(turn % 2)}, headers={"HX-Request": "true"}
            )
        assert reply.status_code in (200, 429)  # the minute may have turned meanwhile
        if reply.status_code == 429:
            assert reply["Content-Type"].startswith("text/plain")
            assert reply.content.decode().strip()
            assert int(reply["Retry-After"]) > 0


@pytest.mark.django_db(transaction=True)
def test_votes_of_the_same_moment_are_all_counted():
    voter, _author, posts = series()
    others = [member() for _ in range(3)]
    kind = {post: "answer" if isinstance(post, Answer) else "question" for post in posts}
    raised = together(
        serial_votes_reverse,
        serial_votes_reverse,
        *(lambda who=who: vote_cast(user=who, kind=kind[posts[0]], post_id=posts[0].pk, value=1) for who in others),
        lambda: vote_cast(user=others[0], kind=kind[posts[1]], post_id=posts[1].pk, value=-1),
    )
    assert raised == []
    assert VoteReversal.objects.count() == 1
    assert scores(posts) == [3, -1, 0, 0, 0, 0]
    assert Vote.objects.filter(user=voter, void=True).count() == 6


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("vote"), st.integers(0, 2), st.integers(0, 7), st.sampled_from([-1, 0, 1])),
        st.tuples(st.just("reverse"), st.just(0), st.just(0), st.just(0)),
        st.tuples(st.just("undo"), st.integers(0, 5), st.just(0), st.just(0)),
    ),
    min_size=5,
    max_size=25,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_after_any_history_every_figure_is_what_recounting_finds(settings, steps):
    settings.PORTAL_SERIAL_VOTES, settings.PORTAL_LIMITS = 2, True
    with transaction.atomic():
        authors, voters, staff = [member(), member()], [member() for _ in range(3)], member(staff=True)
        posts = [question(authors[n % 2]) for n in range(4)]
        posts += [answer(posts[n], authors[1 - n % 2]) for n in range(4)]
        for act, first, second, value in steps:
            if act == "vote":
                try:
                    vote(posts[second], voters[first], value)
                except StateForbids:
                    assert Vote.objects.filter(user=voters[first], void=True).exists()
            elif act == "reverse":
                reverse()
            else:
                waiting = list(VoteReversal.objects.filter(undone_at__isnull=True).order_by("pk"))
                if waiting:
                    with committed():
                        reversal_undo(user=staff, reversal_id=waiting[first % len(waiting)].pk, reason=WHY)
        assert questions_recount(ids=[post.pk for post in posts[:4]]) == 0
        assert answers_recount(ids=[post.pk for post in posts[4:]]) == 0
        assert reputation_recompute(user_ids=[author.pk for author in authors]) == 0
        for model in (Question, Answer):
            name = model.__name__.lower()
            for post in model.objects.filter(pk__in=[each.pk for each in posts if isinstance(each, model)]):
                counted = Vote.objects.filter(**{name: post}).exclude(reversal__isnull=False, reversal__undone_at=None)
                assert post.score == sum(counted.values_list("value", flat=True))
        transaction.set_rollback(True)
