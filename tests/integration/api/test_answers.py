"""Answers over the API, and which one helped."""

import pytest

from portal.questions.models import Answer, Question
from portal.questions.services.answers import answer_delete
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db

FIELDS = {
    "id", "question_id", "url", "body", "body_html", "language", "author", "score", "accepted", "official",
    "created_at", "updated_at", "version",
}  # fmt: skip


class TestStranger:
    """Without a token answers can be read and nothing done to them."""

    def test_reads_one_and_the_list(self, stranger: Caller) -> None:
        given = answer()
        one = stranger.get(f"answers/{given.pk}")
        assert one.headers["ETag"] == '"1"'
        assert one.json().keys() >= FIELDS
        listed = stranger.get(f"questions/{given.question_id}/answers").json()
        assert listed == {"results": [one.json()], "next": None}

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "questions/{question}/answers"),
            ("PATCH", "answers/{answer}"),
            ("DELETE", "answers/{answer}"),
            ("POST", "answers/{answer}/accept"),
            ("DELETE", "answers/{answer}/accept"),
            ("PUT", "answers/{answer}/vote"),
            ("PUT", "questions/{question}/vote"),
            ("POST", "answers/{answer}/comments"),
            ("POST", "questions/{question}/comments"),
        ],
    )
    def test_is_asked_for_a_token_before_anything_else(self, stranger: Caller, method: str, path: str) -> None:
        given = answer()
        where = path.format(question=given.question_id, answer=given.pk)
        for body in ({}, {"body": "words", "value": 1}, b"{broken"):
            response = stranger.call(method, where, body, If_Match='"1"')
            problem_of(response, 401)
            assert "WWW-Authenticate" in response.headers
        given.refresh_from_db()
        assert (given.deleted_at, given.version, given.score) == (None, 1, 0)

    def test_finds_no_deleted_answer(self, stranger: Caller) -> None:
        given = answer()
        answer_delete(user=given.author, answer_id=given.pk)
        problem_of(stranger.get(f"answers/{given.pk}"), 404)
        assert stranger.get(f"questions/{given.question_id}/answers").json()["results"] == []

    def test_finds_no_answer_of_a_deleted_question(self, stranger: Caller) -> None:
        given = answer()
        question_delete(user=member(staff=True), question_id=given.question_id)
        problem_of(stranger.get(f"answers/{given.pk}"), 404)
        problem_of(stranger.get(f"questions/{given.question_id}/answers"), 404)

    def test_unknown_numbers_are_404(self, stranger: Caller) -> None:
        problem_of(stranger.get("answers/987654"), 404)
        problem_of(stranger.get("questions/987654/answers"), 404)


class TestAnswering:
    """POST /questions/{id}/answers."""

    def test_gives_an_answer(self) -> None:
        asked, bo = question(language="ru"), member("bo")
        response = Caller(bo).post(f"questions/{asked.pk}/answers", {"body": "Откройте `крышку`."})
        assert response.status_code == 201
        told = response.json()
        assert told["question_id"] == asked.pk
        assert told["language"] == "ru"
        assert told["author"]["username"] == "bo"
        assert (told["accepted"], told["official"]) == (False, False)
        assert "<code>крышку</code>" in told["body_html"]
        assert told["url"].endswith(f"#answer-{told['id']}")
        assert response.headers["Location"].endswith(f"/api/v1/answers/{told['id']}")
        asked.refresh_from_db()
        assert (asked.answers_count, asked.status) == (1, "answered")

    def test_in_a_language_of_its_own(self) -> None:
        told = Caller(member()).post(f"questions/{question().pk}/answers", {"body": "ふたを開ける。", "language": "ja"})
        assert told.json()["language"] == "ja"

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "body"),
            ({"body": ""}, "body"),
            ({"body": None}, "body"),
            ({"body": "words", "language": "xx"}, "language"),
            ({"body": "words", "official": "perhaps"}, "official"),
        ],
    )
    def test_bad_fields_are_named(self, body: dict[str, object], field: str) -> None:
        told = problem_of(Caller(member()).post(f"questions/{question().pk}/answers", body), 422)
        assert list(told["errors"]) == [field]
        assert not Answer.objects.exists()

    def test_official_answers_are_for_staff(self) -> None:
        asked = question()
        words = {"body": "It is covered by the warranty.", "official": True}
        problem_of(Caller(member()).post(f"questions/{asked.pk}/answers", words), 403)
        assert Caller(member(staff=True)).post(f"questions/{asked.pk}/answers", words).json()["official"] is True

    @pytest.mark.parametrize("status", ["closed", "duplicate", "archived"])
    def test_a_settled_question_takes_none(self, status: str) -> None:
        asked, staff = question(), member(staff=True)
        other = question()
        question_settle(user=staff, question_id=asked.pk, status=status, duplicate_of=other.pk)
        problem_of(Caller(member()).post(f"questions/{asked.pk}/answers", {"body": "Too late."}), 409)

    def test_a_locked_question_takes_none(self) -> None:
        asked = question()
        question_lock(user=member(staff=True), question_id=asked.pk, locked=True)
        problem_of(Caller(member()).post(f"questions/{asked.pk}/answers", {"body": "Too late."}), 409)

    def test_a_question_that_is_not_there_is_404(self) -> None:
        problem_of(Caller(member()).post("questions/987654/answers", {"body": "Anybody?"}), 404)


class TestChanging:
    """PATCH and DELETE /answers/{id}."""

    def test_by_its_author(self) -> None:
        given = answer()
        response = Caller(given.author).patch(f"answers/{given.pk}", {"body": "Better words."}, If_Match='"1"')
        assert response.status_code == 200
        assert response.headers["ETag"] == '"2"'
        assert (response.json()["body"], response.json()["version"]) == ("Better words.", 2)

    def test_not_by_the_asker(self) -> None:
        given = answer()
        asker = Caller(given.question.author)
        problem_of(asker.patch(f"answers/{given.pk}", {"body": "Better words."}, If_Match='"1"'), 403)
        problem_of(asker.delete(f"answers/{given.pk}"), 403)

    def test_without_if_match_or_stale_nothing_changes(self) -> None:
        given = answer()
        caller = Caller(given.author)
        problem_of(caller.patch(f"answers/{given.pk}", {"body": "Better words."}), 428)
        problem_of(caller.patch(f"answers/{given.pk}", {"body": "Better words."}, If_Match=""), 428)
        problem_of(caller.patch(f"answers/{given.pk}", {"body": "Better words."}, If_Match='"4"'), 412)
        given.refresh_from_db()
        assert (given.version, given.body) == (1, "Open the rear cover and take the torn sheet out.")

    def test_bad_fields_are_named(self) -> None:
        given = answer()
        told = problem_of(Caller(given.author).patch(f"answers/{given.pk}", {"body": " "}, If_Match='"1"'), 422)
        assert list(told["errors"]) == ["body"]

    def test_deleting_takes_the_acceptance_along(self, stranger: Caller) -> None:
        given = accept(answer())
        assert Caller(given.author).delete(f"answers/{given.pk}").status_code == 204
        told = stranger.get(f"questions/{given.question_id}").json()
        assert (told["accepted_answer_id"], told["answers_count"], told["status"]) == (None, 0, "open")


class TestAccepting:
    """POST and DELETE /answers/{id}/accept."""

    def test_the_asker_accepts_and_takes_it_back(self, stranger: Caller) -> None:
        given = answer()
        asker = Caller(given.question.author)
        response = asker.post(f"answers/{given.pk}/accept")
        assert response.status_code == 200
        assert response.json()["accepted"] is True
        told = stranger.get(f"questions/{given.question_id}").json()
        assert (told["accepted_answer_id"], told["status"]) == (given.pk, "accepted")
        assert asker.delete(f"answers/{given.pk}/accept").json()["accepted"] is False
        told = stranger.get(f"questions/{given.question_id}").json()
        assert (told["accepted_answer_id"], told["status"]) == (None, "answered")

    def test_repeating_it_changes_nothing(self) -> None:
        given = answer()
        asker = Caller(given.question.author)
        first, second = (asker.post(f"answers/{given.pk}/accept").json() for _ in range(2))
        assert first == second

    def test_another_answer_takes_its_place(self) -> None:
        first = accept(answer())
        second = answer(first.question)
        Caller(first.question.author).post(f"answers/{second.pk}/accept")
        assert Question.objects.get().accepted_answer_id == second.pk
        first.refresh_from_db()
        assert first.accepted_at is None

    def test_taking_back_what_is_not_accepted_changes_nothing(self) -> None:
        first = accept(answer())
        second = answer(first.question)
        told = Caller(first.question.author).delete(f"answers/{second.pk}/accept").json()
        assert told["accepted"] is False
        assert Question.objects.get().accepted_answer_id == first.pk

    def test_others_may_not_but_staff_may(self) -> None:
        given = answer()
        for other in (given.author, member()):
            problem_of(Caller(other).post(f"answers/{given.pk}/accept"), 403)
            problem_of(Caller(other).delete(f"answers/{given.pk}/accept"), 403)
        assert Caller(member(staff=True)).post(f"answers/{given.pk}/accept").json()["accepted"] is True

    def test_a_deleted_answer_cannot_be_accepted(self) -> None:
        given = answer()
        answer_delete(user=given.author, answer_id=given.pk)
        problem_of(Caller(given.question.author).post(f"answers/{given.pk}/accept"), 404)


class TestVoting:
    """PUT …/vote."""

    @pytest.mark.parametrize("kind", ["questions", "answers"])
    def test_one_vote_each_whatever_is_repeated(self, kind: str, stranger: Caller) -> None:
        given = answer()
        where = f"{kind}/{given.question_id if kind == 'questions' else given.pk}"
        first, second = Caller(member()), Caller(member())
        assert first.put(f"{where}/vote", {"value": 1}).json() == {"value": 1, "score": 1}
        assert first.put(f"{where}/vote", {"value": 1}).json() == {"value": 1, "score": 1}
        assert second.put(f"{where}/vote", {"value": 1}).json() == {"value": 1, "score": 2}
        assert first.put(f"{where}/vote", {"value": -1}).json() == {"value": -1, "score": 0}
        assert first.put(f"{where}/vote", {"value": 0}).json() == {"value": 0, "score": 1}
        assert first.put(f"{where}/vote", {"value": 0}).json() == {"value": 0, "score": 1}
        assert stranger.get(where).json()["score"] == 1

    @pytest.mark.parametrize("kind", ["questions", "answers"])
    def test_not_for_ones_own(self, kind: str) -> None:
        given = answer()
        author, pk = (given.question.author, given.question_id) if kind == "questions" else (given.author, given.pk)
        for value in (1, -1, 0):
            problem_of(Caller(author).put(f"{kind}/{pk}/vote", {"value": value}), 409)

    @pytest.mark.parametrize("value", [2, -2, 10**30, "1", "up", None, True, 1.0, [1], {}])
    def test_only_these_three_values(self, value: object) -> None:
        asked = question()
        told = problem_of(Caller(member()).put(f"questions/{asked.pk}/vote", {"value": value}), 422)
        assert list(told["errors"]) == ["value"]
        asked.refresh_from_db()
        assert asked.score == 0

    def test_what_is_not_there_takes_none(self) -> None:
        problem_of(Caller(member()).put("questions/987654/vote", {"value": 1}), 404)
        problem_of(Caller(member()).put("answers/987654/vote", {"value": 1}), 404)
