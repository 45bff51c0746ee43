"""manage.py check_integrity: each kind of drift is named, left alone when only looked for, and put right when asked."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.accounts.models import User
from portal.core.clock import now
from portal.core.integrity import integrity_checks
from portal.questions.models import Answer, Comment, Question, Revision, Status
from portal.questions.services.comments import comment_create
from search.models import OutboxEntry
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, question, vote

pytestmark = pytest.mark.django_db


def checked(*checks, repair=False):
    """Runs the command; returns what it printed, and whether anything is left."""
    out = StringIO()
    try:
        call_command("check_integrity", *checks, repair=repair, stdout=out)
    except CommandError as error:
        return out.getvalue() + str(error), True
    return out.getvalue(), False


@pytest.fixture
def lively():
    """A question with an accepted answer, another answer, votes and comments, and the same of another question."""
    with committed():
        asked, other = question(), question(title="Another question")
        first, second = answer(asked), answer(asked)
        vote(first)
        vote(asked)
        accept(first)
        answer(other)
        comment_create(user=member(), kind="answer", post_id=first.pk, body="Thanks, that was it.")
        comment_create(user=member(), kind="question", post_id=asked.pk, body="The same here.")
    return asked, first, second, other


def test_a_portal_in_order_has_nothing_to_tell(lively):
    told, left = checked()
    assert not left
    names = [check.name for check in integrity_checks()]
    assert [line.partition(":")[0] for line in told.splitlines()] == names
    assert all(line.endswith("0 mended, 0 left") for line in told.splitlines())


DRIFTS = {
    "answers_count": lambda asked, *_: Question.objects.filter(pk=asked.pk).update(answers_count=7),
    "status": lambda asked, *_: Question.objects.filter(pk=asked.pk).update(status=Status.OPEN),
    "last_activity_at": lambda asked, *_: Question.objects.filter(pk=asked.pk).update(
        last_activity_at=now() + timedelta(days=3)
    ),
    "score": lambda asked, first, *_: Answer.objects.filter(pk=first.pk).update(score=-40),
    "comments_count": lambda asked, first, *_: Answer.objects.filter(pk=first.pk).update(comments_count=0),
    "accepted_answer": lambda asked, first, second, other: Question.objects.filter(pk=asked.pk).update(
        accepted_answer=other.answers.get()
    ),
    "accepted_at": lambda asked, first, second, other: Answer.objects.filter(pk=second.pk).update(accepted_at=now()),
    "duplicate_of": lambda asked, first, second, other: Question.objects.filter(pk=other.pk).update(duplicate_of=asked),
    "parent": lambda asked, *_: Comment.objects.filter(answer=None).update(
        parent=Comment.objects.exclude(answer=None).get()
    ),
    "question": lambda asked, first, second, other: Comment.objects.exclude(answer=None).update(question=other),
    "last version": lambda asked, first, *_: Answer.objects.filter(pk=first.pk).update(body="Other words."),
    "reputation": lambda asked, first, *_: User.objects.filter(pk=first.author_id).update(reputation=9_000),
}


@pytest.mark.parametrize("column", DRIFTS)
def test_drift_is_named_and_only_mended_when_asked(lively, column):
    whole, _left = checked()
    DRIFTS[column](*lively)
    OutboxEntry.objects.all().delete()
    told, left = checked()
    assert left
    assert f"{column} is " in told
    assert "--repair puts right" in told
    assert not OutboxEntry.objects.exists(), "looking changes nothing"
    again, left = checked()
    assert (again, left) == (told, True)
    repaired, left = checked(repair=True)
    assert not left
    assert f"{column} is " in repaired
    assert "(mended)" in repaired
    assert checked() == (whole, False)


def test_a_duplicate_without_its_target_is_open_again(lively):
    asked = lively[0]
    Question.objects.filter(pk=asked.pk).update(
        status=Status.DUPLICATE, settled_at=now(), accepted_answer=None, duplicate_of=None
    )
    Answer.objects.update(accepted_at=None)
    told, _left = checked("settlements", "questions", repair=True)
    asked.refresh_from_db()
    assert asked.status == Status.ANSWERED
    assert asked.settled_at is None
    assert f"question {asked.pk}: status is 'duplicate'" in told
    assert checked() == checked()


def test_what_is_put_right_reaches_the_search(lively):
    asked = lively[0]
    Question.objects.filter(pk=asked.pk).update(answers_count=7)
    OutboxEntry.objects.all().delete()
    checked("questions", repair=True)
    assert str(asked.pk) in set(OutboxEntry.objects.values_list("object_id", flat=True))


def test_words_that_no_version_held_are_kept_as_the_next_one(lively):
    first = lively[1]
    Answer.objects.filter(pk=first.pk).update(body="Other words.")
    checked("revisions", repair=True)
    assert [each.body for each in Revision.objects.filter(answer=first).order_by("number")][-1] == "Other words."
    assert Revision.objects.filter(answer=first).count() == 2


def test_a_deleted_answer_keeps_its_mark_for_when_it_comes_back(lively):
    first = lively[1]
    Answer.objects.filter(pk=first.pk).update(deleted_at=now())
    checked(repair=True)
    first.refresh_from_db()
    assert first.accepted_at is not None
    assert Question.objects.get(pk=lively[0].pk).accepted_answer is None


def test_many_differences_are_counted_and_the_first_named(lively):
    for number in range(25):
        question(title=f"Question number {number}")
    Question.objects.update(answers_count=9)
    told, _left = checked("questions")
    assert told.count("answers_count is 9") == 20
    assert "questions: 0 mended, 27 left" in told


def test_a_check_that_does_not_exist_is_refused_with_those_that_do():
    told, left = checked("tea")
    assert left
    assert "There is no check “tea”. There are: merges, left-behind, comments, " in told
