"""The same words from the same member within seconds are one post; anything else is another."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.core.errors import NotFound, SignInNeeded, StateForbids
from portal.questions.models import Answer, Comment, Question
from portal.questions.services.answers import answer_delete, answer_edit
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.questions import question_delete
from portal.questions.services.repeats import (
    REPEAT,
    answer_create_once,
    comment_create_once,
    question_create_once,
)
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, comment, question, vote

from .test_counters import together

pytestmark = pytest.mark.django_db

ASKED = {"title": "Why is the light red?", "body": "It was green.", "language": "en"}


def ask(user, **changed):
    """Asks; returns the question's number and whether it was a repeat."""
    made, repeated = question_create_once(user=user, **{**ASKED, **changed})
    return made.pk, repeated


class TestWhoMay:
    def test_a_stranger_may_not(self):
        for act in (
            lambda: question_create_once(user=AnonymousUser(), **ASKED),
            lambda: answer_create_once(user=AnonymousUser(), question_id=question().pk, body="x"),
            lambda: comment_create_once(user=AnonymousUser(), kind="question", post_id=question().pk, body="x"),
        ):
            with pytest.raises(SignInNeeded):
                act()

    def test_another_members_same_words_are_his_own_post(self):
        first, second = ask(member()), ask(member())
        assert first[0] != second[0]
        assert not second[1]

    def test_a_repeat_opens_no_door_that_has_closed(self):
        asked, who = question(), member()
        answer_create_once(user=who, question_id=asked.pk, body="Like so.")
        with pytest.raises(NotFound):
            question_delete(user=member(staff=True), question_id=asked.pk)
            answer_create_once(user=who, question_id=asked.pk, body="Like this.")


class TestQuestions:
    def test_the_second_is_the_first(self):
        who = member()
        first, second = ask(who), ask(who)
        assert (first[1], second) == (False, (first[0], True))
        assert Question.objects.count() == 1

    def test_space_and_line_ends_make_no_difference(self):
        who = member()
        ask(who, body="One.\nTwo.")
        assert ask(who, title=" Why  is the light red? ", body="One.\r\nTwo.\r\n")[1]

    @pytest.mark.parametrize(
        "changed", [{"title": "Why is the lamp red?"}, {"body": "It was blue."}, {"language": "ru"}]
    )
    def test_other_words_are_another_question(self, changed):
        who = member()
        ask(who)
        assert not ask(who, **changed)[1]
        assert Question.objects.count() == 2

    def test_after_a_while_it_is_another_question(self):
        who = member()
        pk, _repeated = ask(who)
        Question.objects.filter(pk=pk).update(
            created_at=Question.objects.get().created_at - REPEAT - timedelta(seconds=1)
        )
        assert not ask(who)[1]

    @pytest.mark.parametrize("done", ["answered", "voted", "commented", "closed", "locked", "deleted"])
    def test_what_something_has_happened_to_is_not_asked_again_by_itself(self, done):
        who, staff = member(), member(staff=True)
        pk, _repeated = ask(who)
        asked = Question.objects.get(pk=pk)
        {
            "answered": lambda: answer(asked),
            "voted": lambda: vote(asked),
            "commented": lambda: comment(asked),
            "closed": lambda: question_settle(user=staff, question_id=pk, status="closed", reason="Done."),
            "locked": lambda: question_lock(user=staff, question_id=pk, locked=True),
            "deleted": lambda: question_delete(user=who, question_id=pk),
        }[done]()
        assert not ask(who)[1]


class TestAnswersAndComments:
    def test_the_second_answer_is_the_first(self):
        asked, who = question(), member()
        made = [answer_create_once(user=who, question_id=asked.pk, body="Like so.") for _ in range(2)]
        assert [repeated for _answer, repeated in made] == [False, True]
        assert made[0][0].pk == made[1][0].pk
        asked.refresh_from_db()
        assert asked.answers_count == Answer.objects.count() == 1

    def test_the_same_answer_elsewhere_is_another(self):
        who = member()
        for _ in range(2):
            assert not answer_create_once(user=who, question_id=question().pk, body="Like so.")[1]

    def test_an_answer_that_was_accepted_edited_or_deleted_is_done_with(self):
        who = member()
        for act in (
            accept,
            lambda given: answer_edit(user=who, answer_id=given.pk, version=1, body="Better so."),
            lambda given: answer_delete(user=who, answer_id=given.pk),
        ):
            asked = question()
            given, _repeated = answer_create_once(user=who, question_id=asked.pk, body="Like so.")
            act(given)
            assert not answer_create_once(user=who, question_id=asked.pk, body="Like so.")[1]

    def test_a_locked_question_refuses_what_is_no_repeat(self):
        asked, who = question(), member()
        question_lock(user=member(staff=True), question_id=asked.pk, locked=True)
        with pytest.raises(StateForbids):
            answer_create_once(user=who, question_id=asked.pk, body="Like so.")

    def test_the_second_comment_is_the_first(self):
        given, who = answer(), member()
        made = [comment_create_once(user=who, kind="answer", post_id=given.pk, body="Thanks.") for _ in range(2)]
        assert made[0][0].pk == made[1][0].pk
        assert made[1][1]

    def test_a_comment_on_the_question_is_another_than_one_on_its_answer(self):
        given, who = answer(), member()
        parent = comment(given)
        places = [("answer", given.pk, None), ("question", given.question_id, None), ("answer", given.pk, parent.pk)]
        for kind, pk, parent_id in places:
            _said, repeated = comment_create_once(user=who, kind=kind, post_id=pk, body="Thanks.", parent_id=parent_id)
            assert not repeated
        assert Comment.objects.filter(author=who).count() == 3


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_eight_tabs_ask_one_question(self):
        who, found = member(), []
        raised = together(*(lambda: found.append(ask(who)) for _ in range(8)))
        assert raised == []
        assert {pk for pk, _repeated in found} == {Question.objects.get().pk}
        assert sorted(repeated for _pk, repeated in found) == [False] + [True] * 7

    def test_eight_tabs_give_one_answer_and_make_one_comment(self):
        asked, who = question(), member()
        raised = together(
            *(lambda: answer_create_once(user=who, question_id=asked.pk, body="Like so.") for _ in range(4)),
            *(lambda: comment_create_once(user=who, kind="question", post_id=asked.pk, body="Hm.") for _ in range(4)),
        )
        assert raised == []
        asked.refresh_from_db()
        assert (asked.answers_count, asked.comments_count) == (1, 1)
