"""At the same moment: markings and merges that cross each other leave no ring, no half and nothing uncounted."""

import pytest
from django.db import transaction

from portal.core.errors import PortalError
from portal.questions.models import Answer, Merge, Question
from portal.questions.services.answers import answer_create
from portal.questions.services.counters import questions_recount
from portal.questions.services.life import question_settle
from portal.questions.services.merging import merge_undo, questions_merge
from tests.factories.accounts import member
from tests.factories.questions import answer, question

from .test_counters import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_markings_in_a_ring_leave_none():
    staff = member(staff=True)
    ring = [question() for _ in range(4)]
    raised = together(
        *(
            lambda one=one, other=other: question_settle(
                user=staff, question_id=one.pk, status="duplicate", duplicate_of=other.pk
            )
            for one, other in zip(ring, [*ring[1:], ring[0]], strict=True)
        )
    )
    assert all(isinstance(error, PortalError) for error in raised)
    assert 1 <= len(raised) < 4
    ends = Question.objects.filter(status="duplicate").values_list("duplicate_of__status", flat=True)
    assert ends
    assert "duplicate" not in ends


def test_of_merges_that_cross_one_is_made_and_every_answer_is_somewhere():
    staff = member(staff=True)
    one, other = question(), question()
    for asked in (one, other):
        answer(asked)
    pairs = [(one, other), (other, one)] * 2
    together(
        *(lambda s=s, t=t: questions_merge(user=staff, source_id=s.pk, target_id=t.pk) for s, t in pairs),
        *(lambda: answer_create(user=member(), question_id=one.pk, body="At that moment.") for _ in range(2)),
    )
    merge = Merge.objects.get()
    assert Question.objects.get(pk=merge.source_id).merged_into_id == merge.target_id
    assert Answer.objects.filter(question=merge.target_id).count() == Answer.objects.count()
    with transaction.atomic():
        assert questions_recount(ids=[one.pk, other.pk]) == 0


def test_an_undoing_by_many_happens_once():
    staff = member(staff=True)
    given = answer()
    merge = questions_merge(user=staff, source_id=given.question_id, target_id=question().pk)
    raised = together(*(lambda: merge_undo(user=staff, merge_id=merge.pk) for _ in range(4)))
    assert len(raised) == 3
    assert all(isinstance(error, PortalError) for error in raised)
    given.refresh_from_db()
    assert given.question_id == merge.source_id
