"""Suggesting, deciding and rolling back over the API, by everybody in every state, and every refusal."""

from typing import Any

import pytest

from portal.questions.models import Answer, Revision, Suggestion
from portal.questions.services.answers import answer_delete, answer_edit
from portal.questions.services.merging import merge_undo
from portal.questions.services.suggestions import A_DAY
from tests.factories.accounts import member
from tests.factories.questions import answer, question, topic
from tests.integration.questions.reviewing import PEOPLE, STATES, Case
from tests.integration.questions.suggesting import REASON, expert, suggested

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db

OPEN = {
    "suggest": (401, 201, 409, 201, 409),
    "read": (401, 404, 200, 200, 200),
    "accept": (401, 404, 200, 200, 200),
    "restore": (401, 403, 200, 403, 200),
}
LOCKED = {
    "suggest": (401, 409, 409, 409, 409),
    "read": (401, 404, 200, 200, 200),
    "accept": (401, 404, 409, 409, 200),
    "restore": (401, 403, 409, 403, 200),
}
ARCHIVED = LOCKED | {"accept": (401, 404, 409, 409, 409), "restore": (401, 403, 409, 403, 409)}
DELETED = dict.fromkeys(OPEN, (401, 404, 404, 404, 404))
# The words of a joined question are gone: reading leads on, writing is told where to begin again.
MERGED = DELETED | dict.fromkeys(("suggest", "restore"), (401, 409, 409, 409, 409))
TABLE = {
    ("question", "merged"): MERGED,
    **{
        (kind, state): statuses
        for kind in ("question", "answer")
        for state, statuses in zip(STATES[:5], (OPEN, OPEN, LOCKED, ARCHIVED, DELETED), strict=True)
    },
    ("answer", "merged"): OPEN,
}


@pytest.mark.parametrize(("kind", "state"), sorted(TABLE))
def test_who_may_what_in_every_state(kind: str, state: str) -> None:
    case = Case(kind, state)
    root = f"{kind}s/{case.post.pk}"
    callers = {name: Caller(who) for name, who in case.people.items()}
    words = {"body": case.post.body.replace("Line 11 ", "Row 11 "), "reason": REASON}
    numbers = {"author": 1, "staff": 2}
    deeds = {
        "suggest": lambda name: callers[name].post(f"{root}/suggestions", words, If_Match="*"),
        "read": lambda name: callers[name].get(f"suggestions/{case.made[name].pk}"),
        "accept": lambda name: callers[name].post(f"suggestions/{case.made[name].pk}/accept"),
        "restore": lambda name: callers[name].post(
            f"{root}/revisions/{numbers.get(name, 1)}/restore", If_Match="*"
        ),
    }  # fmt: skip
    for deed, act in deeds.items():
        for name, status in zip(PEOPLE, TABLE[kind, state][deed], strict=True):
            before = case.rows()
            reply = act(name)
            assert reply.status_code == status, (deed, name, reply.content[:300])
            if status >= 400:
                told = problem_of(reply, status)
                assert case.rows() == before, (deed, name)
                unbound = (deed, name, state) == ("suggest", "staff", "locked")  # who may edit there
                if state in ("locked", "archived") and status == 409 and not unbound:
                    assert state in told["detail"], (deed, name, told["detail"])


class TestMoved:
    def test_where_the_words_went_is_told(self, caller: type[Caller]) -> None:
        case = Case("question", "merged")
        assert case.target is not None
        reply = caller(member()).post(
            f"questions/{case.asked.pk}/suggestions", {"body": "Other.", "reason": REASON}, If_Match="*"
        )
        told = problem_of(reply, 409)
        assert told["code"] == "moved"
        assert str(case.target.pk) in reply.content.decode()

    def test_parted_again_what_waited_waits_again(self, caller: type[Caller]) -> None:
        case = Case("question", "merged")
        made = case.made["author"]
        mine = caller(case.people["author"])
        problem_of(mine.get(f"suggestions/{made.pk}"), 404)
        merge_undo(user=case.people["staff"], merge_id=case.asked.merges.get().pk)
        assert mine.get(f"suggestions/{made.pk}").json()["status"] == "pending"
        assert mine.post(f"suggestions/{made.pk}/accept").json()["status"] == "accepted"

    def test_an_answers_edit_goes_along_with_it_and_back(self, caller: type[Caller]) -> None:
        case = Case("answer", "merged")
        assert case.target is not None
        staff = caller(case.people["staff"])
        told = staff.get(f"suggestions/{case.made['staff'].pk}").json()
        assert (told["question_id"], told["answer_id"]) == (case.target.pk, case.post.pk)
        assert len(staff.get(f"answers/{case.post.pk}/revisions").json()["results"]) == 2
        merge_undo(user=case.people["staff"], merge_id=case.asked.merges.get().pk)
        assert staff.get(f"suggestions/{case.made['staff'].pk}").json()["question_id"] == case.asked.pk


@pytest.fixture
def given() -> Answer:
    topic("Battery")
    return answer(question(topics=("battery",)), member("helper"), body="Then wait ten minutes.")


CALLS = [
    ("POST", "answers/{answer}/suggestions"),
    ("POST", "questions/{question}/suggestions"),
    ("POST", "suggestions/{made}/accept"),
    ("POST", "suggestions/{made}/reject"),
    ("DELETE", "suggestions/{made}"),
    ("POST", "answers/{answer}/revisions/1/restore"),
    ("GET", "suggestions"),
    ("GET", "suggestions/{made}"),
    ("GET", "answers/{answer}/suggestions"),
    ("GET", "questions/{question}/suggestions"),
]


class TestRefusals:
    def test_a_token_that_is_none_opens_nothing(self, given: Answer) -> None:
        made = suggested(given)
        places = {"answer": given.pk, "question": given.question_id, "made": made.pk}
        for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic aGVscGVyOng="}):
            for method, path in CALLS:
                reply = Caller(None, **headers).call(method, path.format(**places), {"words": REASON}, If_Match="*")
                assert problem_of(reply, 401)["code"] == "sign-in-needed", (method, path)
        made.refresh_from_db()
        assert made.waits

    @pytest.mark.parametrize("sent", ["{", "[]", '"text"', '{"body": 5, "reason": "Five words here."}', b"\xff\xfe"])
    def test_a_body_that_cannot_be_read_is_refused(self, given: Answer, caller: type[Caller], sent: Any) -> None:
        mine, made = caller(member()), suggested(given)
        helper = caller(given.author)
        for who, path in ((mine, f"answers/{given.pk}/suggestions"), (helper, f"suggestions/{made.pk}/reject")):
            reply = who.call("POST", path, sent, If_Match='"1"')
            assert reply.status_code in (400, 422)
            problem_of(reply, reply.status_code)
        assert Suggestion.objects.get().waits

    @pytest.mark.parametrize(
        ("number", "status"), [("0", 422), ("-1", 404), ("x", 404), ("9" * 30, 422), ("99999", 404)]
    )
    def test_numbers_that_name_nothing(self, given: Answer, caller: type[Caller], number: str, status: int) -> None:
        mine = caller(given.author)
        for method, path in (
            ("GET", f"answers/{given.pk}/revisions/{number}"),
            ("POST", f"answers/{given.pk}/revisions/{number}/restore"),
            ("GET", f"suggestions/{number}"),
            ("POST", f"suggestions/{number}/accept"),
            ("DELETE", f"suggestions/{number}"),
            ("GET", f"questions/{number}/revisions"),
        ):
            reply = mine.call(method, path, If_Match='"1"')
            assert reply.status_code in (status, 404), (method, path, reply.status_code)
            problem_of(reply, reply.status_code)

    def test_which_version_it_began_from_must_be_said_and_be_the_newest(
        self, given: Answer, caller: type[Caller]
    ) -> None:
        answer_edit(user=given.author, answer_id=given.pk, version=1, body="Then wait nine minutes.")
        mine, helper = caller(member()), caller(given.author)
        words = {"body": "Then wait one minute.", "reason": REASON}
        calls = [
            (mine, f"answers/{given.pk}/suggestions", words),
            (helper, f"answers/{given.pk}/revisions/1/restore", None),
        ]
        for who, path, body in calls:
            problem_of(who.post(path, body), 428)
            problem_of(who.post(path, body, If_Match="  "), 428)
            for stale in ('"1"', "1", 'W/"3"', '"nonsense"', '"2x"'):
                assert problem_of(who.post(path, body, If_Match=stale), 412)["code"] == "stale", (path, stale)
        assert mine.post(*calls[0][1:], If_Match='W/"2"').status_code == 201
        assert helper.post(calls[1][1], If_Match='"9", "2"').status_code == 200

    def test_who_improves_names_the_version_and_one_who_may_not_is_told_nothing(
        self, given: Answer, caller: type[Caller]
    ) -> None:
        made = suggested(given)
        improved = {"body": "Then wait five minutes."}
        path = f"suggestions/{made.pk}/accept"
        problem_of(caller(member()).post(path, improved), 404)
        problem_of(caller(given.author).post(path, improved), 428)
        assert problem_of(caller(made.author).post(path, improved, If_Match='"1"'), 403)["code"] == "not-allowed"
        assert problem_of(caller(given.author).post(path, {"body": " "}, If_Match='"1"'), 422)["errors"].keys() == {
            "body"
        }
        problem_of(caller(given.author).post(path, {"body": given.body}, If_Match='"1"'), 409)
        made.refresh_from_db()
        assert made.waits

    def test_words_of_a_decision_have_bounds(self, given: Answer, caller: type[Caller]) -> None:
        made = suggested(given)
        path = f"suggestions/{made.pk}/reject"
        for words in ({}, {"words": None}, {"words": "no"}, {"words": "x" * 301}, {"words": "nul \x00 here"}):
            problem_of(caller(given.author).post(path, words), 422)
        assert caller(given.author).post(path, {"words": "x" * 300}).json()["decision"] == "x" * 300

    def test_topics_that_do_not_exist_or_are_too_many(self, given: Answer, caller: type[Caller]) -> None:
        for number in range(6):
            topic(f"Part {number}")
        path = f"questions/{given.question_id}/suggestions"
        for topics in (["no-such-topic"], [f"part-{number}" for number in range(6)]):
            told = problem_of(caller(member()).post(path, {"topics": topics, "reason": REASON}, If_Match="*"), 422)
            assert told["errors"].keys() == {"topics"}
        assert not Suggestion.objects.exists()

    def test_lists_take_only_what_they_know(self, given: Answer, caller: type[Caller]) -> None:
        suggested(given)
        mine = caller(given.author)
        for query in ("role=everybody", "status=open", "limit=x", "cursor=nonsense"):
            reply = mine.get(f"suggestions?{query}")
            assert reply.status_code in (400, 422), query
            problem_of(reply, reply.status_code)

    def test_gone_with_its_answer_it_is_not_found_by_anyone(self, given: Answer, caller: type[Caller]) -> None:
        made, staff = suggested(given), member(staff=True)
        answer_delete(user=given.author, answer_id=given.pk)
        for who in (given.author, made.author, staff):
            problem_of(caller(who).get(f"suggestions/{made.pk}"), 404)
            problem_of(caller(who).get(f"answers/{given.pk}/suggestions"), 404)
            assert caller(who).get("suggestions").json()["results"] == []
        problem_of(caller(made.author).delete(f"suggestions/{made.pk}"), 404)


class TestLimits:
    def test_the_twenty_first_of_a_day_waits_and_says_how_long(
        self, given: Answer, limited: None, caller: type[Caller]
    ) -> None:
        who = member()
        Suggestion.objects.bulk_create(
            Suggestion(
                question=given.question, answer=given, author=who, version=1, base_body="a", body="b", reason=REASON,
                status="withdrawn",
            )
            for _ in range(A_DAY)
        )  # fmt: skip
        words = {"body": "Then wait one minute.", "reason": REASON}
        reply = caller(who).post(f"answers/{given.pk}/suggestions", words, If_Match="*")
        problem_of(reply, 429)
        assert 80_000 < int(reply.headers["Retry-After"]) <= 86_401
        assert caller(member()).post(f"answers/{given.pk}/suggestions", words, If_Match="*").status_code == 201

    def test_sent_twice_with_one_key_it_is_made_and_accepted_once(self, given: Answer, caller: type[Caller]) -> None:
        mine, helper = caller(member()), caller(given.author)
        words = {"body": "Then wait one minute.", "reason": REASON}
        sent = {"If_Match": '"1"', "Idempotency_Key": "the-same"}
        first, second = (mine.post(f"answers/{given.pk}/suggestions", words, **sent) for _ in range(2))
        assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
        assert second.headers["Idempotency-Replayed"] == "true"
        path = f"suggestions/{first.json()['id']}/accept"
        replies = [helper.post(path, Idempotency_Key="once") for _ in range(2)]
        assert [reply.json()["revision"] for reply in replies] == [2, 2]
        problem_of(helper.post(path, Idempotency_Key="another"), 409)
        assert Revision.objects.filter(answer=given).count() == 2


def test_a_queue_read_page_by_page_is_whole_and_in_order(given: Answer, caller: type[Caller]) -> None:
    staff, who = caller(member(staff=True)), expert(given.question)
    made = [suggested(given).pk for _ in range(5)]
    assert [row["id"] for row in staff.walk("suggestions?limit=2")] == made
    assert [row["id"] for row in caller(who).walk("suggestions?limit=2")] == made
    assert [row["id"] for row in staff.walk(f"answers/{given.pk}/suggestions?limit=2")] == made[::-1]
    assert staff.get("suggestions?status=accepted").json() == {"results": [], "next": None}
