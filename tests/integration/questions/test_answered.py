"""The one answer that is read first, and what of a question is read in place."""

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.discovery.registry import result_types
from portal.questions.models import Answer
from portal.questions.selectors.answered import answered_questions
from portal.questions.services.answers import answer_delete
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.knowledge import article
from tests.factories.questions import accept, answer, question, vote

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


def best(asked):
    """Returns the answer that a stranger reads first, and whether it is the accepted one."""
    (found,) = answered_questions(user=STRANGER, ids=[asked.pk])
    return found.answer, found.accepted


def test_the_accepted_one_before_all():
    asked = question()
    loved = answer(asked)
    for _each in range(3):
        vote(loved)
    answer(asked, member(staff=True), official=True)
    chosen = accept(answer(asked))
    assert best(asked) == (chosen, True)


def test_an_official_one_leads_its_equals_and_hides_no_better_one():
    asked = question()
    other = answer(asked)
    official = answer(asked, member(staff=True), official=True)
    assert best(asked) == (official, False)
    vote(other)
    assert best(asked) == (other, False)


def test_an_outdated_one_is_read_first_only_where_there_is_no_other():
    asked = question()
    chosen = accept(answer(asked))
    Answer.objects.filter(pk=chosen.pk).update(obsolete=True)
    assert best(asked) == (chosen, True)
    other = answer(asked)
    assert best(asked) == (other, False)


def test_else_the_one_with_most_votes_and_of_equals_the_earlier():
    asked = question()
    first, second = answer(asked), answer(asked)
    assert best(asked) == (first, False)
    vote(second)
    assert best(asked) == (second, False)


def test_a_deleted_one_is_none():
    asked = question()
    given = accept(answer(asked))
    answer_delete(user=member(staff=True), answer_id=given.pk)
    assert best(asked) == (None, False)


def test_questions_that_nobody_may_see_are_left_out():
    gone, there = question(), question()
    question_delete(user=member(staff=True), question_id=gone.pk)
    found = answered_questions(user=STRANGER, ids=[gone.pk, there.pk, 999_999])
    assert [each.question for each in found] == [there]


def test_many_answers_cost_as_little_as_one(django_assert_num_queries):
    asked = [question() for _each in range(4)]
    for each in asked:
        for _answer in range(3):
            answer(each)
    with django_assert_num_queries(2):
        assert len(answered_questions(user=STRANGER, ids=[each.pk for each in asked])) == 4


def test_nothing_asked_for_is_nothing(django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert answered_questions(user=STRANGER, ids=[]) == []


class TestPreviews:
    def test_every_kind_that_is_offered_before_asking_can_be_read_in_place(self):
        kinds = result_types()
        assert kinds["question"].previews is not None
        assert kinds["article"].previews is not None

    @pytest.mark.parametrize("pk", ["x", "", "-1", "9" * 40, "١"])
    def test_a_number_that_is_none_has_nothing_to_read(self, pk):
        previews = result_types()["question"].previews
        assert not previews(STRANGER, [pk])

    def test_an_article_that_is_not_live_cannot_be_read(self):
        previews = result_types()["article"].previews
        page = article(summary="What its colours mean.")
        assert list(previews(STRANGER, [str(page.pk)])) == [str(page.pk)]
        page.unpublish()
        assert not previews(STRANGER, [str(page.pk)])
