"""Repeats, merges and comments that change, through the API: who may, what is told, where old addresses lead."""

from typing import Any

import pytest

from portal.questions.models import Answer, Comment, Contest, DuplicateProposal, Merge, Question
from portal.questions.services.life import question_settle
from portal.questions.services.merging import questions_merge
from portal.questions.services.proposals import contest_open, duplicate_propose
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, comment, question

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db

KINDS = ("stranger", "other", "asker", "staff")
WORDS = "Mine is about the other valve."


class Square:
    """A question that may repeat another, one that is marked as a repeat, a merge, and a comment by the asker."""

    def __init__(self) -> None:
        self.asker, self.staff = member(), member(staff=True)
        people: dict[str, Any] = {"stranger": None, "other": member(), "asker": self.asker, "staff": self.staff}
        self.callers = {kind: Caller(person) for kind, person in people.items()}
        self.asked, self.target, self.marked = question(self.asker), question(), question(self.asker)
        question_settle(user=self.staff, question_id=self.marked.pk, status="duplicate", duplicate_of=self.target.pk)
        self.merge = questions_merge(user=self.staff, source_id=question().pk, target_id=self.target.pk)
        self.proposal = duplicate_propose(user=member(), question_id=self.asked.pk, target_id=self.target.pk)
        contested = question(self.asker)
        question_settle(user=self.staff, question_id=contested.pk, status="duplicate", duplicate_of=self.target.pk)
        self.contest = contest_open(user=self.asker, question_id=contested.pk, words=WORDS)
        self.said = comment(self.asked, self.asker)

    def paths(self) -> dict[str, str]:
        """Where each thing lies."""
        return {
            "asked": f"questions/{self.asked.pk}",
            "marked": f"questions/{self.marked.pk}",
            "proposal": f"duplicate-proposals/{self.proposal.pk}",
            "contest": f"contests/{self.contest.pk}",
            "merge": f"merges/{self.merge.pk}",
            "comment": f"comments/{self.said.pk}",
        }


# call: method, place, what follows it, body. Then the status for stranger, other, asker, staff.
TABLE: list[tuple[tuple[str, str, str, Any], tuple[int, int, int, int]]] = [
    (("POST", "asked", "/duplicate-proposals", {"target_id": "target"}), (401, 201, 201, 201)),
    (("GET", "", "duplicate-proposals", None), (401, 403, 403, 200)),
    (("POST", "proposal", "/decision", {"agree": True}), (401, 403, 403, 200)),
    (("POST", "marked", "/contests", {"words": WORDS}), (401, 403, 201, 403)),
    (("GET", "", "contests", None), (401, 403, 403, 200)),
    (("POST", "contest", "/decision", {"agree": False, "reply": "The same."}), (401, 403, 403, 200)),
    (("GET", "asked", "/merge?target_id=target", None), (401, 403, 403, 200)),
    (("POST", "asked", "/merge", {"target_id": "target", "reason": "The same."}), (401, 403, 403, 201)),
    (("GET", "", "merges", None), (401, 403, 403, 200)),
    (("GET", "merge", "", None), (401, 403, 403, 200)),
    (("DELETE", "merge", "", None), (401, 403, 403, 200)),
    (("GET", "comment", "", None), (200, 200, 200, 200)),
    (("PATCH", "comment", "", {"body": "Better words."}), (401, 403, 200, 200)),
    (("POST", "comment", "/answer", None), (401, 403, 201, 201)),
    (("DELETE", "comment", "", None), (401, 403, 204, 204)),
]


def state() -> tuple[Any, ...]:
    """What the writes could have changed."""
    return (
        list(Question.objects.order_by("pk").values("pk", "status", "duplicate_of", "merged_into", "deleted_at")),
        list(Comment.objects.order_by("pk").values("pk", "body", "version", "deleted_at", "became")),
        list(DuplicateProposal.objects.order_by("pk").values("pk", "outcome")),
        list(Contest.objects.order_by("pk").values("pk", "outcome")),
        list(Merge.objects.order_by("pk").values("pk", "undone_at")),
        Answer.objects.count(),
    )


@pytest.mark.parametrize(("call", "statuses"), TABLE, ids=[f"{c[0]} {c[1]}{c[2]}" for c, _statuses in TABLE])
def test_the_table(call: tuple[str, str, str, Any], statuses: tuple[int, ...]) -> None:
    square = Square()
    method, place, rest, body = call
    target = square.target.pk
    body = {name: target if value == "target" else value for name, value in body.items()} if body else body
    path = (f"{square.paths()[place]}{rest}" if place else rest).replace("=target", f"={target}")
    for kind, status in zip(KINDS, statuses, strict=True):
        if status < 400 and method != "GET":
            continue
        before = state()
        response = square.callers[kind].call(method, path, body, If_Match='"1"')
        if status >= 400:
            problem_of(response, status)
        assert response.status_code == status, response.content
        assert state() == before
    allowed = [kind for kind, status in zip(KINDS, statuses, strict=True) if status < 400]
    response = square.callers[allowed[0]].call(method, path, body, If_Match='"1"')
    assert response.status_code == statuses[KINDS.index(allowed[0])], response.content


def test_a_joined_question_leads_on_and_takes_no_writes() -> None:
    staff, source, target = member(staff=True), question(), question()
    given = answer(source)
    questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
    stranger, caller = Caller(), Caller(member())
    for rest in ("", "/answers?limit=1", "/comments"):
        response = stranger.get(f"questions/{source.pk}{rest}")
        assert response.status_code == 301
        assert response["Location"] == f"/api/v1/questions/{target.pk}{rest}"
        assert (response.json()["merged_into"], response["Cache-Control"]) == (target.pk, "no-cache")
    for method, rest, body in (
        ("PATCH", "", {"body": "So."}),
        ("POST", "/answers", {"body": "So."}),
        ("DELETE", "", None),
    ):
        told = problem_of(caller.call(method, f"questions/{source.pk}{rest}", body, If_Match='"1"'), 409)
        assert (told["code"], told["merged_into"]) == ("moved", target.pk)
    assert stranger.get(f"answers/{given.pk}").json()["question_id"] == target.pk
    assert source.pk not in [row["id"] for row in stranger.walk("questions")]


def test_the_plan_tells_what_the_merge_then_does() -> None:
    staff, source, target = Caller(member(staff=True)), question(), question(language="ru")
    given = accept(answer(source))
    comment(source)
    plan = staff.get(f"questions/{source.pk}/merge?target_id={target.pk}").json()
    assert (plan["answers"], plan["comments"], plan["votes"]) == (1, 1, 0)
    assert (plan["accepted_answer_id"], plan["unaccepted_answer_id"], plan["other_language"]) == (given.pk, None, True)
    made = staff.post(f"questions/{source.pk}/merge", {"target_id": target.pk, "reason": "The same."})
    assert made["Location"].endswith(f"/api/v1/merges/{made.json()['id']}")
    told = Caller().get(f"questions/{target.pk}").json()
    assert (told["accepted_answer_id"], told["answers_count"]) == (given.pk, 1)
    undone = staff.delete(f"merges/{made.json()['id']}").json()
    assert undone["undone_at"]
    assert Caller().get(f"questions/{source.pk}").json()["accepted_answer_id"] == given.pk
    problem_of(staff.delete(f"merges/{made.json()['id']}"), 409)


@pytest.mark.parametrize("target", [0, "x", None, 10**9, 2**70])
def test_a_target_that_cannot_be_is_refused(target: Any) -> None:
    asked = question()
    for path in ("merge", "duplicate-proposals"):
        response = Caller(member(staff=True)).post(f"questions/{asked.pk}/{path}", {"target_id": target})
        assert response.status_code in (404, 422)
    assert not Merge.objects.exists()


def test_a_repeat_names_what_it_repeats() -> None:
    asked, target = question(), question()
    question_settle(user=member(staff=True), question_id=asked.pk, status="duplicate", duplicate_of=target.pk)
    assert Caller().get(f"questions/{asked.pk}").json()["duplicate_of"] == target.pk
    assert Caller().get(f"questions/{target.pk}").json()["duplicate_of"] is None


def test_a_comment_is_changed_from_its_version() -> None:
    said = comment(question())
    caller, path = Caller(said.author), f"comments/{said.pk}"
    read = caller.get(path)
    assert (read["ETag"], read.json()["version"], read.json()["edited_at"]) == ('"1"', 1, None)
    problem_of(caller.patch(path, {"body": "So."}), 428)
    changed = caller.patch(path, {"body": "Какая модель?", "language": "ru"}, If_Match='"1"')
    assert (changed["ETag"], changed.json()["language"]) == ('"2"', "ru")
    assert changed.json()["edited_at"]
    problem_of(caller.patch(path, {"body": "Late."}, If_Match='"1"'), 412)
    assert list(problem_of(caller.patch(path, {"body": ""}, If_Match='"2"'), 422)["errors"]) == ["body"]


def test_a_comment_goes_comes_back_and_becomes_an_answer() -> None:
    said = comment(question(), body="Shake it.")
    caller, path = Caller(said.author), f"comments/{said.pk}"
    assert caller.delete(path).status_code == 204
    problem_of(Caller().get(path), 404)
    problem_of(Caller(member()).post(f"{path}/restore"), 404)
    assert caller.post(f"{path}/restore").json()["id"] == said.pk
    made = caller.post(f"{path}/answer")
    number = made.json()["id"]
    assert made["Location"].endswith(f"/answers/{number}")
    response = Caller().get(path)
    assert (response.status_code, response["Location"]) == (301, f"/api/v1/answers/{number}")
    assert response.json()["became_answer"] == number
    problem_of(caller.patch(path, {"body": "So."}, If_Match='"1"'), 409)
    problem_of(Caller(member()).delete(f"{path}/answer"), 403)
    assert caller.delete(f"{path}/answer").json()["body"] == "Shake it."
    problem_of(caller.delete(f"{path}/answer"), 404)
    problem_of(Caller().get(f"answers/{number}"), 404)


def test_a_deleted_question_comes_back_whole_and_only_for_whom_it_may() -> None:
    asked = question()
    given = answer(asked, body="Shake it.")
    accept(given)
    said, staff, caller = comment(given), Caller(member(staff=True)), Caller(asked.author)
    paths = [f"questions/{asked.pk}", f"answers/{given.pk}", f"comments/{said.pk}"]
    before = [Caller().get(path).json() for path in paths]
    problem_of(caller.delete(paths[0]), 409)  # one with answers goes only by the staff
    assert staff.delete(paths[0]).status_code == 204
    for who in (Caller(), Caller(member()), caller, Caller(given.author)):
        for path in paths:
            problem_of(who.get(path), 404)
    problem_of(Caller().post(f"{paths[0]}/restore"), 401)
    for outsider in (Caller(member()), caller, Caller(given.author)):
        problem_of(outsider.post(f"{paths[0]}/restore"), 404)
    response = staff.post(f"{paths[0]}/restore")
    assert (response.status_code, response.json(), response["ETag"]) == (200, before[0], '"1"')
    assert [Caller().get(path).json() for path in paths] == before
    problem_of(staff.post(f"{paths[0]}/restore"), 404)


def test_who_deleted_her_own_question_and_answer_brings_them_back() -> None:
    asked = question()
    caller, path = Caller(asked.author), f"questions/{asked.pk}"
    assert caller.delete(path).status_code == 204
    assert caller.post(f"{path}/restore").json()["id"] == asked.pk
    given = answer(asked)
    accept(given)
    author, path = Caller(given.author), f"answers/{given.pk}"
    assert author.delete(path).status_code == 204
    assert Caller().get(f"questions/{asked.pk}").json()["status"] == "open"
    problem_of(Caller().post(f"{path}/restore"), 401)
    problem_of(caller.post(f"{path}/restore"), 404)  # the asker has no part in it
    assert author.post(f"{path}/restore").json()["accepted"] is True
    assert Caller().get(f"questions/{asked.pk}").json()["accepted_answer_id"] == given.pk
