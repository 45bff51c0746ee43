"""Long random lives of a question: whatever people try, in whatever order, columns say what is there."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.core.errors import PortalError
from portal.questions.models import Answer, Comment, Question, Revision, Vote
from portal.questions.services.answers import (
    answer_accept,
    answer_create,
    answer_delete,
    answer_edit,
    answer_restore,
    answer_unaccept,
)
from portal.questions.services.comments import comment_create, comment_delete
from portal.questions.services.counters import answers_recount, questions_recount
from portal.questions.services.life import question_ask_details, question_lock, question_reopen, question_settle
from portal.questions.services.questions import question_delete, question_edit, question_restore
from portal.questions.services.votes import vote_cast
from tests.factories.accounts import member
from tests.factories.questions import question

PEOPLE = 4
BODY = "Words of a moment."


class Life:
    """A question with people around it, and one step of its life after another."""

    def __init__(self):
        self.people = [member(staff=number == 0) for number in range(PEOPLE)]
        self.asked = question(self.people[1])
        self.other = question(self.people[2])
        self.passed = 0

    def step(self, act, who, which, value):
        """Tries an act; a refusal is an answer too."""
        try:
            getattr(self, act)(self.people[who], which, value)
        except PortalError:
            return
        self.passed += 1

    def _answer(self, which):
        pks = list(Answer.objects.filter(question=self.asked).order_by("pk").values_list("pk", flat=True))
        return pks[which % len(pks)] if pks else 0

    def _comment(self, which):
        pks = list(Comment.objects.filter(question=self.asked).order_by("pk").values_list("pk", flat=True))
        return pks[which % len(pks)] if pks else 0

    def answer(self, user, which, value):
        answer_create(user=user, question_id=self.asked.pk, body=BODY, official=value == 1)

    def edit_answer(self, user, which, value):
        pk = self._answer(which)
        version = Answer.objects.filter(pk=pk).values_list("version", flat=True).first() or 1
        answer_edit(user=user, answer_id=pk, version=version - (value == -1), body=f"{BODY} {value}")

    def delete_answer(self, user, which, value):
        answer_delete(user=user, answer_id=self._answer(which))

    def restore_answer(self, user, which, value):
        answer_restore(user=user, answer_id=self._answer(which))

    def accept(self, user, which, value):
        (answer_unaccept if value == -1 else answer_accept)(user=user, answer_id=self._answer(which))

    def comment(self, user, which, value):
        kind, pk = ("answer", self._answer(which)) if value == 1 else ("question", self.asked.pk)
        comment_create(user=user, kind=kind, post_id=pk, body=BODY, parent_id=self._comment(which) or None)

    def delete_comment(self, user, which, value):
        comment_delete(user=user, comment_id=self._comment(which))

    def vote(self, user, which, value):
        vote_cast(user=user, kind="question", post_id=self.asked.pk, value=value)

    def vote_answer(self, user, which, value):
        vote_cast(user=user, kind="answer", post_id=self._answer(which), value=value)

    def edit(self, user, which, value):
        version = Question.objects.values_list("version", flat=True).get(pk=self.asked.pk)
        question_edit(user=user, question_id=self.asked.pk, version=version - (value == -1), title=f"Title {which} ok")

    def delete(self, user, which, value):
        question_delete(user=user, question_id=self.asked.pk)

    def restore(self, user, which, value):
        question_restore(user=user, question_id=self.asked.pk)

    def settle(self, user, which, value):
        status = ("closed", "duplicate", "obsolete", "archived")[which]
        question_settle(user=user, question_id=self.asked.pk, status=status, duplicate_of=self.other.pk)

    def reopen(self, user, which, value):
        question_reopen(user=user, question_id=self.asked.pk)

    def lock(self, user, which, value):
        question_lock(user=user, question_id=self.asked.pk, locked=value == 1)

    def details(self, user, which, value):
        question_ask_details(user=user, question_id=self.asked.pk)


ACTS = sorted(name for name in vars(Life) if not name.startswith("_") and name != "step")
STEPS = st.lists(
    # Staff (0) takes part more often than the others: most acts are refused to them.
    st.tuples(
        st.sampled_from(ACTS), st.sampled_from([0, 0, 1, 2, 3]), st.integers(0, 3), st.sampled_from([-1, 0, 1, 1])
    ),
    min_size=4,
    max_size=16,
)


class LongHistories(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def test_columns_say_what_is_there(self, steps):
        life = Life()
        answer_create(user=life.people[2], question_id=life.asked.pk, body=BODY)
        for step in steps:
            life.step(*step)
        asked = Question.objects.get(pk=life.asked.pk)
        self.assert_counters(asked)
        self.assert_status(asked)
        self.assert_versions(asked)
        assert questions_recount(ids=[asked.pk]) == 0
        assert answers_recount(ids=Answer.objects.filter(question=asked).values_list("pk", flat=True)) == 0

    def assert_counters(self, asked):
        alive = Answer.objects.filter(question=asked, deleted_at=None)
        assert asked.answers_count == alive.count()
        assert asked.comments_count == Comment.objects.filter(question=asked, answer=None, deleted_at=None).count()
        for given_answer in Answer.objects.filter(question=asked):
            assert given_answer.comments_count == given_answer.comments.filter(deleted_at=None).count()
            assert given_answer.score == sum(given_answer.votes.values_list("value", flat=True))
        assert asked.score == sum(Vote.objects.filter(question=asked).values_list("value", flat=True))
        assert not Vote.objects.filter(question=asked, user=asked.author).exists()

    def assert_status(self, asked):
        assert asked.status == asked.derived_status()
        assert (asked.duplicate_of_id is not None) == (asked.status == "duplicate")
        if asked.accepted_answer is not None:
            assert asked.accepted_answer.deleted_at is None
            assert asked.accepted_answer.accepted_at is not None
            assert asked.accepted_answer.question_id == asked.pk
        marked = Answer.objects.filter(question=asked, deleted_at=None, accepted_at__isnull=False)
        assert list(marked) == ([asked.accepted_answer] if asked.accepted_answer else list(marked)[:0])
        assert asked.last_activity_at >= asked.created_at

    def assert_versions(self, asked):
        numbers = list(Revision.objects.filter(question=asked, answer=None).values_list("number", flat=True))
        assert numbers == list(range(1, asked.version + 1))
        for given_answer in Answer.objects.filter(question=asked):
            kept = list(given_answer.revisions.values_list("number", flat=True))
            assert kept == list(range(1, given_answer.version + 1))

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def test_a_deletion_and_a_return_change_nothing_else(self, steps):
        life = Life()
        for step in steps:
            life.step(*step)
        staff, pk = life.people[0], life.asked.pk
        if Question.objects.filter(pk=pk).exclude(deleted_at=None).exists():
            question_restore(user=staff, question_id=pk)
        before = Question.objects.filter(pk=pk).values().get()
        try:
            question_delete(user=staff, question_id=pk)
        except PortalError:
            assert before["status"] == "archived"
            return
        question_restore(user=staff, question_id=pk)
        assert Question.objects.filter(pk=pk).values().get() == before
