"""Comments on questions and answers over the API."""

from typing import Any

import pytest

from portal.questions.models import Answer, Comment, Question
from portal.questions.services.comments import comment_delete
from portal.questions.services.life import question_lock
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db

FIELDS = {"id", "body", "body_html", "author", "parent_id", "created_at"}


def post_of(kind: str) -> tuple[Question | Answer, str]:
    """Returns a post and the address of its comments."""
    post: Any = question() if kind == "questions" else answer()
    return post, f"{kind}/{post.pk}/comments"


@pytest.mark.parametrize("kind", ["questions", "answers"])
class TestEitherPost:
    """What holds under a question holds under an answer."""

    def test_a_stranger_reads_them_oldest_first(self, kind: str, stranger: Caller) -> None:
        post, where = post_of(kind)
        made = [comment(post, body=f"Remark number {n}") for n in range(3)]
        told = stranger.get(where).json()
        assert [row["id"] for row in told["results"]] == [one.pk for one in made]
        assert told["next"] is None
        assert told["results"][0].keys() >= FIELDS

    def test_a_member_comments_and_replies(self, kind: str) -> None:
        post, where = post_of(kind)
        caller = Caller(member("chi"))
        first = caller.post(where, {"body": "Which *model* is it?"})
        assert first.status_code == 201
        told = first.json()
        assert "<em>model</em>" in told["body_html"]
        assert told["author"]["username"] == "chi"
        assert told["parent_id"] is None
        assert first.headers["Location"] == told["url"]
        reply = caller.post(where, {"body": "The second one.", "parent_id": told["id"]}).json()
        assert reply["parent_id"] == told["id"]
        post.refresh_from_db()
        assert post.comments_count == 2

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "body"),
            ({"body": " "}, "body"),
            ({"body": "c" * 2_001}, "body"),
            ({"body": "Fine.", "parent_id": 987_654}, "parent_id"),
            ({"body": "Fine.", "parent_id": "first"}, "parent_id"),
            ({"body": "Fine.", "parent_id": 0}, "parent_id"),
            ({"body": "Fine.", "parent_id": 10**40}, "parent_id"),
        ],
    )
    def test_bad_fields_are_named(self, kind: str, body: dict[str, object], field: str) -> None:
        _post, where = post_of(kind)
        told = problem_of(Caller(member()).post(where, body), 422)
        assert list(told["errors"]) == [field]
        assert not Comment.objects.exists()

    def test_no_reply_to_a_comment_elsewhere(self, kind: str) -> None:
        _post, where = post_of(kind)
        elsewhere = comment(question())
        told = problem_of(Caller(member()).post(where, {"body": "Hm.", "parent_id": elsewhere.pk}), 422)
        assert list(told["errors"]) == ["parent_id"]

    def test_deleted_ones_are_gone(self, kind: str, stranger: Caller) -> None:
        post, where = post_of(kind)
        made = comment(post)
        comment_delete(user=made.author, comment_id=made.pk)
        assert stranger.get(where).json()["results"] == []

    def test_under_a_deleted_question_there_is_nothing(self, kind: str, stranger: Caller) -> None:
        post, where = post_of(kind)
        comment(post)
        whole = post.question_id if isinstance(post, Answer) else post.pk
        question_delete(user=member(staff=True), question_id=whole)
        problem_of(stranger.get(where), 404)
        problem_of(Caller(member()).post(where, {"body": "Anybody here?"}), 404)

    def test_a_locked_question_takes_none(self, kind: str) -> None:
        post, where = post_of(kind)
        whole = post.question_id if isinstance(post, Answer) else post.pk
        question_lock(user=member(staff=True), question_id=whole, locked=True)
        problem_of(Caller(member()).post(where, {"body": "Too late."}), 409)

    def test_pages_follow_each_other(self, kind: str, stranger: Caller) -> None:
        post, where = post_of(kind)
        made = [comment(post, body=f"Remark number {n}").pk for n in range(5)]
        assert [row["id"] for row in stranger.walk(f"{where}?limit=2")] == made


def test_those_of_answers_are_not_listed_under_the_question(stranger: Caller) -> None:
    given = answer()
    comment(given)
    assert stranger.get(f"questions/{given.question_id}/comments").json()["results"] == []
