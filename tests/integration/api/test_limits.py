"""Limits on what a caller may do, with a clear answer; and none where the operator lifted them."""

import pytest

from portal.core.limits import LIMITS
from portal.questions.models import Answer
from portal.questions.services.life import question_lock
from tests.factories.accounts import member
from tests.factories.questions import answer, question

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("limited")
class TestLimited:
    """With limits."""

    def test_answers_in_a_row_come_to_an_end_that_says_when_to_go_on(self) -> None:
        asked, caller = question(), Caller(member())
        most = LIMITS["answer"][0]
        for number in range(most):
            response = caller.post(f"questions/{asked.pk}/answers", {"body": f"Answer {number}."})
            assert response.status_code == 201
        response = caller.post(f"questions/{asked.pk}/answers", {"body": "One more."})
        problem_of(response, 429)
        assert 1 <= int(response.headers["Retry-After"]) <= LIMITS["answer"][1]
        asked.refresh_from_db()
        assert asked.answers_count == most

    def test_what_is_refused_says_why_before_and_beyond_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(LIMITS, "answer", (1, 60))
        asked, locked = question(), question()
        question_lock(user=member(staff=True), question_id=locked.pk, locked=True)
        caller = Caller(member())
        for _ in range(2):  # neither takes anything of the limit
            problem_of(caller.post(f"questions/{locked.pk}/answers", {"body": "Words."}), 409)
            problem_of(caller.post(f"questions/{asked.pk}/answers", {"body": " "}), 422)
        assert caller.post(f"questions/{asked.pk}/answers", {"body": "Words."}).status_code == 201
        problem_of(caller.post(f"questions/{locked.pk}/answers", {"body": "Words."}), 409)
        problem_of(caller.post(f"questions/{asked.pk}/answers", {"body": " "}), 422)
        problem_of(caller.post(f"questions/{asked.pk}/answers", {"body": "More words."}), 429)
        assert [each.body for each in Answer.objects.all()] == ["Words."]

    def test_another_member_is_counted_apart(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(LIMITS, "vote", (1, 60))
        asked = question()
        first, second = Caller(member()), Caller(member())
        assert first.put(f"questions/{asked.pk}/vote", {"value": 1}).status_code == 200
        problem_of(first.put(f"questions/{asked.pk}/vote", {"value": 0}), 429)
        assert second.put(f"questions/{asked.pk}/vote", {"value": 1}).status_code == 200

    def test_all_writes_together_have_a_limit_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(LIMITS, "api-write", (3, 60))
        given = answer()
        caller = Caller(member())
        assert caller.put(f"answers/{given.pk}/vote", {"value": 1}).status_code == 200
        assert caller.put(f"questions/{given.question_id}/vote", {"value": 1}).status_code == 200
        assert caller.post(f"answers/{given.pk}/comments", {"body": "Thank you."}).status_code == 201
        problem_of(caller.post(f"questions/{given.question_id}/answers", {"body": "Words."}), 429)

    def test_a_call_over_the_limit_leaves_its_key_free(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked, caller = question(), Caller(member())
        where, body = f"questions/{asked.pk}/comments", {"body": "Which one?"}
        monkeypatch.setitem(LIMITS, "comment", (1, 60))
        assert caller.post(where, {"body": "First."}).status_code == 201
        problem_of(caller.post(where, body, Idempotency_Key="k"), 429)
        monkeypatch.setitem(LIMITS, "comment", (9, 60))
        assert caller.post(where, body, Idempotency_Key="k").status_code == 201

    def test_an_answer_given_again_costs_only_a_write(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(LIMITS, "comment", (1, 60))
        asked, caller = question(), Caller(member())
        for _ in range(3):
            response = caller.post(f"questions/{asked.pk}/comments", {"body": "Which one?"}, Idempotency_Key="k")
            assert response.status_code == 201

    def test_reading_lists_is_not_limited(self, stranger: Caller) -> None:
        question()
        for _ in range(150):
            assert stranger.get("questions?limit=1").status_code == 200


def test_without_limits_there_are_none() -> None:
    asked, caller = question(), Caller(member())
    for number in range(LIMITS["answer"][0] + 3):
        assert caller.post(f"questions/{asked.pk}/answers", {"body": f"Answer {number}."}).status_code == 201
