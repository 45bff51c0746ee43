"""Who sees what: the outsider first."""

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.core.errors import NotFound
from portal.questions.selectors.access import (
    answer_visible_to,
    answers_visible_to,
    comment_visible_to,
    comments_visible_to,
    deleted_answer_for,
    deleted_question_for,
    question_visible_to,
    questions_visible_to,
)
from portal.questions.services.answers import answer_delete
from portal.questions.services.comments import comment_delete
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question

pytestmark = pytest.mark.django_db

STRANGERS = [None, AnonymousUser()]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_sees_what_is_public(stranger):
    asked = question()
    given = answer(asked)
    said = comment(given)
    assert question_visible_to(stranger, asked.pk) == asked
    assert answer_visible_to(stranger, given.pk) == given
    assert comment_visible_to(stranger, said.pk) == said


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_deleted_question_takes_all_below_it_out_of_sight(stranger):
    asked = question()
    given, said = answer(asked), comment(asked)
    below = comment(given)
    question_delete(user=member(staff=True), question_id=asked.pk)
    for look, pk in (
        (question_visible_to, asked.pk),
        (answer_visible_to, given.pk),
        (comment_visible_to, said.pk),
        (comment_visible_to, below.pk),
    ):
        with pytest.raises(NotFound):
            look(stranger, pk)
    assert not questions_visible_to(stranger).exists()
    assert not answers_visible_to(stranger).exists()
    assert not comments_visible_to(stranger).exists()


def test_a_deleted_answer_takes_its_comments_out_of_sight_but_leaves_the_question():
    given = answer()
    below = comment(given)
    answer_delete(user=given.author, answer_id=given.pk)
    assert question_visible_to(None, given.question_id).pk == given.question_id
    with pytest.raises(NotFound):
        comment_visible_to(None, below.pk)


def test_a_deleted_comment_is_seen_by_nobody_not_even_its_author():
    said = comment(question())
    comment_delete(user=said.author, comment_id=said.pk)
    with pytest.raises(NotFound):
        comment_visible_to(said.author, said.pk)


def test_only_staff_and_who_deleted_it_herself_reach_a_deleted_question():
    asked = question()
    question_delete(user=asked.author, question_id=asked.pk)
    for other in (None, AnonymousUser(), member()):
        with pytest.raises(NotFound):
            deleted_question_for(other, asked.pk)
    assert deleted_question_for(asked.author, asked.pk) == asked
    assert deleted_question_for(member(staff=True), asked.pk) == asked


def test_an_author_cannot_bring_back_what_staff_took_away():
    given = answer()
    answer_delete(user=member(staff=True), answer_id=given.pk)
    with pytest.raises(NotFound):
        deleted_answer_for(given.author, given.pk)


def test_what_was_never_there_looks_like_what_is_hidden():
    with pytest.raises(NotFound) as never:
        question_visible_to(None, 10**15)
    asked = question()
    question_delete(user=asked.author, question_id=asked.pk)
    with pytest.raises(NotFound) as hidden:
        question_visible_to(None, asked.pk)
    assert str(never.value) == str(hidden.value)
