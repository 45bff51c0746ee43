"""PostHistory.xml: revisions, the Markdown of posts, and why questions were closed."""

from __future__ import annotations

import json

import pytest

from portal.questions.models import Answer, Question, Revision, Status
from portal.questions.services.answers import answer_edit
from portal.questions.services.questions import question_edit
from tests.factories.accounts import member

from . import dumps

pytestmark = pytest.mark.django_db

FIRST = [
    dumps.step(1, 10, 2, "It *squeaks*.", "a"),
    dumps.step(2, 10, 1, "How do I oil a hinge?", "a"),
    dumps.step(3, 10, 3, "<hinges><oil>", "a"),
]


def revisions(key: str) -> list[tuple]:
    """Returns (number, title, body, topics, note) of a question's revisions."""
    found = Revision.objects.filter(question__source_key=key, answer=None).order_by("number")
    return list(found.values_list("number", "title", "body", "topics", "note"))


def test_the_rows_of_one_edit_become_one_revision_of_the_whole_post(run, tmp_path) -> None:
    steps = [
        *FIRST,
        dumps.step(4, 10, 4, "How do I oil  an old hinge?", "b", Comment="says which", UserId=2),
        dumps.step(5, 10, 6, "|hinges|", "c"),
        dumps.step(6, 10, 5, "It **groans**.", "d", CreationDate="2021-06-01T00:00:00"),
        dumps.step(7, 10, 8, "It *squeaks*.", "e", Comment="Rollback to [a]"),
    ]
    run(dumps.small(tmp_path / "d", PostHistory=steps))
    assert revisions("10") == [
        (1, "How do I oil a hinge?", "It *squeaks*.", ["hinges", "oil"], ""),
        (2, "How do I oil an old hinge?", "It *squeaks*.", ["hinges", "oil"], "says which"),
        (3, "How do I oil an old hinge?", "It *squeaks*.", ["hinges"], ""),
        (4, "How do I oil an old hinge?", "It **groans**.", ["hinges"], ""),
        (5, "How do I oil an old hinge?", "It *squeaks*.", ["hinges"], "Back to an earlier version"),
    ]
    second = Revision.objects.get(source_key="4")
    assert second.editor.display_name == "Grace Hopper"
    assert Revision.objects.get(source_key="6").created_at.isoformat() == "2021-06-01T00:00:00+00:00"


def test_a_post_gets_its_markdown_back_and_keeps_the_html_of_its_source(run, tmp_path) -> None:
    steps = [*FIRST, dumps.step(4, 21, 2, "With a drop of `oil`.", "x"), dumps.step(5, 10, 5, "It *groans*.", "y")]
    run(dumps.small(tmp_path / "d", PostHistory=steps))
    question, answer = Question.objects.get(source_key="10"), Answer.objects.get(source_key="21")
    assert (question.body, question.body_format) == ("It *groans*.", "markdown")
    assert question.body_html == "<p>It squeaks.</p>"
    assert (answer.body, answer.body_format) == ("With a drop of `oil`.", "markdown")
    assert Answer.objects.get(source_key="20").body_format == "html"
    assert answer.revisions.get().question == answer.question


def test_a_newer_dump_adds_the_revisions_that_came_since(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d", PostHistory=FIRST))
    posts = [dumps.question(10, Body="<p>It groans.</p>")]
    run(dumps.small(tmp_path / "d", Posts=posts, PostHistory=[*FIRST, dumps.step(9, 10, 5, "It *groans*.", "b")]))
    question = Question.objects.get(source_key="10")
    assert [row[0] for row in revisions("10")] == [1, 2]
    assert revisions("10")[1][1] == "How do I oil a hinge?", "an edit of the body keeps the title"
    assert (question.body, question.body_format, question.body_html) == (
        "It *groans*.",
        "markdown",
        "<p>It groans.</p>",
    )


def test_a_changed_score_leaves_the_markdown_alone(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d", PostHistory=FIRST))
    run(dumps.small(tmp_path / "d", Posts=[dumps.question(10, Score=99)], PostHistory=FIRST))
    question = Question.objects.get(source_key="10")
    assert (question.score, question.body, question.body_format) == (99, "It *squeaks*.", "markdown")


def test_a_text_that_was_taken_back_at_the_source_goes_here_too(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d", PostHistory=[*FIRST, dumps.step(4, 10, 5, "A secret.", "b")]))
    run(dumps.small(tmp_path / "d", PostHistory=[*FIRST, dumps.step(4, 10, 5, "[removed]", "b")]))
    assert not Revision.objects.filter(body__contains="secret").exists()
    assert [row[2] for row in revisions("10")] == ["It *squeaks*.", "[removed]"]


def test_words_edited_here_are_not_replaced_by_an_older_markdown(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    question = Question.objects.get(source_key="10")
    question_edit(user=member(staff=True), question_id=question.pk, version=1, body="Our words.")
    run(dumps.small(tmp_path / "d", PostHistory=FIRST))
    question.refresh_from_db()
    assert question.body == "Our words."


def test_many_revisions_of_one_post_are_numbered_over_batches(run, tmp_path) -> None:
    steps = [dumps.step(number, 10, 5, f"Words {number}", f"g{number}") for number in range(1, 801)]
    run(dumps.small(tmp_path / "d", PostHistory=steps))
    numbers = list(Revision.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 801))
    assert Question.objects.get(source_key="10").body == "Words 800"


def test_rows_of_one_edit_are_not_parted_by_a_batch(run, tmp_path) -> None:
    filling = [dumps.step(number, 11, 5, "x", f"f{number}") for number in range(1, 300)]
    edit = [
        dumps.step(300, 10, 2, "Body", "z"),
        dumps.step(301, 10, 1, "Title", "z"),
        dumps.step(302, 10, 3, "<oil>", "z"),
    ]
    run(dumps.small(tmp_path / "d", PostHistory=[*filling, *edit]))
    assert revisions("10") == [(1, "Title", "Body", ["oil"], "")]


def test_a_closed_question_says_why_in_the_language_of_its_text(run, tmp_path) -> None:
    posts = [dumps.question(10, ClosedDate=dumps.MOMENT), dumps.question(11)]
    steps = [dumps.step(1, 10, 10, "{}", "a", Comment="103"), dumps.step(2, 11, 10, "{}", "b", Comment="102")]
    run(dumps.small(tmp_path / "d", Posts=posts, PostHistory=steps))
    assert Question.objects.get(source_key="10").settled_reason == "Unclear what is asked"
    assert Question.objects.get(source_key="11").settled_reason == "", "it was opened again"


@pytest.mark.parametrize("text", [json.dumps({"OriginalQuestionIds": [11], "Voters": []})])
def test_a_duplicate_is_known_from_its_closing_where_no_link_says_it(run, tmp_path, text) -> None:
    posts = [dumps.question(10, ClosedDate=dumps.MOMENT), dumps.question(11)]
    folder = dumps.small(
        tmp_path / "d", Posts=posts, PostLinks=[], PostHistory=[dumps.step(1, 10, 10, text, "a", Comment="101")]
    )
    run(folder)
    question = Question.objects.get(source_key="10")
    assert (question.status, question.duplicate_of.source_key) == (Status.DUPLICATE, "11")


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"OriginalQuestionIds": "x"}', '{"OriginalQuestionIds": [10]}', "[" * 9999]
)
def test_a_closing_that_cannot_be_read_only_closes(run, tmp_path, text) -> None:
    folder = dumps.small(
        tmp_path / "d",
        Posts=[dumps.question(10, ClosedDate=dumps.MOMENT)],
        PostLinks=[],
        PostHistory=[dumps.step(1, 10, 10, text, "a", Comment="101")],
    )
    run(folder)
    assert Question.objects.get(source_key="10").status == Status.CLOSED


def test_the_history_of_what_was_left_out_is_left_out(run, tmp_path) -> None:
    said = run(
        dumps.small(tmp_path / "d", PostHistory=[dumps.step(1, 30, 2, "About hinges"), dumps.step(2, 10, 50, "")])
    )
    assert not Revision.objects.exists()
    assert "PostHistory" not in said


def test_the_first_edit_here_of_a_post_without_history_keeps_how_it_came(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    staff, question = member(staff=True), Question.objects.get(source_key="10")
    answer = Answer.objects.get(source_key="21")
    question_edit(user=staff, question_id=question.pk, version=1, title="Ours now", body="Our words.")
    answer_edit(user=staff, answer_id=answer.pk, version=1, body="Our answer.")
    assert revisions("10") == [
        (1, "How do I oil a hinge?", "<p>It squeaks.</p>", ["hinges", "oil"], ""),
        (2, "Ours now", "Our words.", ["hinges", "oil"], ""),
    ]
    first = Revision.objects.get(question=question, answer=None, number=1)
    assert (first.editor, first.body_format, first.created_at) == (question.author, "html", question.created_at)
    assert [r.body for r in answer.revisions.order_by("number")] == ["<p>With a drop of oil.</p>", "Our answer."]
    question_edit(user=staff, question_id=question.pk, version=2, body="More.")
    assert [row[0] for row in revisions("10")] == [1, 2, 3]
