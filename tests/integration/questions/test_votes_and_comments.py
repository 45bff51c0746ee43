"""Votes and comments."""

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.core.errors import Invalid, NotAllowed, NotFound, SignInNeeded, StateForbids
from portal.questions.models import Question, Vote
from portal.questions.services.comments import comment_create, comment_delete
from portal.questions.services.votes import vote_cast
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question, vote

pytestmark = pytest.mark.django_db


class TestVotes:
    def test_a_stranger_is_asked_to_sign_in(self):
        with pytest.raises(SignInNeeded):
            vote_cast(user=AnonymousUser(), kind="question", post_id=question().pk, value=1)

    @pytest.mark.parametrize("make", [question, answer])
    def test_nobody_votes_for_her_own(self, make):
        post = make()
        with pytest.raises(StateForbids):
            vote(post, post.author)
        assert not Vote.objects.exists()

    @pytest.mark.parametrize("make", [question, answer])
    def test_one_member_has_one_vote(self, make):
        post, voter = make(), member()
        assert [vote(post, voter, value) for value in (1, 1, -1, -1, 0, 0, 1)] == [1, 1, -1, -1, 0, 0, 1]
        assert Vote.objects.count() == 1

    @pytest.mark.parametrize("value", [2, -2, 9, 100])
    def test_other_values_are_refused(self, value):
        with pytest.raises(Invalid):
            vote(question(), value=value)

    def test_an_imported_score_is_the_ground_votes_stand_on(self):
        asked = question()
        Question.objects.filter(pk=asked.pk).update(imported_score=7, score=7)
        assert vote(asked) == 8
        assert vote(asked, value=-1) == 7

    def test_what_is_not_there_cannot_be_voted_on(self):
        with pytest.raises(NotFound):
            vote_cast(user=member(), kind="answer", post_id=10**9, value=1)


class TestComments:
    def test_a_stranger_is_asked_to_sign_in(self):
        with pytest.raises(SignInNeeded):
            comment_create(user=AnonymousUser(), kind="question", post_id=question().pk, body="Hello?")

    def test_they_count_at_their_post(self):
        given = answer()
        comment(given)
        comment(given.question)
        given.refresh_from_db()
        assert given.comments_count == 1
        assert Question.objects.get(pk=given.question_id).comments_count == 1

    def test_a_reply_stays_under_its_post(self):
        given = answer()
        under_answer, under_question = comment(given), comment(given.question)
        assert comment(given, parent=under_answer).parent == under_answer
        with pytest.raises(Invalid) as refused:
            comment_create(user=member(), kind="answer", post_id=given.pk, body="Lost?", parent_id=under_question.pk)
        assert "parent_id" in refused.value.fields

    def test_only_its_author_and_staff_take_it_away(self):
        said = comment(question())
        with pytest.raises(NotAllowed):
            comment_delete(user=member(), comment_id=said.pk)
        comment_delete(user=member(staff=True), comment_id=said.pk)
        with pytest.raises(NotFound):
            comment_delete(user=said.author, comment_id=said.pk)

    @pytest.mark.parametrize("body", ["", "x" * 2001])
    def test_bad_text_is_refused(self, body):
        with pytest.raises(Invalid):
            comment_create(user=member(), kind="question", post_id=question().pk, body=body)
