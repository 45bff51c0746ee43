"""Counters never drift: random histories against a simple model, and eight threads at once."""

import threading

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.core.errors import PortalError
from portal.questions.models import Answer, Question, Vote
from portal.questions.selectors.access import question_visible_to
from portal.questions.services.answers import (
    answer_accept,
    answer_create,
    answer_delete,
    answer_restore,
    answer_unaccept,
)
from portal.questions.services.counters import DERIVED, answers_recount, questions_recount
from portal.questions.services.votes import vote_cast
from tests.factories.accounts import member
from tests.factories.questions import answer, question

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["answer", "vote", "vote-answer", "accept", "unaccept", "delete", "restore"]),
        st.integers(0, 3),
        st.integers(0, 3),
        st.sampled_from([-1, 0, 1]),
    ),
    max_size=14,
)


class RandomHistories(TestCase):
    """What the columns say after any history is what a recount from nothing says, and what a simple model says."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def test_columns_follow_the_history(self, steps):
        members = [member(staff=number == 0) for number in range(4)]
        asked = question(members[1])
        votes: dict[tuple[str, int, int], int] = {}
        answers: list[int] = []
        for act, who, which, value in steps:
            user = members[who]
            try:
                self.take(act, user, asked, answers, which, value, votes)
            except PortalError:
                continue
        asked.refresh_from_db()
        self.assert_model(asked, votes)
        before = {name: getattr(asked, name) for name in DERIVED}
        assert questions_recount(ids=[asked.pk]) == 0
        assert answers_recount(ids=answers) == 0
        asked.refresh_from_db()
        assert {name: getattr(asked, name) for name in DERIVED} == before

    def take(self, act, user, asked, answers, which, value, votes):
        if act == "answer":
            answers.append(answer_create(user=user, question_id=asked.pk, body="Like this.").pk)
            return
        if act == "vote":
            vote_cast(user=user, kind="question", post_id=asked.pk, value=value)
            votes["question", asked.pk, user.pk] = value
            return
        if not answers:
            return
        chosen = answers[which % len(answers)]
        if act == "vote-answer":
            vote_cast(user=user, kind="answer", post_id=chosen, value=value)
            votes["answer", chosen, user.pk] = value
        else:
            doing = {
                "accept": answer_accept,
                "unaccept": answer_unaccept,
                "delete": answer_delete,
                "restore": answer_restore,
            }
            doing[act](user=user, answer_id=chosen)

    def assert_model(self, asked, votes):
        alive = Answer.objects.filter(question=asked, deleted_at=None)
        assert asked.answers_count == alive.count()
        assert asked.score == sum(value for (kind, _pk, _who), value in votes.items() if kind == "question")
        for given_answer in Answer.objects.filter(question=asked):
            mine = [v for (kind, pk, _who), v in votes.items() if kind == "answer" and pk == given_answer.pk]
            assert given_answer.score == sum(mine)
        if asked.accepted_answer_id is not None:
            assert alive.filter(pk=asked.accepted_answer_id).exists()
            assert asked.status == "accepted"
        else:
            assert asked.status == ("answered" if asked.answers_count else "open")


def together(*acts):
    """Runs the acts in threads that begin at the same moment; returns what they raised."""
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
    return raised


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_eight_members_vote_in_the_same_moment(self):
        asked = question()
        voters = [member() for _ in range(8)]
        raised = together(
            *(
                lambda voter=voter: [
                    vote_cast(user=voter, kind="question", post_id=asked.pk, value=value) for value in (1, -1, 1)
                ]
                for voter in voters
            )
        )
        assert raised == []
        asked.refresh_from_db()
        assert (asked.score, Vote.objects.filter(question=asked).count()) == (8, 8)

    def test_one_member_votes_eight_times_in_the_same_moment(self):
        asked, voter = question(), member()
        raised = together(
            *(lambda: vote_cast(user=voter, kind="question", post_id=asked.pk, value=1) for _ in range(8))
        )
        assert raised == []
        asked.refresh_from_db()
        assert (asked.score, Vote.objects.filter(question=asked).count()) == (1, 1)

    def test_eight_answers_in_the_same_moment_are_all_counted(self):
        asked = question()
        members = [member() for _ in range(8)]
        raised = together(
            *(lambda who=who: answer_create(user=who, question_id=asked.pk, body="Try this.") for who in members)
        )
        assert raised == []
        asked.refresh_from_db()
        assert asked.answers_count == 8

    def test_two_answers_accepted_in_the_same_moment_leave_one(self):
        asked = question()
        given_answers = [answer(asked) for _ in range(8)]
        raised = together(
            *(lambda pk=each.pk: answer_accept(user=asked.author, answer_id=pk) for each in given_answers)
        )
        assert raised == []
        asked.refresh_from_db()
        assert Answer.objects.filter(question=asked, accepted_at__isnull=False).count() == 1
        assert Answer.objects.get(question=asked, accepted_at__isnull=False) == asked.accepted_answer


@pytest.mark.django_db
def test_recount_repairs_what_was_broken_by_hand():
    asked = question()
    answer(asked)
    Question.objects.filter(pk=asked.pk).update(answers_count=40, score=-3, status="accepted", hot=0)
    assert questions_recount(ids=[asked.pk]) == 1
    repaired = question_visible_to(None, asked.pk)
    assert (repaired.answers_count, repaired.score, repaired.status) == (1, 0, "answered")
    assert repaired.hot > 0


@pytest.mark.django_db
def test_recount_asks_few_queries_for_many_questions(django_assert_max_num_queries):
    ids = [answer().question_id for _ in range(12)]
    Question.objects.filter(pk__in=ids).update(answers_count=0)
    with django_assert_max_num_queries(8):
        assert questions_recount(ids=ids) == 12
    assert connection.vendor in ("sqlite", "postgresql")
