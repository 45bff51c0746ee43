"""At the same moment: proposals, contests, decisions, conversions and edits of comments happen once and whole."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.core.errors import Moved, NotFound, PortalError, Stale, StateForbids
from portal.questions.models import Answer, Comment, CommentVersion, Contest, DuplicateProposal, Merge, Question
from portal.questions.services.answers import answer_accept, answer_delete
from portal.questions.services.comments import comment_create, comment_edit
from portal.questions.services.conversions import comment_convert, conversion_undo
from portal.questions.services.life import question_settle
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.proposals import contest_decide, contest_open, duplicate_decide, duplicate_propose
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question

from .test_counters import together

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Mine is about the other valve."


def kinds(raised):
    """Returns the names of what was raised."""
    return sorted(type(error).__name__ for error in raised)


def sound():
    """Returns whether nothing has drifted; the command raises where anything has."""
    call_command("check_integrity", stdout=StringIO())
    return True


def test_a_proposal_by_one_member_is_one_and_a_decision_is_made_once():
    asked, targets, who = question(), [question(), question()], member()
    raised = together(
        *(lambda to=to: duplicate_propose(user=who, question_id=asked.pk, target_id=to.pk) for to in targets * 2)
    )
    assert raised == []
    made = DuplicateProposal.objects.get()
    staff = member(staff=True)
    raised = together(
        *(
            lambda agree=agree: duplicate_decide(user=staff, proposal_id=made.pk, agree=agree, reply="Looked at.")
            for agree in (True, False, True)
        )
    )
    assert kinds(raised) == ["StateForbids"] * 2
    made.refresh_from_db()
    asked.refresh_from_db()
    assert (asked.status == "duplicate") == (made.outcome == "agreed")
    assert asked.duplicate_of_id == (made.target_id if made.outcome == "agreed" else None)


def test_proposals_that_cross_are_both_agreed_to_and_only_one_can_be():
    one, other, staff = question(), question(), member(staff=True)
    pair = [duplicate_propose(user=member(), question_id=a.pk, target_id=b.pk) for a, b in ((one, other), (other, one))]
    raised = together(
        *(lambda each=each: duplicate_decide(user=staff, proposal_id=each.pk, agree=True) for each in pair)
    )
    assert len(raised) == 1
    assert isinstance(raised[0], PortalError)
    assert sorted(Question.objects.values_list("status", flat=True)) == ["duplicate", "open"]
    assert DuplicateProposal.objects.filter(outcome="agreed").count() == 1
    assert sound()


def test_a_contest_is_opened_once_and_decided_once_also_while_the_two_are_parted():
    staff, asked = member(staff=True), question()
    answer(asked)
    merge = questions_merge(user=staff, source_id=asked.pk, target_id=question().pk)
    raised = together(*(lambda: contest_open(user=asked.author, question_id=asked.pk, words=WORDS) for _ in range(3)))
    assert [type(error) for error in raised] == [StateForbids] * 2
    contest = Contest.objects.get()
    raised = together(
        *(lambda: contest_decide(user=staff, contest_id=contest.pk, agree=True) for _ in range(2)),
        lambda: merge_undo(user=staff, merge_id=merge.pk),
    )
    assert all(isinstance(error, StateForbids) for error in raised)
    assert Merge.objects.get().undone_at is not None
    asked.refresh_from_db()
    assert (asked.merged_into_id, asked.answers_count) == (None, 1)
    contest.refresh_from_db()
    if not contest.outcome:  # the parting came between: it is decided with nothing left to do
        contest_decide(user=staff, contest_id=contest.pk, agree=True)
    assert sound()


def test_a_merge_and_a_mark_of_the_same_question_leave_one_of_them():
    staff, asked, target, other = member(staff=True), question(), question(), question()
    raised = together(
        lambda: questions_merge(user=staff, source_id=asked.pk, target_id=target.pk),
        lambda: question_settle(user=staff, question_id=target.pk, status="duplicate", duplicate_of=asked.pk),
        lambda: questions_merge(user=staff, source_id=target.pk, target_id=other.pk),
    )
    assert all(isinstance(error, PortalError) for error in raised)
    for found in Question.objects.filter(merged_into__isnull=False).select_related("merged_into"):
        assert found.merged_into.merged_into_id is None
        assert found.merged_into.pk != found.pk
    assert not Question.objects.filter(status="duplicate", duplicate_of__merged_into__isnull=False).exists()
    assert sound()


def test_a_comment_becomes_one_answer_and_again_one_comment():
    said, staff = comment(question()), member(staff=True)
    raised = together(
        *(lambda who=who: comment_convert(user=who, comment_id=said.pk) for who in (staff, said.author, staff))
    )
    assert all(isinstance(error, NotFound | Moved) for error in raised)
    assert len(raised) == 2
    made = Answer.objects.get()
    raised = together(*(lambda: conversion_undo(user=staff, answer_id=made.pk) for _ in range(3)))
    assert [type(error) for error in raised] == [NotFound] * 2
    said.refresh_from_db()
    assert (said.deleted_at, said.became_id) == (None, None)
    assert sound()


def test_replies_an_acceptance_and_a_merge_that_meet_a_conversion_lose_nothing():
    staff, said, target = member(staff=True), comment(question()), question()
    made = comment_convert(user=said.author, comment_id=said.pk)
    asker, writers = said.question.author, [member(), member()]
    raised = together(
        lambda: conversion_undo(user=staff, answer_id=made.pk),
        lambda: answer_accept(user=asker, answer_id=made.pk),
        lambda: questions_merge(user=staff, source_id=said.question_id, target_id=target.pk),
        *(
            lambda who=who: comment_create(user=who, kind="answer", post_id=made.pk, body="That was it, thanks.")
            for who in writers
        ),
    )
    assert all(isinstance(error, PortalError) for error in raised)
    said.refresh_from_db()
    assert said.question_id == target.pk
    assert said.became_id is None
    replies = Comment.objects.filter(body="That was it, thanks.")
    assert len(replies) >= 2 - len(raised)
    assert {(each.question_id, each.answer_id, each.parent_id) for each in replies} <= {(target.pk, None, said.pk)}
    assert Question.objects.get(pk=target.pk).accepted_answer_id is None
    assert sound()


def test_of_edits_from_one_version_one_is_kept_and_the_others_are_told():
    said = comment(question(), body="Turn the valve.")
    bodies = [f"Turn the valve {number} times." for number in range(4)]
    raised = together(
        *(lambda body=body: comment_edit(user=said.author, comment_id=said.pk, version=1, body=body) for body in bodies)
    )
    assert [type(error) for error in raised] == [Stale] * 3
    said.refresh_from_db()
    assert said.version == 2
    assert said.body in bodies
    assert list(CommentVersion.objects.values_list("number", "body")) == [(1, "Turn the valve.")]


def test_an_answer_deleted_while_its_comment_is_converted_back_keeps_the_words_readable_or_restorable():
    given, staff = answer(), member(staff=True)
    said = comment(given)
    made = comment_convert(user=said.author, comment_id=said.pk)
    raised = together(
        lambda: answer_delete(user=given.author, answer_id=given.pk),
        lambda: conversion_undo(user=staff, answer_id=made.pk),
    )
    assert all(isinstance(error, NotFound) for error in raised)
    said.refresh_from_db()
    # Either it is below the answer that comes back with it, or it is an answer still.
    assert (said.became_id is None) == (raised == [])
    assert (said.answer_id, Answer.objects.get(pk=given.pk).deleted_at is None) == (given.pk, False)
    assert sound()
