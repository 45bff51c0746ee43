"""Answering, accepting, deleting."""

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.core.errors import Invalid, NotAllowed, NotFound, SignInNeeded, Stale, StateForbids
from portal.questions.models import Status
from portal.questions.services.answers import (
    answer_accept,
    answer_create,
    answer_delete,
    answer_edit,
    answer_restore,
    answer_unaccept,
)
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question

pytestmark = pytest.mark.django_db


def fresh(post):
    return type(post).objects.get(pk=post.pk)


class TestAnswering:
    def test_a_stranger_is_asked_to_sign_in(self):
        with pytest.raises(SignInNeeded):
            answer_create(user=AnonymousUser(), question_id=question().pk, body="Like this.")

    def test_it_counts_and_changes_the_status(self):
        asked = question()
        answer(asked)
        assert (fresh(asked).answers_count, fresh(asked).status) == (1, Status.ANSWERED)
        assert fresh(asked).last_activity_at > asked.last_activity_at

    def test_one_may_answer_ones_own_question(self):
        asked = question()
        assert answer(asked, asked.author).question == asked

    def test_it_is_in_the_questions_language_unless_said_otherwise(self):
        asked = question(language="ja")
        assert answer(asked).language == "ja"
        assert answer(asked, language="en").language == "en"

    def test_only_staff_speak_for_the_company(self):
        asked = question()
        with pytest.raises(NotAllowed):
            answer_create(user=member(), question_id=asked.pk, body="We say so.", official=True)
        assert answer(asked, member(staff=True), official=True).official

    @pytest.mark.parametrize("body", ["", " \n ", "<!-- nothing -->", "\x00"])
    def test_an_empty_answer_is_refused(self, body):
        with pytest.raises(Invalid) as refused:
            answer_create(user=member(), question_id=question().pk, body=body)
        assert "body" in refused.value.fields


class TestAccepting:
    def test_an_unrelated_member_may_not(self):
        given = answer()
        with pytest.raises(NotAllowed):
            answer_accept(user=member(), answer_id=given.pk)
        with pytest.raises(NotAllowed):
            answer_accept(user=given.author, answer_id=given.pk)
        with pytest.raises(SignInNeeded):
            answer_accept(user=AnonymousUser(), answer_id=given.pk)

    def test_the_asker_and_staff_may_and_repeating_changes_nothing(self):
        given = answer()
        first = answer_accept(user=given.question.author, answer_id=given.pk)
        again = answer_accept(user=member(staff=True), answer_id=given.pk)
        assert first.accepted_at == again.accepted_at
        assert fresh(given.question).status == Status.ACCEPTED

    def test_another_one_takes_its_place(self):
        asked = question()
        one, two = answer(asked), answer(asked)
        accept(one)
        accept(two)
        assert fresh(asked).accepted_answer == two
        assert fresh(one).accepted_at is None

    def test_it_can_be_taken_back(self):
        given = accept(answer())
        answer_unaccept(user=given.question.author, answer_id=given.pk)
        assert fresh(given.question).accepted_answer is None
        assert fresh(given.question).status == Status.ANSWERED
        assert fresh(given).accepted_at is None

    def test_taking_back_what_is_not_accepted_leaves_the_accepted_one(self):
        asked = question()
        one, two = accept(answer(asked)), answer(asked)
        answer_unaccept(user=asked.author, answer_id=two.pk)
        assert fresh(asked).accepted_answer == one


class TestDeletingAndEditing:
    def test_others_may_not(self):
        given = answer()
        for act in (
            lambda: answer_delete(user=member(), answer_id=given.pk),
            lambda: answer_edit(user=given.question.author, answer_id=given.pk, version=1, body="Mine now."),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_deleting_the_accepted_answer_unsettles_the_question(self):
        given = accept(answer())
        answer_delete(user=given.author, answer_id=given.pk)
        asked = fresh(given.question)
        assert (asked.accepted_answer, asked.status, asked.answers_count) == (None, Status.OPEN, 0)

    def test_bringing_it_back_settles_it_again(self):
        given = accept(answer())
        answer_delete(user=given.author, answer_id=given.pk)
        answer_restore(user=given.author, answer_id=given.pk)
        asked = fresh(given.question)
        assert (asked.accepted_answer, asked.status, asked.answers_count) == (given, Status.ACCEPTED, 1)

    def test_it_does_not_push_another_accepted_answer_away_when_it_comes_back(self):
        asked = question()
        one = accept(answer(asked))
        two = answer(asked)
        answer_delete(user=one.author, answer_id=one.pk)
        accept(two)
        answer_restore(user=one.author, answer_id=one.pk)
        assert fresh(asked).accepted_answer == two

    def test_deleting_the_last_answer_restores_the_previous_activity(self):
        asked = question()
        before = fresh(asked).last_activity_at
        given = answer(asked)
        answer_delete(user=given.author, answer_id=given.pk)
        assert fresh(asked).last_activity_at == before

    def test_a_deleted_answer_cannot_be_edited_accepted_or_deleted_again(self):
        given = answer()
        answer_delete(user=given.author, answer_id=given.pk)
        for act in (
            lambda: answer_edit(user=given.author, answer_id=given.pk, version=1, body="Still here?"),
            lambda: answer_accept(user=given.question.author, answer_id=given.pk),
            lambda: answer_delete(user=given.author, answer_id=given.pk),
        ):
            with pytest.raises(NotFound):
                act()

    def test_a_stale_edit_changes_nothing(self):
        given = answer()
        answer_edit(user=given.author, answer_id=given.pk, version=1, body="First.")
        with pytest.raises(Stale):
            answer_edit(user=given.author, answer_id=given.pk, version=1, body="Second.")
        assert fresh(given).body == "First."

    def test_locked_questions_keep_their_answers_as_they_are(self):
        from portal.questions.services.life import question_lock

        given = answer()
        question_lock(user=member(staff=True), question_id=given.question_id, locked=True)
        with pytest.raises(StateForbids):
            answer_delete(user=given.author, answer_id=given.pk)
