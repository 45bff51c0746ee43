"""Importing again: nothing changes twice, what changed at the source arrives, what members did here stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError

from portal.accounts.models import User
from portal.importers.models import ImportRun, TouchedPost
from portal.importers.stackexchange.load import one_at_a_time
from portal.questions.models import Answer, Comment, Question, QuestionLink, Status
from portal.questions.services.answers import answer_accept
from portal.questions.services.life import question_reopen
from portal.questions.services.questions import question_delete, question_edit
from search.models import OutboxEntry
from tests.factories.accounts import member

from . import dumps
from .state import state

pytestmark = pytest.mark.django_db

HISTORY = [
    dumps.step(1, 10, 2, "It *squeaks*."),
    dumps.step(2, 10, 1, "How do I oil a hinge?"),
    dumps.step(3, 10, 3, "<hinges><oil>"),
]


def test_a_second_run_changes_nothing_and_says_so(run, tmp_path) -> None:
    folder = dumps.small(tmp_path / "d", PostHistory=HISTORY)
    assert "Nothing changed." not in run(folder)
    before = state()
    OutboxEntry.objects.all().delete()
    assert "Nothing changed." in run(folder)
    assert state() == before
    assert not OutboxEntry.objects.exists(), "what did not change is not indexed again"
    assert not TouchedPost.objects.exists()


def test_a_second_run_counts_every_row_as_unchanged(run, tmp_path) -> None:
    folder = dumps.small(tmp_path / "d", PostHistory=HISTORY)
    run(folder)
    run(folder)
    first, second = ImportRun.objects.order_by("pk")
    for kind, found in first.counts.items():
        assert second.counts[kind]["unchanged"] == found["new"] + found["unchanged"], kind
        assert second.counts[kind]["new"] == second.counts[kind]["changed"] == 0, kind


def test_every_question_that_came_is_announced_to_the_search(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    waiting = set(OutboxEntry.objects.filter(document_type="question").values_list("object_id", flat=True))
    assert waiting == {str(pk) for pk in Question.objects.values_list("pk", flat=True)}


def test_a_newer_dump_brings_what_is_new_and_what_changed(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    address = Question.objects.get(source_key="10").pk
    posts = [
        dumps.question(10, "How do I oil an old hinge?", Body="<p>It groans.</p>", Score=9, ViewCount=99,
                       Tags="<hinges>", AcceptedAnswerId=22, LastEditDate="2022-01-01T00:00:00"),
        dumps.question(11, "Is there a hinge that needs no oil?", OwnerUserId=2, Tags="|hinges|",
                       ClosedDate="2022-02-02T00:00:00"),
        dumps.answer(20, 10, Score=-1),
        dumps.answer(21, 10, Body="<p>With two drops.</p>"),
        dumps.answer(22, 10),
    ]  # fmt: skip
    run(dumps.small(tmp_path / "d", Posts=posts, Users=[dumps.user(1, "Ada King"), dumps.user(2, "Grace Hopper")],
                    Comments=[dumps.comment(1, 10, Text="Which grease?", Score=4), dumps.comment(9, 22)]))  # fmt: skip
    question = Question.objects.get(source_key="10")
    assert question.pk == address
    assert (question.title, question.body_html) == ("How do I oil an old hinge?", "<p>It groans.</p>")
    assert (question.score, question.views_count, question.version) == (9, 99, 2)
    assert list(question.topics.slugs()) == ["hinges"]
    assert question.accepted_answer.source_key == "22"
    accepted = Answer.objects.filter(accepted_at__isnull=False).values_list("source_key", flat=True)
    assert list(accepted) == ["22"], "one answer is the accepted one"
    assert question.answers_count == 3
    assert Answer.objects.get(source_key="21").body_html == "<p>With two drops.</p>"
    assert Question.objects.get(source_key="11").status == Status.CLOSED
    assert User.objects.get(source_key="1").display_name == "Ada King"
    assert User.objects.get(source_key="1").username == "ada-lovelace", "addresses stay"
    assert Comment.objects.get(source_key="1").body_html == "<p>Which grease?</p>"
    assert Comment.objects.count() == 3


def test_words_that_members_edited_here_are_never_overwritten(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    staff = member(staff=True)
    question = Question.objects.get(source_key="10")
    question_edit(user=staff, question_id=question.pk, version=1, title="Ours now", body="Our words.")
    posts = [dumps.question(10, "Theirs", Body="<p>Their words.</p>", Score=50), dumps.answer(21, 10)]
    said = run(dumps.small(tmp_path / "d", Posts=posts))
    question.refresh_from_db()
    assert (question.title, question.body) == ("Ours now", "Our words.")
    assert question.score == 50, "figures still arrive"
    assert "Posts.xml:3: its words were edited here and stay as they are" in said


def test_what_was_deleted_here_stays_deleted(run, tmp_path) -> None:
    folder = dumps.small(tmp_path / "d")
    run(folder)
    staff = member(staff=True)
    question_delete(user=staff, question_id=Question.objects.get(source_key="11").pk)
    Question.objects.get(source_key="10").delete()
    User.objects.get(source_key="2").delete()
    assert "Nothing changed." in run(folder)
    assert [q.source_key for q in Question.objects.all()] == ["11"]
    assert Question.objects.get().deleted_at is not None
    assert not Answer.objects.exists()
    assert not User.objects.filter(source_key="2").exists()
    more = [dumps.question(12, OwnerUserId=2), dumps.answer(23, 10)]
    run(dumps.small(tmp_path / "d", Posts=more))
    assert Question.objects.get(source_key="12").author_name == "user2"
    assert not Answer.objects.exists(), "an answer to what was deleted here is left out"


def test_what_staff_opened_or_accepted_here_is_not_undone(run, tmp_path) -> None:
    posts = [
        dumps.question(10, ClosedDate=dumps.MOMENT, AcceptedAnswerId=21),
        dumps.answer(20, 10),
        dumps.answer(21, 10),
    ]
    run(dumps.small(tmp_path / "d", Posts=posts))
    staff, question = member(staff=True), Question.objects.get(source_key="10")
    question_reopen(user=staff, question_id=question.pk)
    answer_accept(user=staff, answer_id=Answer.objects.get(source_key="20").pk)
    posts[0] = posts[0] | {"Score": 77}
    run(dumps.small(tmp_path / "d", Posts=posts))
    question.refresh_from_db()
    assert (question.status, question.score) == (Status.ACCEPTED, 77)
    assert question.accepted_answer.source_key == "20"


def test_a_link_that_changed_its_kind_marks_the_duplicate(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    run(dumps.small(tmp_path / "d", PostLinks=[dumps.link(1, 11, 10, 3)]))
    assert QuestionLink.objects.get().kind == "duplicate"
    assert Question.objects.get(source_key="11").status == Status.DUPLICATE


def test_votes_that_came_since_are_counted_once(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    run(dumps.small(tmp_path / "d", Votes=[dumps.vote(1, 10, 2), dumps.vote(2, 21, 2), dumps.vote(3, 21, 2)]))
    assert Question.objects.get(source_key="10").imported_upvotes == 1
    assert Answer.objects.get(source_key="21").imported_upvotes == 2


def test_an_answer_accepted_in_a_missing_row_is_accepted_when_it_comes(run, tmp_path) -> None:
    posts = [dumps.question(1, AcceptedAnswerId=2)]
    run(dumps.write(tmp_path / "d", Posts=posts))
    run(dumps.write(tmp_path / "d", Posts=[*posts, dumps.answer(2, 1)]))
    assert Question.objects.get().accepted_answer.source_key == "2"
    assert Answer.objects.get().accepted_at == datetime(2021, 2, 4, tzinfo=UTC)


def test_an_acceptance_taken_back_at_the_source_is_taken_back_here(run, tmp_path) -> None:
    posts = [dumps.question(1, AcceptedAnswerId=2), dumps.answer(2, 1)]
    run(dumps.write(tmp_path / "d", Posts=posts))
    run(dumps.write(tmp_path / "d", Posts=[dumps.question(1), posts[1]]))
    assert Question.objects.get().accepted_answer is None
    assert Question.objects.get().status == Status.ANSWERED
    assert Answer.objects.get().accepted_at is None


def test_two_imports_of_a_site_do_not_run_at_once(run, tmp_path) -> None:
    folder = dumps.small(tmp_path / "d")
    with one_at_a_time("hinges"), pytest.raises(CommandError, match="being imported already"):
        run(folder)
    assert not Question.objects.exists()
    run(folder)
    assert Question.objects.count() == 2
