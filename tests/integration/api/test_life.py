"""A question's life over the API: its moves, and what is decided about it."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from portal.questions.models import Question, QuestionMove, ReopenVote
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db

WRITES = [
    ("POST", "close", {"why": "other"}),
    ("POST", "reopen", {}),
    ("POST", "reopen/vote", None),
    ("DELETE", "reopen/vote", None),
    ("POST", "archive", {}),
    ("POST", "lock", {}),
    ("DELETE", "lock", None),
    ("POST", "ask-details", {"words": "Which model?"}),
    ("POST", "moves/1/undo", None),
]


def closed(why: str = "resolved_elsewhere") -> Question:
    asked = question()
    question_settle(user=member(staff=True), question_id=asked.pk, status="closed", why=why)
    return asked


def status(asked: Question) -> str:
    return str(Question.objects.get(pk=asked.pk).status)


class TestOutsiders:
    @pytest.mark.parametrize(("method", "call", "body"), WRITES)
    def test_a_stranger_is_asked_for_a_token(self, stranger: Caller, method: str, call: str, body: object) -> None:
        asked = closed()
        moves = QuestionMove.objects.count()
        problem_of(stranger.call(method, f"questions/{asked.pk}/{call}", body), 401)
        assert (QuestionMove.objects.count(), status(asked)) == (moves, "closed")

    @pytest.mark.parametrize(("method", "call", "body"), [each for each in WRITES if "vote" not in each[1]])
    def test_an_unrelated_member_may_not(self, method: str, call: str, body: object) -> None:
        asked = closed()
        moves = QuestionMove.objects.count()
        problem_of(Caller(member()).call(method, f"questions/{asked.pk}/{call}", body), 403)
        assert (QuestionMove.objects.count(), status(asked)) == (moves, "closed")

    @pytest.mark.parametrize(
        ("method", "call", "body"), [*WRITES, ("GET", "moves", None), ("GET", "reopen/vote", None)]
    )
    def test_a_deleted_question_is_not_there(self, method: str, call: str, body: object) -> None:
        asked = closed()
        question_delete(user=member(staff=True), question_id=asked.pk)
        problem_of(Caller(member(staff=True)).call(method, f"questions/{asked.pk}/{call}", body), 404)

    def test_an_unrelated_member_accepts_nothing(self) -> None:
        given = answer()
        problem_of(Caller(member()).call("POST", f"answers/{given.pk}/accept"), 403)
        problem_of(Caller(given.author).call("POST", f"answers/{given.pk}/accept"), 403)

    def test_ones_own_answer_waits_for_a_day(self) -> None:
        asked = question()
        own = answer(asked, asked.author)
        told = problem_of(Caller(asked.author).call("POST", f"answers/{own.pk}/accept"), 409)
        assert "a day after asking" in told["detail"]


class TestMoves:
    def test_everybody_reads_them_the_earliest_first(self, stranger: Caller) -> None:
        asker, staff = member("asker"), member("boss", staff=True)
        asked = question(asker)
        given = accept(answer(asked))
        question_settle(user=staff, question_id=asked.pk, status="closed", why="off_topic", reason="Ask the shop.")
        told = stranger.get(f"questions/{asked.pk}/moves").json()
        assert told["next"] is None
        assert [(move["act"], move["from"], move["to"]) for move in told["results"]] == [
            ("answer", "open", "answered"),
            ("accept", "answered", "accepted"),
            ("close", "accepted", "closed"),
        ]
        last = told["results"][-1]
        assert last.keys() == {
            "id", "act", "from", "to", "by", "role", "why", "words", "answer_id", "other_id", "votes", "at"
        }  # fmt: skip
        assert (last["by"]["username"], last["role"], last["why"], last["words"]) == (
            "boss", "staff", "off_topic", "Ask the shop."
        )  # fmt: skip
        assert last["at"].endswith("Z")
        assert told["results"][1]["answer_id"] == given.pk

    def test_they_come_in_pages(self, stranger: Caller) -> None:
        asked, staff = question(), member(staff=True)
        for number in range(5):
            question_lock(user=staff, question_id=asked.pk, locked=number % 2 == 0)
        first = stranger.get(f"questions/{asked.pk}/moves?limit=3").json()
        assert len(first["results"]) == 3
        second = stranger.get(first["next"].split("/api/v1/")[1]).json()
        assert [move["act"] for move in second["results"]] == ["unlock", "lock"]

    def test_an_anonymous_asker_stays_so(self, stranger: Caller) -> None:
        asker = member("hidden-one")
        asked = question(asker)
        Question.objects.update(anonymous=True)
        accept(answer(asked))
        for caller in (stranger, Caller(asker), Caller(member(staff=True))):
            told = caller.get(f"questions/{asked.pk}/moves")
            assert "hidden-one" not in told.content.decode()
            assert [move["role"] for move in told.json()["results"]] == ["member", "asker"]

    def test_a_deleted_answer_is_not_named(self, stranger: Caller) -> None:
        from portal.questions.services.answers import answer_delete

        given = answer()
        answer_delete(user=given.author, answer_id=given.pk)
        told = stranger.get(f"questions/{given.question_id}/moves").json()["results"]
        assert [move["answer_id"] for move in told] == [None, None]


class TestDeciding:
    def test_staff_close_with_a_reason(self) -> None:
        asked = question()
        told = Caller(member(staff=True)).call(
            "POST", f"questions/{asked.pk}/close", {"why": "off_topic", "words": "Ask the shop."}
        )
        assert told.status_code == 200
        body = told.json()
        assert (body["status"], body["closed_why"], body["closed_words"]) == ("closed", "off_topic", "Ask the shop.")

    def test_a_repeat_names_the_earlier_one(self) -> None:
        asked, earlier, staff = question(), question(), Caller(member(staff=True))
        problem_of(staff.call("POST", f"questions/{asked.pk}/close", {"status": "duplicate"}), 422)
        told = staff.call("POST", f"questions/{asked.pk}/close", {"status": "duplicate", "duplicate_of": earlier.pk})
        assert told.json()["status"] == "duplicate"
        assert Question.objects.get(pk=asked.pk).duplicate_of == earlier

    @pytest.mark.parametrize(
        "body", [{"status": "open"}, {"status": "archived"}, {"why": "vote"}, {"why": "dull"}, {"words": 7}]
    )
    def test_nonsense_is_refused_by_field(self, body: dict[str, object]) -> None:
        asked = question()
        told = problem_of(Caller(member(staff=True)).call("POST", f"questions/{asked.pk}/close", body), 422)
        assert list(told["errors"]) == list(body)
        assert status(asked) == "open"

    def test_who_asked_closes_and_opens_her_own(self) -> None:
        asked = question()
        own = Caller(asked.author)
        problem_of(own.call("POST", f"questions/{asked.pk}/close", {}), 403)
        assert own.call("POST", f"questions/{asked.pk}/close", {"why": "resolved_elsewhere"}).status_code == 200
        assert own.call("POST", f"questions/{asked.pk}/reopen", {}).json()["status"] == "open"

    def test_the_archive_and_back(self) -> None:
        given, staff = answer(), Caller(member(staff=True))
        asked = given.question
        assert staff.call("POST", f"questions/{asked.pk}/archive", {"words": "Old."}).json()["status"] == "archived"
        for caller in (staff, Caller(asked.author)):
            told = problem_of(caller.call("POST", f"questions/{asked.pk}/answers", {"body": "One more."}), 409)
            assert "archived" in told["detail"]
        assert staff.call("POST", f"questions/{asked.pk}/reopen", {}).json()["status"] == "answered"

    def test_a_lock_refuses_members_with_its_reason_in_their_language(self) -> None:
        given, staff = answer(), Caller(member(staff=True))
        asked, other = given.question, Caller(member())
        assert staff.call("POST", f"questions/{asked.pk}/lock", {"words": "Heated."}).json()["locked"] is True
        asker = Caller(asked.author)
        for refused in (
            other.call("POST", f"questions/{asked.pk}/answers", {"body": "More."}),
            other.call("POST", f"questions/{asked.pk}/comments", {"body": "Hm."}),
            other.call("PUT", f"answers/{given.pk}/vote", {"value": 1}),
            asker.call("PATCH", f"questions/{asked.pk}", {"title": "Another title"}, If_Match='"1"'),
            asker.call("POST", f"answers/{given.pk}/accept"),
        ):
            assert problem_of(refused, 409)["code"] == "state-forbids"
        for language in ("en", "ru", "ja", "ar"):
            again = other.call("POST", f"questions/{asked.pk}/answers", {"body": "More."}, Accept_Language=language)
            with translation.override(language):
                assert problem_of(again, 409)["detail"] == gettext("This question is locked by the staff.")
        assert staff.call("DELETE", f"questions/{asked.pk}/lock").json()["locked"] is False

    def test_details_need_words(self) -> None:
        asked, staff = question(), Caller(member(staff=True))
        problem_of(staff.call("POST", f"questions/{asked.pk}/ask-details", {}), 422)
        problem_of(staff.call("POST", f"questions/{asked.pk}/ask-details", {"words": ""}), 422)
        told = staff.call("POST", f"questions/{asked.pk}/ask-details", {"words": "Which model?"})
        assert told.json()["status"] == "needs_details"
        assert QuestionMove.objects.get().words == "Which model?"

    def test_a_decision_is_taken_back_once(self) -> None:
        asked = closed()
        move, staff = QuestionMove.objects.get(), Caller(member(staff=True))
        assert staff.call("POST", f"questions/{asked.pk}/moves/{move.pk}/undo").json()["status"] == "open"
        problem_of(staff.call("POST", f"questions/{asked.pk}/moves/{move.pk}/undo"), 409)
        problem_of(staff.call("POST", f"questions/{asked.pk}/moves/{10**12}/undo"), 404)


class TestVotes:
    def test_three_open_it(self) -> None:
        asked = closed()
        for number in (1, 2, 3):
            told = Caller(member()).call("POST", f"questions/{asked.pk}/reopen/vote")
            expected = {"votes": number, "mine": True} if number < 3 else {"votes": 0, "mine": False}
            state = "closed" if number < 3 else "open"
            assert told.json() == {**expected, "needed": 3, "days": 14, "status": state}

    def test_repeating_and_taking_back(self) -> None:
        asked, caller = closed(), Caller(member())
        for _ in range(2):
            assert caller.call("POST", f"questions/{asked.pk}/reopen/vote").json()["votes"] == 1
        assert caller.get(f"questions/{asked.pk}/reopen/vote").json()["mine"] is True
        assert caller.call("DELETE", f"questions/{asked.pk}/reopen/vote").json()["votes"] == 0
        assert not ReopenVote.objects.exists()

    def test_what_is_open_has_no_vote(self) -> None:
        caller, asked = Caller(member()), question()
        problem_of(caller.get(f"questions/{asked.pk}/reopen/vote"), 409)
        problem_of(caller.call("POST", f"questions/{asked.pk}/reopen/vote"), 409)


class TestOfficial:
    def test_a_question_tells_it_and_a_list_finds_it(self, stranger: Caller) -> None:
        plain, marked = answer().question, question()
        answer(marked, member(staff=True), official=True)
        assert stranger.get(f"questions/{marked.pk}").json()["official"] is True
        found = {value: stranger.get(f"questions?official={value}").json()["results"] for value in ("true", "false")}
        assert [row["id"] for row in found["true"]] == [marked.pk]
        assert [row["id"] for row in found["false"]] == [plain.pk]
        assert len(stranger.get("questions").json()["results"]) == 2
