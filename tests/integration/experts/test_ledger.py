"""Reputation: what changes it, what does not, and that the ledger told step by step is the ledger told at once."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.clock import now
from portal.core.errors import PortalError
from portal.experts.models import Kind, ReputationEntry
from portal.experts.rules import REPUTATION
from portal.experts.services.reputation import (
    reputation_import,
    reputation_question_sync,
    reputation_recompute,
    reputation_vote_sync,
)
from portal.questions.models import Answer, Question
from portal.questions.services.answers import answer_accept, answer_delete, answer_restore, answer_unaccept
from portal.questions.services.questions import question_delete, question_restore
from portal.questions.services.votes import vote_cast
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.experts import brought_along, source
from tests.factories.questions import accept, answer, question, vote

pytestmark = pytest.mark.django_db


def reputation(user) -> int:
    user.refresh_from_db()
    return user.reputation


def ledger(*users):
    """The whole ledger, as rows that can be compared."""
    found = ReputationEntry.objects.filter(user__in=users) if users else ReputationEntry.objects.all()
    return sorted(found.values_list("user", "kind", "amount", "question", "answer", "key"))


@pytest.fixture
def asked():
    return question(member("asker"))


@pytest.fixture
def given_answer(asked):
    return answer(asked, member("helper"))


@pytest.mark.parametrize(("value", "amount"), [(1, 5), (-1, -2)])
def test_votes_for_a_question(asked, value, amount):
    vote(asked, value=value)
    assert reputation(asked.author) == amount


@pytest.mark.parametrize(("value", "amount"), [(1, 10), (-1, -2)])
def test_votes_for_an_answer(given_answer, value, amount):
    voter = member()
    vote(given_answer, voter, value)
    assert reputation(given_answer.author) == amount
    assert reputation(voter) == 0, "voting costs nothing"


def test_a_vote_that_turns_counts_once(given_answer):
    voter = member()
    for value in (1, -1, 1, 1, 0, -1):
        vote(given_answer, voter, value)
    assert reputation(given_answer.author) == -2
    assert ReputationEntry.objects.count() == 1
    vote(given_answer, voter, 0)
    assert reputation(given_answer.author) == 0 and not ReputationEntry.objects.exists()


def test_an_acceptance_rewards_both_sides(asked, given_answer):
    accept(given_answer)
    assert reputation(given_answer.author) == REPUTATION[Kind.ACCEPTED] == 15
    assert reputation(asked.author) == REPUTATION[Kind.ACCEPTING] == 2


def test_an_acceptance_taken_back_takes_both_rewards_back(asked, given_answer):
    accept(given_answer)
    with committed():
        answer_unaccept(user=asked.author, answer_id=given_answer.pk)
    assert reputation(given_answer.author) == reputation(asked.author) == 0
    assert not ReputationEntry.objects.exists()
    accept(given_answer)
    assert reputation(given_answer.author) == 15 and reputation(asked.author) == 2


def test_another_accepted_answer_takes_the_first_ones_place(asked, given_answer):
    accept(given_answer)
    better = answer(asked)
    accept(better)
    assert reputation(given_answer.author) == 0
    assert reputation(better.author) == 15
    assert reputation(asked.author) == 2


def test_accepting_ones_own_answer_earns_nothing(asked):
    Question.objects.filter(pk=asked.pk).update(created_at=now() - timedelta(days=2))
    own = answer(asked, asked.author)
    accept(own)
    assert reputation(asked.author) == 0 and not ReputationEntry.objects.exists()
    accept(own, member(staff=True))
    assert not ReputationEntry.objects.exists()


def test_staff_who_accept_what_they_wrote_themselves_earn_nothing_for_it(asked):
    staff = member(staff=True)
    own = accept(answer(asked, staff), staff)
    assert reputation(staff) == 0 and not ReputationEntry.objects.exists()
    with committed():
        answer_unaccept(user=staff, answer_id=own.pk)
    accept(own, asked.author)
    assert reputation(staff) == REPUTATION[Kind.ACCEPTED]
    assert reputation(asked.author) == REPUTATION[Kind.ACCEPTING]


def test_an_acceptance_of_which_nobody_knows_who_gave_it_counts(asked, given_answer):
    accept(given_answer)
    Answer.objects.update(accepted_by=None)
    reputation_recompute(user_ids=[asked.author_id, given_answer.author_id])
    assert reputation(given_answer.author) == REPUTATION[Kind.ACCEPTED]


def test_what_is_deleted_no_longer_counts_and_counts_again_when_it_is_back(asked, given_answer):
    staff = member(staff=True)
    vote(asked)
    vote(given_answer)
    accept(given_answer)
    before = ledger()
    for delete, restore, post in (
        (answer_delete, answer_restore, {"answer_id": given_answer.pk}),
        (question_delete, question_restore, {"question_id": asked.pk}),
    ):
        with committed():
            delete(user=staff, **post)
        assert reputation(given_answer.author) == 0
        with committed():
            restore(user=staff, **post)
        assert ledger() == before
    assert reputation(given_answer.author) == 25 and reputation(asked.author) == 7


def test_an_event_told_twice_or_late_changes_nothing(asked, given_answer):
    voter = member()
    vote(given_answer, voter)
    accept(given_answer)
    before = ledger()
    for _ in range(3):
        reputation_vote_sync(
            kind="answer", post_id=given_answer.pk, voter_id=voter.pk, author_id=given_answer.author_id
        )
        reputation_question_sync(question_id=asked.pk)
    assert ledger() == before and reputation(given_answer.author) == 25


def test_a_sync_of_what_is_not_there_is_quiet(given_answer):
    reputation_vote_sync(kind="answer", post_id=10**9, voter_id=1, author_id=None)
    reputation_vote_sync(kind="answer", post_id=10**9, voter_id=10**9, author_id=given_answer.author_id)
    reputation_question_sync(question_id=10**9)
    assert not ReputationEntry.objects.exists()


def test_what_was_brought_along_stays_and_can_be_brought_again(given_answer):
    helper = given_answer.author
    vote(given_answer)
    brought_along(helper, 500)
    brought_along(helper, 480)
    assert reputation(helper) == 490
    assert reputation_recompute(user_ids=[helper.pk]) == 0
    assert reputation(helper) == 490
    assert reputation_import(source=source("other.example"), amounts={helper.pk: 7}) == 1
    assert reputation(helper) == 497


def test_an_imported_acceptance_is_in_what_was_brought_along_already(asked, given_answer):
    origin = source()
    Question.objects.filter(pk=asked.pk).update(source=origin, source_key="1")
    Answer.objects.filter(pk=given_answer.pk).update(source=origin, source_key="2")
    accept(given_answer)
    assert reputation(given_answer.author) == 0
    Answer.objects.filter(pk=given_answer.pk).update(source=None, source_key="")
    reputation_recompute(user_ids=[given_answer.author_id, asked.author_id])
    assert reputation(given_answer.author) == 15, "a new answer to an imported question counts"


def test_recomputing_mends_what_was_broken(asked, given_answer):
    vote(given_answer)
    accept(given_answer)
    before = ledger()
    helper, asker = given_answer.author, asked.author
    ReputationEntry.objects.filter(kind=Kind.ACCEPTED).delete()
    ReputationEntry.objects.filter(kind=Kind.ANSWER_UP).update(amount=9000)
    ReputationEntry.objects.create(user=asker, kind=Kind.QUESTION_UP, amount=5, key="vote:question:1:1")
    type(helper).objects.filter(pk=helper.pk).update(reputation=-3)
    assert reputation_recompute(user_ids=[helper.pk, asker.pk]) == 1
    assert ledger() == before and reputation(helper) == 25 and reputation(asker) == 2


STEP = st.tuples(
    st.sampled_from(["vote", "vote", "accept", "accept", "unaccept", "delete", "restore", "delete-q", "restore-q"]),
    st.integers(0, 3),
    st.integers(0, 4),
    st.sampled_from([-1, 0, 1]),
)


def _one_step(step, people, posts):
    """Does one random thing through the services; refusals are part of life.

    Anybody votes; the rest is done by the staff, who may do it, so that most steps change something.
    """
    name, person, place, value = step
    staff, post = people[0], posts[place]
    target = post if isinstance(post, Answer) else None
    asked = post.question_id if target else post.pk
    kind = "answer" if target else "question"
    settled = Question.objects.values_list("accepted_answer", flat=True).get(pk=asked)
    acts = {
        "vote": lambda: vote_cast(user=people[person], kind=kind, post_id=post.pk, value=value),
        "accept": lambda: target and answer_accept(user=staff, answer_id=target.pk),
        "unaccept": lambda: settled and answer_unaccept(user=staff, answer_id=settled),
        "delete": lambda: target and answer_delete(user=staff, answer_id=target.pk),
        "restore": lambda: target and answer_restore(user=staff, answer_id=target.pk),
        "delete-q": lambda: question_delete(user=staff, question_id=asked),
        "restore-q": lambda: question_restore(user=staff, question_id=asked),
    }
    try:
        with committed():
            acts[name]()
    except PortalError:
        pass


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(STEP, min_size=2, max_size=25))
def test_any_history_step_by_step_is_the_same_as_all_at_once(history):
    people = [member(staff=place == 0) for place in range(4)]
    asked = question(people[1])
    posts = [asked, answer(asked, people[2]), answer(asked, people[1]), answer(asked, people[3])]
    posts.append(answer(question(people[2]), people[1]))
    for step in history:
        _one_step(step, people, posts)
    told, sums = ledger(*people), [reputation(user) for user in people]
    ids = [user.pk for user in people]
    assert reputation_recompute(user_ids=ids) == 0
    assert ledger(*people) == told
    ReputationEntry.objects.filter(user__in=ids).delete()
    reputation_recompute(user_ids=ids)
    assert ledger(*people) == told
    assert [reputation(user) for user in people] == sums
    by_hand = [sum(row[2] for row in told if row[0] == user.pk) for user in people]
    assert by_hand == sums
