"""At the same moment: comments, edits, settlements and restorations that cross each other."""

import pytest
from django.db import transaction

from portal.core.errors import NotFound, Stale, StateForbids
from portal.questions.models import Answer, Comment, Question, Revision
from portal.questions.services.answers import answer_delete, answer_edit, answer_restore
from portal.questions.services.comments import comment_create, comment_delete
from portal.questions.services.counters import answers_recount, questions_recount
from portal.questions.services.life import question_settle
from portal.questions.services.questions import question_edit
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question

from .test_counters import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_comments_that_come_and_go_are_all_counted():
    given = answer()
    asked, pk = given.question, given.pk
    old = [comment(given) for _ in range(3)]
    people = [member() for _ in range(4)]
    raised = together(
        *(lambda who=who: comment_create(user=who, kind="answer", post_id=pk, body="Me too.") for who in people),
        *(lambda said=said: comment_delete(user=said.author, comment_id=said.pk) for said in old),
        *(lambda who=who: comment_create(user=who, kind="question", post_id=asked.pk, body="Hm.") for who in people),
    )
    assert raised == []
    assert Answer.objects.get(pk=pk).comments_count == 4
    assert Question.objects.get(pk=asked.pk).comments_count == 4
    with transaction.atomic():
        assert questions_recount(ids=[asked.pk]) == answers_recount(ids=[pk]) == 0


def test_of_edits_that_began_from_one_version_one_is_kept():
    asked, given = question(), answer()
    staff = member(staff=True)
    raised = together(
        *(lambda n=n: question_edit(user=staff, question_id=asked.pk, version=1, body=f"Words {n}.") for n in range(4)),
        *(lambda n=n: answer_edit(user=staff, answer_id=given.pk, version=1, body=f"Words {n}.") for n in range(4)),
    )
    assert [type(error) for error in raised] == [Stale] * 6
    asked.refresh_from_db()
    assert asked.version == Revision.objects.filter(question=asked, answer=None).count() == 2
    assert Revision.objects.filter(question=asked, answer=None).last().body == asked.body
    assert Revision.objects.filter(answer=given).count() == 2


def test_one_comment_deleted_by_many_is_deleted_once():
    said = comment(question())
    staff = [member(staff=True) for _ in range(4)]
    raised = together(*(lambda who=who: comment_delete(user=who, comment_id=said.pk) for who in staff))
    assert all(isinstance(error, NotFound) for error in raised)
    said.refresh_from_db()
    assert said.deleted_at is not None
    assert Question.objects.get(pk=said.question_id).comments_count == 0
    assert Comment.objects.count() == 1


def test_an_answer_does_not_slip_back_into_a_question_that_is_being_archived():
    given = answer()
    staff = member(staff=True)
    answer_delete(user=given.author, answer_id=given.pk)
    raised = together(
        lambda: answer_restore(user=given.author, answer_id=given.pk),
        lambda: question_settle(user=staff, question_id=given.question_id, status="archived"),
    )
    given.refresh_from_db()
    refused = [error for error in raised if isinstance(error, StateForbids)]
    assert raised == refused
    assert (given.deleted_at is not None) == bool(refused)
    asked = Question.objects.get(pk=given.question_id)
    assert (asked.status, asked.answers_count) == ("archived", 0 if refused else 1)
