"""Questions over the API: who may what, what comes back, and what a stale or bad change answers."""

from typing import Any

import pytest
from django.utils.dateparse import parse_datetime

from portal.questions.models import Question, Status
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import answer, question, topic

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db

ASKED = {"title": "Why is the light red?", "body": "It was **green** yesterday.", "language": "en"}
FIELDS = {
    "id", "title", "body", "body_html", "language", "topics", "space", "url", "author", "score", "status",
    "accepted_answer_id", "answers_count", "created_at", "updated_at", "version", "source_id", "source_licence",
    "source_url",
}  # fmt: skip


class TestStranger:
    """Without a token everything public can be read and nothing written."""

    def test_reads_a_question(self, stranger: Caller) -> None:
        asked = question()
        told = stranger.get(f"questions/{asked.pk}").json()
        assert told["id"] == asked.pk
        assert told["title"] == asked.title

    @pytest.mark.parametrize("method", ["POST"])
    def test_cannot_ask(self, stranger: Caller, method: str) -> None:
        response = stranger.call(method, "questions", ASKED)
        problem_of(response, 401)
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert not Question.objects.exists()

    @pytest.mark.parametrize("method", ["PATCH", "DELETE"])
    def test_cannot_change_or_delete(self, stranger: Caller, method: str) -> None:
        asked = question()
        problem_of(stranger.call(method, f"questions/{asked.pk}", {}, If_Match='"1"'), 401)
        asked.refresh_from_db()
        assert asked.deleted_at is None
        assert asked.version == 1

    def test_an_unknown_question_and_a_deleted_one_look_the_same(self, stranger: Caller) -> None:
        asked = question()
        question_delete(user=asked.author, question_id=asked.pk)
        deleted = problem_of(stranger.get(f"questions/{asked.pk}"), 404)
        unknown = problem_of(stranger.get("questions/987654"), 404)
        assert {**deleted, "instance": ""} == {**unknown, "instance": ""}

    def test_a_session_cookie_opens_nothing(self, stranger: Caller) -> None:
        asked = question()
        stranger.client.force_login(asked.author)
        problem_of(stranger.post("questions", ASKED), 401)
        problem_of(stranger.delete(f"questions/{asked.pk}"), 401)
        problem_of(stranger.get("me"), 401)


class TestAsking:
    """POST /questions."""

    def test_makes_a_question_and_says_where(self) -> None:
        anna = member("anna")
        topic("Printing")
        response = Caller(anna).post("questions", ASKED | {"topics": ["printing"]})
        assert response.status_code == 201
        told = response.json()
        made = Question.objects.get()
        assert told.keys() >= FIELDS
        assert told["id"] == made.pk
        assert told["author"]["username"] == "anna"
        assert told["topics"] == ["printing"]
        assert told["status"] == "open"
        assert told["version"] == 1
        assert told["space"] is None
        assert told["accepted_answer_id"] is None
        assert (told["score"], told["answers_count"]) == (0, 0)
        assert "<strong>green</strong>" in told["body_html"]
        assert told["body"] == ASKED["body"]
        assert response.headers["Location"] == f"http://testserver/api/v1/questions/{made.pk}"
        assert response.headers["ETag"] == '"1"'

    def test_times_are_utc_to_the_microsecond(self) -> None:
        told = Caller(member()).post("questions", ASKED).json()
        assert told["created_at"].endswith("Z")
        assert parse_datetime(told["created_at"]) == Question.objects.get().created_at

    def test_url_is_absolute_with_the_port_in_use(self) -> None:
        told = Caller(member(), Host="127.0.0.1:8123").post("questions", ASKED).json()
        assert told["url"].startswith(f"http://127.0.0.1:8123/en/questions/{told['id']}/")
        assert told["author"]["url"].startswith("http://127.0.0.1:8123/en/members/")

    def test_the_members_language_stands_in_for_a_missing_one(self) -> None:
        anna = member(language="ja")
        told = Caller(anna).post("questions", {"title": "赤いランプが点滅します", "body": "昨日は緑でした。"}).json()
        assert told["language"] == "ja"

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"title": "Why"}, "title"),
            ({"title": "y" * 151}, "title"),
            ({"title": 7}, "title"),
            ({"title": None}, "title"),
            ({"title": "Nul \x00 in here"}, "title"),
            ({"title": "Half a pair \ud800 here"}, "title"),
            ({"body": "  "}, "body"),
            ({"body": ["a"]}, "body"),
            ({"body": "b" * 60_001}, "body"),
            ({"body": "<!-- -->"}, "body"),
            ({"language": "tlh"}, "language"),
            ({"topics": ["no-such-topic"]}, "topics"),
            ({"topics": "printing"}, "topics"),
            ({"topics": [1]}, "topics"),
            ({"topics": [f"t{n}" for n in range(6)]}, "topics"),
            ({"space": "secret"}, "space"),
        ],
    )
    def test_a_field_that_cannot_be_used_is_named(self, changed: dict[str, Any], field: str) -> None:
        told = problem_of(Caller(member()).post("questions", ASKED | changed), 422)
        assert list(told["errors"]) == [field]
        assert all(words.strip() for words in told["errors"][field])
        assert not Question.objects.exists()

    def test_every_missing_field_is_named_at_once(self) -> None:
        told = problem_of(Caller(member()).post("questions", {}), 422)
        assert set(told["errors"]) == {"title", "body"}

    @pytest.mark.parametrize("title", ["y" * 5, "y" * 150])
    def test_titles_at_the_edges_are_taken(self, title: str) -> None:
        assert Caller(member()).post("questions", ASKED | {"title": title}).status_code == 201

    def test_unknown_members_of_the_body_are_passed_by(self) -> None:
        told = Caller(member()).post("questions", ASKED | {"author": "somebody", "score": 99, "id": 1_000}).json()
        assert told["score"] == 0
        assert told["id"] != 1_000

    def test_what_a_member_writes_is_made_safe(self) -> None:
        body = "<script>alert(1)</script> hello <img src=x onerror=alert(1)> [x](javascript:alert(1))"
        told = Caller(member()).post("questions", ASKED | {"body": body}).json()
        assert "<script" not in told["body_html"]
        assert "onerror" not in told["body_html"]
        assert 'href="javascript' not in told["body_html"]
        assert told["body"] == body


class TestReading:
    """GET /questions/{id}."""

    def test_etag_is_the_version(self, stranger: Caller) -> None:
        asked = question()
        assert stranger.get(f"questions/{asked.pk}").headers["ETag"] == '"1"'

    def test_head_is_answered_without_a_body(self, stranger: Caller) -> None:
        response = stranger.call("HEAD", f"questions/{question().pk}")
        assert response.status_code == 200
        assert response.content == b""

    def test_imported_html_is_told_as_markdown(self, stranger: Caller) -> None:
        asked = question()
        html = (
            '<p>A <strong>bold</strong> word and <a href="https://example.org/">a link</a>.</p>'
            "<pre><code>x = 1\n</code></pre>"
        )
        Question.objects.filter(pk=asked.pk).update(body=html, body_html=html, body_format="html")
        told = stranger.get(f"questions/{asked.pk}").json()
        assert "**bold**" in told["body"]
        assert "[a link](https://example.org/)" in told["body"]
        assert "x = 1" in told["body"]
        assert "<p>" not in told["body"]
        assert told["body_html"] == html

    def test_where_it_came_from_is_told(self, stranger: Caller) -> None:
        asked = question()
        Question.objects.filter(pk=asked.pk).update(
            source_key="41", source_url="https://example.org/q/41", source_licence="CC BY-SA 4.0", author=None
        )
        told = stranger.get(f"questions/{asked.pk}").json()
        assert (told["source_id"], told["source_licence"]) == ("41", "CC BY-SA 4.0")
        assert told["source_url"] == "https://example.org/q/41"
        assert told["author"] is None

    def test_nothing_else_of_the_author_is_told(self, stranger: Caller) -> None:
        asked = question(member("anna", email="anna.private@example.org"))
        response = stranger.get(f"questions/{asked.pk}")
        assert set(response.json()["author"]) == {"username", "display_name", "url"}
        assert b"anna.private" not in response.content

    @pytest.mark.parametrize("wrong", ["abc", "-1", "1.5", "0x1", "9" * 19, "9" * 5000, "%00", "１"])
    def test_what_is_no_id_is_an_unknown_address(self, stranger: Caller, wrong: str) -> None:
        response = stranger.get(f"questions/{wrong}")
        assert response.status_code in (400, 404)
        problem_of(response, response.status_code)


class TestChanging:
    """PATCH /questions/{id}."""

    def test_changes_what_is_given_and_leaves_the_rest(self) -> None:
        topic("Printing")
        asked = question(topics=("printing",))
        response = Caller(asked.author).patch(
            f"questions/{asked.pk}", {"title": "Why is it blinking red?"}, If_Match='"1"'
        )
        assert response.status_code == 200
        told = response.json()
        assert told["title"] == "Why is it blinking red?"
        assert told["body"] == asked.body
        assert told["topics"] == ["printing"]
        assert told["version"] == 2
        assert response.headers["ETag"] == '"2"'
        assert told["updated_at"] > told["created_at"]

    def test_without_if_match_nothing_changes(self) -> None:
        asked = question()
        problem_of(Caller(asked.author).patch(f"questions/{asked.pk}", {"title": "Another title"}), 428)
        asked.refresh_from_db()
        assert asked.version == 1

    @pytest.mark.parametrize("header", ['"2"', '"0"', '"abc"', "7", 'W/"9"', '"2", "3"', '"1', ",", "1x"])
    def test_a_stale_version_changes_nothing(self, header: str) -> None:
        asked = question()
        response = Caller(asked.author).patch(f"questions/{asked.pk}", {"title": "Another title"}, If_Match=header)
        problem_of(response, 412)
        asked.refresh_from_db()
        assert asked.title != "Another title"
        assert asked.version == 1

    @pytest.mark.parametrize("header", ['"1"', 'W/"1"', "1", "*", '"5", "1"', ' "1" '])
    def test_the_current_version_in_any_form_is_taken(self, header: str) -> None:
        asked = question()
        response = Caller(asked.author).patch(f"questions/{asked.pk}", {"title": "Another title"}, If_Match=header)
        assert response.status_code == 200

    def test_the_second_of_two_editors_is_told(self) -> None:
        asked = question()
        first, second = Caller(asked.author), Caller(member(staff=True))
        assert first.patch(f"questions/{asked.pk}", {"title": "The first title"}, If_Match='"1"').status_code == 200
        problem_of(second.patch(f"questions/{asked.pk}", {"title": "The second title"}, If_Match='"1"'), 412)
        assert Question.objects.get().title == "The first title"

    def test_another_member_may_not_whatever_the_version(self) -> None:
        asked = question()
        for header in ('"1"', '"7"'):
            problem_of(Caller(member()).patch(f"questions/{asked.pk}", {"title": "Mine now"}, If_Match=header), 403)

    def test_staff_may(self) -> None:
        asked = question()
        changed = Caller(member(staff=True)).patch(f"questions/{asked.pk}", {"language": "ru"}, If_Match='"1"')
        assert changed.json()["language"] == "ru"

    def test_a_locked_question_is_in_the_way(self) -> None:
        asked = question()
        question_lock(user=member(staff=True), question_id=asked.pk, locked=True)
        problem_of(Caller(asked.author).patch(f"questions/{asked.pk}", {"title": "Another"}, If_Match='"1"'), 409)

    def test_bad_fields_are_named(self) -> None:
        asked = question()
        told = problem_of(Caller(asked.author).patch(f"questions/{asked.pk}", {"title": "x"}, If_Match='"1"'), 422)
        assert list(told["errors"]) == ["title"]

    def test_what_is_not_there_is_404_before_anything_else(self) -> None:
        problem_of(Caller(member()).patch("questions/987654", {"title": "Another title"}), 404)


class TestDeleting:
    """DELETE /questions/{id}."""

    def test_by_its_author(self) -> None:
        asked = question()
        caller = Caller(asked.author)
        response = caller.delete(f"questions/{asked.pk}")
        assert (response.status_code, response.content) == (204, b"")
        problem_of(caller.get(f"questions/{asked.pk}"), 404)
        problem_of(caller.delete(f"questions/{asked.pk}"), 404)

    def test_not_by_another_member(self) -> None:
        asked = question()
        problem_of(Caller(member()).delete(f"questions/{asked.pk}"), 403)
        assert Question.objects.get().deleted_at is None

    def test_not_once_it_has_answers_but_by_staff(self) -> None:
        asked = answer().question
        problem_of(Caller(asked.author).delete(f"questions/{asked.pk}"), 409)
        assert Caller(member(staff=True)).delete(f"questions/{asked.pk}").status_code == 204


class TestSettled:
    """What the state of a question forbids."""

    def test_an_archived_question_takes_nothing(self) -> None:
        asked = answer().question
        staff = member(staff=True)
        question_settle(user=staff, question_id=asked.pk, status=Status.ARCHIVED)
        caller = Caller(member())
        problem_of(caller.post(f"questions/{asked.pk}/answers", {"body": "Try again."}), 409)
        problem_of(caller.post(f"questions/{asked.pk}/comments", {"body": "Try again."}), 409)
        problem_of(caller.put(f"questions/{asked.pk}/vote", {"value": 1}), 409)
        problem_of(Caller(asked.author).patch(f"questions/{asked.pk}", {"title": "Another"}, If_Match='"1"'), 409)
