"""Who may do what: every write of the API by every kind of caller, in one table.

The outsider comes first: for each call the stranger is refused with 401 and nothing changes.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from portal.questions.models import Answer, Comment, Question, Vote
from tests.factories.accounts import member
from tests.factories.knowledge import article, article_comment
from tests.factories.questions import answer, comment, question

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db


@dataclass
class Square:
    """A small portal: a question by ``asker`` with an answer by ``helper``, a lonely question, an article."""

    callers: dict[str, Caller]
    paths: dict[str, str]


@pytest.fixture
def square() -> Square:
    """The portal that the table speaks of."""
    asker, helper = member("asker"), member("helper")
    given = answer(question(asker), helper)
    comment(given.question)
    page = article()
    article_comment(page)
    people = {"asker": asker, "helper": helper, "other": member("other"), "staff": member("staff", staff=True)}
    callers = {name: Caller(person) for name, person in people.items()}
    paths = {
        "question": f"questions/{given.question_id}",
        "lonely": f"questions/{question(asker).pk}",
        "answer": f"answers/{given.pk}",
        "article": f"articles/{page.pk}",
    }
    return Square({"stranger": Caller(), **callers}, paths)


# call: method, place, what follows it, body. Then the status for stranger, asker, helper, other, staff.
TABLE: list[tuple[tuple[str, str, str, Any], tuple[int, int, int, int, int]]] = [
    (("PATCH", "question", "", {"title": "Quite another title"}), (401, 200, 403, 403, 200)),
    (("DELETE", "question", "", None), (401, 409, 403, 403, 204)),
    (("DELETE", "lonely", "", None), (401, 204, 403, 403, 204)),
    (("POST", "question", "/answers", {"body": "Try this."}), (401, 201, 201, 201, 201)),
    (("POST", "question", "/answers", {"body": "Our word.", "official": True}), (401, 403, 403, 403, 201)),
    (("POST", "question", "/comments", {"body": "Which one?"}), (401, 201, 201, 201, 201)),
    (("PUT", "question", "/vote", {"value": 1}), (401, 409, 200, 200, 200)),
    (("POST", "question", "/close", {}), (401, 403, 403, 403, 200)),
    (("POST", "question", "/close", {"why": "resolved_elsewhere"}), (401, 200, 403, 403, 200)),
    (("POST", "question", "/close", {"status": "obsolete"}), (401, 403, 403, 403, 200)),
    (("POST", "question", "/reopen", {}), (401, 409, 403, 403, 409)),
    (("POST", "question", "/reopen/vote", None), (401, 409, 409, 409, 409)),
    (("POST", "question", "/archive", {}), (401, 403, 403, 403, 200)),
    (("POST", "question", "/lock", {}), (401, 403, 403, 403, 200)),
    (("DELETE", "question", "/lock", None), (401, 403, 403, 403, 200)),
    (("POST", "question", "/ask-details", {"words": "Which model?"}), (401, 403, 403, 403, 200)),
    (("PATCH", "answer", "", {"body": "Better words."}), (401, 403, 200, 403, 200)),
    (("DELETE", "answer", "", None), (401, 403, 204, 403, 204)),
    (("POST", "answer", "/accept", None), (401, 200, 403, 403, 200)),
    (("DELETE", "answer", "/accept", None), (401, 200, 403, 403, 200)),
    (("POST", "answer", "/official", {"words": "It is so."}), (401, 403, 403, 403, 403)),
    (("DELETE", "answer", "/official", None), (401, 403, 200, 403, 200)),
    (("PUT", "answer", "/vote", {"value": -1}), (401, 200, 409, 200, 200)),
    (("POST", "answer", "/comments", {"body": "Thank you."}), (401, 201, 201, 201, 201)),
    (("POST", "article", "/comments", {"body": "It helped."}), (401, 201, 201, 201, 201)),
]
KINDS = ("stranger", "asker", "helper", "other", "staff")
ROWS = [
    pytest.param(call, kind, status, id=f"{call[0]} {call[1]}{call[2]} by {kind}")
    for call, statuses in TABLE
    for kind, status in zip(KINDS, statuses, strict=True)
]


def state() -> tuple[Any, ...]:
    """Returns what the writes could have changed."""
    return (
        list(
            Question.objects.order_by("pk").values("pk", "title", "version", "deleted_at", "score", "status", "locked")
        ),
        list(Answer.objects.order_by("pk").values("pk", "body", "version", "deleted_at", "score", "accepted_at")),
        Comment.objects.count(),
        Vote.objects.count(),
    )


@pytest.mark.parametrize(("call", "kind", "status"), ROWS)
def test_the_table(square: Square, call: tuple[str, str, str, Any], kind: str, status: int) -> None:
    method, place, rest, body = call
    before = state()
    response = square.callers[kind].call(method, f"{square.paths[place]}{rest}", body, If_Match='"1"')
    if status >= 400:
        problem_of(response, status)
        assert state() == before
    else:
        assert response.status_code == status, response.content


@pytest.mark.parametrize(("call", "_statuses"), TABLE)
def test_for_what_is_gone_everybody_gets_the_same_404(
    square: Square, call: tuple[str, str, str, Any], _statuses: tuple[int, ...]
) -> None:
    method, place, rest, body = call
    noun = square.paths[place].split("/")[0]
    for kind in ("asker", "other", "staff"):
        response = square.callers[kind].call(method, f"{noun}/987654{rest}", body, If_Match='"1"')
        assert problem_of(response, 404)["code"] == "not-found"


@pytest.mark.parametrize("path", ["question", "answer", "article"])
@pytest.mark.parametrize("rest", ["", "/comments"])
def test_reads_are_open_to_everybody(square: Square, path: str, rest: str) -> None:
    told = [caller.get(f"{square.paths[path]}{rest}") for caller in square.callers.values()]
    assert {response.status_code for response in told} == {200}
    assert len({response.content for response in told}) == 1
