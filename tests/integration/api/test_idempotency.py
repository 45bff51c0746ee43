"""A write sent twice with one key is done once, also when both are under way at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from portal.api.models import IdempotencyKey
from portal.questions.models import Answer, Comment, Question
from portal.questions.services.life import question_lock
from tests.factories.accounts import member, token
from tests.factories.questions import answer, question

from .conftest import Caller, problem_of

WORDS = {"title": "Why is the light red?", "body": "It was green.", "language": "en"}


@pytest.mark.django_db
class TestOneAfterTheOther:
    """The same call again."""

    def test_the_answer_is_given_again(self) -> None:
        caller = Caller(member())
        first = caller.post("questions", WORDS, Idempotency_Key="k-1")
        second = caller.post("questions", WORDS, Idempotency_Key="k-1")
        assert (first.status_code, second.status_code) == (201, 201)
        assert second.json() == first.json()
        for name in ("Location", "ETag", "Content-Type"):
            assert second.headers[name] == first.headers[name]
        assert second.headers["Idempotency-Replayed"] == "true"
        assert "Idempotency-Replayed" not in first.headers
        assert Question.objects.count() == 1

    def test_another_key_is_another_call_whatever_it_says(self) -> None:
        caller = Caller(member())
        for key in ("k-1", "k-2", "k-3"):
            assert caller.post("questions", WORDS, Idempotency_Key=key).status_code == 201
        assert Question.objects.count() == 3

    def test_without_a_key_nothing_is_guessed(self) -> None:
        caller = Caller(member())
        first, second = (caller.post("questions", WORDS) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json()["id"] != second.json()["id"]
        assert "Idempotency-Replayed" not in second.headers

    def test_another_body_is_refused(self) -> None:
        caller = Caller(member())
        caller.post("questions", WORDS, Idempotency_Key="k-1")
        told = problem_of(caller.post("questions", WORDS | {"body": "Other words."}, Idempotency_Key="k-1"), 422)
        assert list(told["errors"]) == ["Idempotency-Key"]
        assert Question.objects.count() == 1

    def test_another_address_is_refused(self) -> None:
        caller, first, second = Caller(member()), question(), question()
        body = {"body": "The same words."}
        assert caller.post(f"questions/{first.pk}/answers", body, Idempotency_Key="k").status_code == 201
        problem_of(caller.post(f"questions/{second.pk}/answers", body, Idempotency_Key="k"), 422)
        assert Answer.objects.count() == 1

    def test_keys_are_each_members_own(self) -> None:
        for _ in range(2):
            assert Caller(member()).post("questions", WORDS, Idempotency_Key="k-1").status_code == 201
        assert Question.objects.count() == 2

    def test_a_refusal_is_not_kept(self) -> None:
        caller = Caller(member())
        problem_of(caller.post("questions", WORDS | {"title": "x"}, Idempotency_Key="k-1"), 422)
        problem_of(caller.post("questions", WORDS | {"topics": ["none"]}, Idempotency_Key="k-1"), 422)
        assert not IdempotencyKey.objects.exists()
        assert caller.post("questions", WORDS, Idempotency_Key="k-1").status_code == 201

    def test_what_a_refused_call_began_is_undone_with_its_key(self) -> None:
        asked, staff = question(), member(staff=True)
        question_lock(user=staff, question_id=asked.pk, locked=True)
        caller = Caller(member())
        problem_of(caller.post(f"questions/{asked.pk}/answers", {"body": "Words."}, Idempotency_Key="k"), 409)
        question_lock(user=staff, question_id=asked.pk, locked=False)
        response = caller.post(f"questions/{asked.pk}/answers", {"body": "Words."}, Idempotency_Key="k")
        assert response.status_code == 201

    def test_a_stale_change_repeated_under_its_key_is_not_stale(self) -> None:
        asked = question()
        caller = Caller(asked.author)
        for _ in range(2):
            response = caller.patch(
                f"questions/{asked.pk}", {"title": "Another title"}, If_Match='"1"', Idempotency_Key="k"
            )
            assert (response.status_code, response.json()["version"]) == (200, 2)

    def test_every_write_takes_a_key(self) -> None:
        given = answer()
        asker, other = Caller(given.question.author), Caller(member())
        calls = [
            (other, "PUT", f"answers/{given.pk}/vote", {"value": 1}, 200),
            (other, "POST", f"answers/{given.pk}/comments", {"body": "Thank you."}, 201),
            (asker, "POST", f"answers/{given.pk}/accept", None, 200),
            (asker, "DELETE", f"answers/{given.pk}/accept", None, 200),
            (Caller(given.author), "DELETE", f"answers/{given.pk}", None, 204),
        ]
        for number, (caller, method, path, body, status) in enumerate(calls):
            answers = [caller.call(method, path, body, Idempotency_Key=f"k-{number}") for _ in range(2)]
            assert [response.status_code for response in answers] == [status, status], path
            assert answers[0].content == answers[1].content
        assert Comment.objects.count() == 1

    @pytest.mark.parametrize("key", ["", " ", "x" * 256, "with space", "schlüssel"])
    def test_a_key_that_cannot_be_one_is_malformed(self, key: str) -> None:
        problem_of(Caller(member()).post("questions", WORDS, Idempotency_Key=key), 400)
        assert not Question.objects.exists()

    def test_after_a_day_the_key_is_free(self) -> None:
        caller = Caller(member())
        caller.post("questions", WORDS, Idempotency_Key="k-1")
        row = IdempotencyKey.objects.get()
        IdempotencyKey.objects.update(created_at=row.created_at - timedelta(hours=24, minutes=1))
        assert caller.post("questions", WORDS | {"body": "Other."}, Idempotency_Key="k-1").status_code == 201
        assert IdempotencyKey.objects.count() == 1
        assert Question.objects.count() == 2

    def test_a_key_on_a_read_means_nothing(self) -> None:
        caller = Caller(member())
        assert caller.get("questions", Idempotency_Key="k").status_code == 200
        assert not IdempotencyKey.objects.exists()


def at_once(user: Any, calls: list[tuple[str, str, dict[str, Any], dict[str, str]]]) -> list[Any]:
    """Sends the calls from as many threads, all starting together; returns (status, body) of each."""
    barrier, text = Barrier(len(calls)), token(user)

    def send(call: tuple[str, str, dict[str, Any], dict[str, str]]) -> tuple[int, Any]:
        method, path, body, headers = call
        caller = Caller(Authorization=f"Bearer {text}")
        barrier.wait(timeout=20)
        try:
            response = caller.call(method, path, body, **headers)
            return response.status_code, json.loads(response.content)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(send, calls))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Eight threads, real transactions."""

    def test_one_key_makes_one_question_and_all_hear_of_it(self) -> None:
        found = at_once(member(), [("POST", "questions", WORDS, {"Idempotency_Key": "k"})] * 8)
        assert {status for status, _told in found} == {201}
        assert Question.objects.count() == 1
        assert {told["id"] for _status, told in found} == {Question.objects.get().pk}

    def test_eight_keys_make_eight(self) -> None:
        asked = question()
        calls = [
            ("POST", f"questions/{asked.pk}/answers", {"body": f"Answer {n}."}, {"Idempotency_Key": f"k-{n}"})
            for n in range(8)
        ]
        found = at_once(member(), calls)
        assert {status for status, _told in found} == {201}
        asked.refresh_from_db()
        assert (Answer.objects.count(), asked.answers_count) == (8, 8)

    def test_of_two_bodies_under_one_key_one_wins(self) -> None:
        calls = [("POST", "questions", WORDS | {"body": f"Words {n % 2}."}, {"Idempotency_Key": "k"}) for n in range(8)]
        found = at_once(member(), calls)
        assert sorted(status for status, _told in found) == [201] * 4 + [422] * 4
        assert Question.objects.count() == 1

    def test_of_eight_changes_from_one_version_one_is_made(self) -> None:
        asked = question()
        calls = [
            ("PATCH", f"questions/{asked.pk}", {"title": f"Title number {n}"}, {"If_Match": '"1"'}) for n in range(8)
        ]
        found = at_once(asked.author, calls)
        assert sorted(status for status, _told in found) == [200] + [412] * 7
        asked.refresh_from_db()
        assert asked.version == 2

    def test_votes_of_one_member_at_once_are_one_vote(self) -> None:
        asked = question()
        found = at_once(member(), [("PUT", f"questions/{asked.pk}/vote", {"value": 1}, {})] * 8)
        assert {status for status, _told in found} == {200}
        asked.refresh_from_db()
        assert asked.score == 1
