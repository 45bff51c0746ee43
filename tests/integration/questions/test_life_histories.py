"""Random lives of a question: whatever is tried in whatever order, its moves tell a story that the table allows."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.core.clock import now
from portal.core.errors import PortalError
from portal.questions.models import Act, Question, QuestionMove, Why
from portal.questions.models.lifecycle import ALIVE, UNDOABLE, is_allowed
from portal.questions.selectors.moves import acts_open
from portal.questions.services.life import move_undo, question_reopen_vote
from portal.questions.services.questions import question_edit
from tests.factories.questions import answer

from .scene import everything
from .test_long_histories import Life

TRIED = ("answer", "delete_answer", "restore_answer", "accept", "settle", "close_own", "reopen", "vote_reopen", "lock",
         "details", "reword", "undo")  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.sampled_from(TRIED), st.sampled_from([0, 0, 1, 1, 2, 3]), st.integers(0, 3), st.sampled_from([-1, 0, 1, 1])
    ),
    min_size=4,
    max_size=14,
)


class MovedLife(Life):
    """A life with the acts of this story besides."""

    def close_own(self, user, which, value):
        from portal.questions.services.life import question_settle

        question_settle(user=user, question_id=self.asked.pk, status="closed", why=Why.ELSEWHERE)

    def vote_reopen(self, user, which, value):
        question_reopen_vote(user=user, question_id=self.asked.pk, value=value != -1)

    def reword(self, user, which, value):
        version = Question.objects.values_list("version", flat=True).get(pk=self.asked.pk)
        question_edit(user=user, question_id=self.asked.pk, version=version, body=f"Other words {version} {which}.")

    def undo(self, user, which, value):
        found = QuestionMove.objects.filter(question=self.asked).order_by("-id")[which : which + 1].first()
        move_undo(user=user, question_id=self.asked.pk, move_id=found.pk if found else 0)


class Stories(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def test_moves_tell_one_story_that_the_table_allows(self, steps):
        life = MovedLife()
        for step in steps:
            life.step(*step)
        asked = Question.objects.get(pk=life.asked.pk)
        moves = list(QuestionMove.objects.filter(question=asked).order_by("id"))
        here = "open"
        for move in moves:
            assert move.from_status == here, "each begins where the one before ended"
            here = move.to_status
            assert is_allowed(move.act, move.role, move.from_status, move.to_status, move.why), str(move)
            assert bool(move.before) == (move.act in UNDOABLE)
        assert here == asked.status
        assert asked.status == asked.derived_status()
        self.assert_columns(asked, moves)

    def assert_columns(self, asked, moves):
        assert (asked.settled_at is None) == (asked.status in ALIVE)
        assert bool(asked.settled_why) <= (asked.settled_at is not None)
        assert bool(asked.settled_reason) <= (asked.settled_at is not None)
        locks = [move.act for move in moves if move.act in (Act.LOCK, Act.UNLOCK)]
        if not any(move.act == Act.UNDO for move in moves):
            assert asked.locked == (bool(locks) and locks[-1] == Act.LOCK)
        assert asked.official == asked.answers.filter(official=True, deleted_at=None).exists()

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS, st.sampled_from([0, 1, 2]))
    def test_what_a_page_offers_is_taken_and_what_it_does_not_is_refused(self, steps, who):
        life = MovedLife()
        answer(life.asked, life.people[2])
        for step in steps:
            life.step(*step)
        user, asked = life.people[who], Question.objects.get(pk=life.asked.pk)
        offered = acts_open(user, asked)
        tries = {
            Act.CLOSE: lambda: life.close_own(user, 0, 1) if who == 1 else life.settle(user, 0, 1),
            Act.MARK_OBSOLETE: lambda: life.settle(user, 2, 1),
            Act.ARCHIVE: lambda: life.settle(user, 3, 1),
            Act.ASK_DETAILS: lambda: life.details(user, 0, 1),
        }
        for act, attempt in tries.items():
            before = everything()
            try:
                attempt()
            except PortalError:
                assert act not in offered
                assert everything() == before
            else:
                assert act in offered
                assert QuestionMove.objects.order_by("-id").first().act == act
                return  # what is offered next is another question's page


class Undoing(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS, st.sampled_from(["settle", "lock", "details", "reopen"]), st.integers(0, 3), st.sampled_from([-1, 1]))
    def test_taking_back_leaves_the_question_as_it_was(self, steps, act, which, value):
        life = MovedLife()
        for step in steps:
            life.step(*step)
        staff, pk = life.people[0], life.asked.pk
        Question.objects.filter(pk=pk).update(created_at=now() - timedelta(days=2))
        before, passed = Question.objects.filter(pk=pk).values().get(), life.passed
        moves = QuestionMove.objects.count()
        life.step(act, 0, which, value)
        if life.passed == passed or QuestionMove.objects.count() == moves:
            return
        move_undo(user=staff, question_id=pk, move_id=QuestionMove.objects.order_by("-id").first().pk)
        after = Question.objects.filter(pk=pk).values().get()
        # Moments of activity are counted from what is there, and the hot place from the moment of asking.
        for name in ("hot", "last_activity_at"):
            before.pop(name), after.pop(name)
        assert after == before
