"""At the same moment: a post is kept, or kept no longer, while somebody deletes it or joins it with another."""

import threading

import pytest
from django.db import connection

from portal.core.errors import Moved, NotFound, PortalError
from portal.questions.models import Bookmark
from portal.questions.selectors.marks import bookmarks_page
from portal.questions.services import bookmarks
from portal.questions.services.answers import answer_delete, answer_restore
from portal.questions.services.bookmarks import bookmark_remove, bookmark_set
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.questions import question_delete, question_restore
from tests.factories.accounts import member
from tests.factories.questions import answer, question

from .test_counters import together

pytestmark = pytest.mark.django_db(transaction=True)


def kept_by(user):
    """What her list shows: the questions, each with her note."""
    return [(row.question_id or row.answer_id, row.note) for row in bookmarks_page(user=user).rows]


@pytest.fixture
def slowly(monkeypatch):
    """Lets who keeps something wait between looking and writing, until the other act is through or waits."""
    other = threading.Event()
    plain = bookmarks._clean

    def clean(note):
        other.wait(0.5)
        return plain(note)

    monkeypatch.setattr(bookmarks, "_clean", clean)
    return other


def test_what_is_joined_meanwhile_is_kept_at_the_other_question(slowly):
    staff, reader, source, target = member(staff=True), member(), question(), question()

    def merge():
        questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
        slowly.set()

    raised = together(
        lambda: bookmark_set(user=reader, kind="question", post_id=source.pk, note="my words"),
        merge,
    )
    assert all(isinstance(error, Moved) for error in raised)
    assert kept_by(reader) == ([] if raised else [(target.pk, "my words")])
    assert not Bookmark.objects.filter(question=source).exists(), "nothing is left where nobody finds it"


def test_both_questions_at_once_leave_one(slowly):
    staff, reader, source, target = member(staff=True), member(), question(), question()

    def merge():
        questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
        slowly.set()

    raised = together(
        lambda: bookmark_set(user=reader, kind="question", post_id=source.pk, note="one"),
        lambda: bookmark_set(user=reader, kind="question", post_id=target.pk, note="other"),
        merge,
    )
    assert all(isinstance(error, PortalError) for error in raised)
    assert [pk for pk, _note in kept_by(reader)] == [target.pk]


def test_what_is_kept_no_longer_is_not_back_with_the_parting():
    staff, reader, source, target = member(staff=True), member(), question(), question()
    bookmark_set(user=reader, kind="question", post_id=source.pk)
    raised = together(
        lambda: bookmark_remove(user=reader, kind="question", post_id=source.pk),
        lambda: questions_merge(user=staff, source_id=source.pk, target_id=target.pk),
    )
    assert all(isinstance(error, Moved) for error in raised)
    assert kept_by(reader) == ([(target.pk, "")] if raised else [])
    if raised:
        bookmark_remove(user=reader, kind="question", post_id=target.pk)
    merge = source.merges.get()
    merge_undo(user=staff, merge_id=merge.pk)
    assert kept_by(reader) == []


@pytest.mark.parametrize("kind", ["question", "answer"])
def test_what_is_deleted_meanwhile_comes_back_kept_or_was_never_kept(slowly, kind):
    staff, reader = member(staff=True), member()
    post = question() if kind == "question" else answer()
    delete, restore = {
        "question": (question_delete, question_restore),
        "answer": (answer_delete, answer_restore),
    }[kind]

    def take_away():
        delete(user=staff, **{f"{kind}_id": post.pk})
        slowly.set()

    raised = together(lambda: bookmark_set(user=reader, kind=kind, post_id=post.pk, note="mine"), take_away)
    assert all(isinstance(error, NotFound) for error in raised)
    assert kept_by(reader) == []
    restore(user=staff, **{f"{kind}_id": post.pk})
    assert kept_by(reader) == ([] if raised else [(post.pk, "mine")])


def test_pressed_many_times_it_is_kept_once():
    reader, asked = member(), question()
    raised = together(*[lambda: bookmark_set(user=reader, kind="question", post_id=asked.pk)] * 6)
    assert raised == [] and Bookmark.objects.count() == 1


def test_on_postgresql_the_question_is_held_no_longer_than_for_the_row(django_assert_max_num_queries):
    reader, asked = member(), question()
    with django_assert_max_num_queries(10) as seen:
        bookmark_set(user=reader, kind="question", post_id=asked.pk)
    held = [query for query in seen.captured_queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert len(held) == (1 if connection.vendor == "postgresql" else 0)
