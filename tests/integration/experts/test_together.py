"""Reputation and standing when many act in the same moment: each change is there once, and sums are sums."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections
from django.db.models import Sum

from portal.experts.models import BadgeAward, Kind, Profile, ReputationEntry, Standing
from portal.experts.services.badges import badges_award_all
from portal.experts.services.profiles import profile_of
from portal.experts.services.reputation import reputation_recompute
from portal.experts.services.standings import standing_recompute
from portal.questions.services.answers import answer_accept, answer_unaccept
from portal.questions.services.votes import vote_cast
from tests.factories.accounts import member
from tests.factories.questions import answer, question, topic

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> None:
    """Runs the acts in threads that begin at the same moment; raises the first thing that one of them raised."""
    gate, raised = threading.Barrier(len(acts)), []

    def run(act):
        try:
            gate.wait()
            act()
        except Exception as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def check_sums(*users):
    """The kept sum is the sum of the ledger, and a recomputation finds nothing to mend."""
    for user in users:
        user.refresh_from_db()
        total = ReputationEntry.objects.filter(user=user).aggregate(total=Sum("amount"))["total"] or 0
        assert user.reputation == total
    ids = [user.pk for user in users]
    assert reputation_recompute(user_ids=ids) == 0
    assert standing_recompute(user_ids=ids) == 0


def test_eight_readers_find_an_answer_useful_in_the_same_moment():
    topic("Labels")
    given = answer(question(topics=("labels",)))
    readers = [member() for _ in range(8)]
    together(
        *(lambda reader=reader: vote_cast(user=reader, kind="answer", post_id=given.pk, value=1) for reader in readers)
    )
    check_sums(given.author)
    assert given.author.reputation == 80
    assert Standing.objects.get(user=given.author, topic__slug="labels", language="").points == 8
    assert BadgeAward.objects.filter(user=given.author, slug="teacher").count() == 1


def test_eight_readers_of_eight_answers_by_one_member():
    helper = member()
    given = [answer(question(), helper) for _ in range(8)]
    reader = [member() for _ in range(8)]
    together(
        *(
            lambda place=place: [
                vote_cast(user=reader[place], kind="answer", post_id=given[place].pk, value=value)
                for value in (1, -1, 0, 1)
            ]
            for place in range(8)
        )
    )
    check_sums(helper)
    assert helper.reputation == 80
    assert ReputationEntry.objects.filter(user=helper, kind=Kind.ANSWER_UP).count() == 8


def test_an_asker_who_cannot_decide():
    asked = question()
    given = [answer(asked) for _ in range(4)]
    together(
        *(
            lambda place=place: [
                act(user=asked.author, answer_id=given[place].pk)
                for act in (answer_accept, answer_unaccept, answer_accept)
            ]
            for place in range(4)
        )
    )
    check_sums(asked.author, *(post.author for post in given))
    assert ReputationEntry.objects.filter(kind=Kind.ACCEPTED).count() == 1
    asked.refresh_from_db()
    assert ReputationEntry.objects.get(kind=Kind.ACCEPTED).user_id == asked.accepted_answer.author_id


def test_votes_go_on_while_everything_is_recomputed():
    given, readers = answer(), [member() for _ in range(6)]
    ids = [given.author_id]
    together(
        lambda: [reputation_recompute(user_ids=ids) for _ in range(4)],
        lambda: [standing_recompute(user_ids=ids) for _ in range(4)],
        *(lambda reader=reader: vote_cast(user=reader, kind="answer", post_id=given.pk, value=1) for reader in readers),
    )
    check_sums(given.author)
    assert given.author.reputation == 60


def test_badges_for_all_awarded_twice_in_the_same_moment():
    for _ in range(3):
        answer()
    held = set(BadgeAward.objects.values_list("user", "slug"))
    BadgeAward.objects.all().delete()
    together(badges_award_all, badges_award_all, badges_award_all)
    assert BadgeAward.objects.count() == len(held)
    assert set(BadgeAward.objects.values_list("user", "slug")) == held


def test_a_profile_is_made_once():
    someone = member()
    together(*(lambda: profile_of(someone) for _ in range(6)))
    assert Profile.objects.count() == 1
