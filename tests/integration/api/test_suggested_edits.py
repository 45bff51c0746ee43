"""Suggested edits over the API: the same rules as on pages, told by status codes."""

from typing import Any

import pytest

from portal.questions.models import Answer, Question, Suggestion
from portal.questions.services.answers import answer_edit
from tests.factories.accounts import member
from tests.factories.questions import answer

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db
REASON = "The right number of minutes"
BODY = "Press the red button.\n\nThen wait ten minutes.\n\nThank you."


@pytest.fixture
def given() -> Answer:
    """An answer by ``helper`` to a question by ``asker``."""
    return answer(user=member("helper"), body=BODY)


def suggest(caller: Caller, given: Answer, version: int = 1, **words: Any) -> Any:
    """Suggests an edit of the answer."""
    body = {"body": BODY.replace("ten", "twenty"), "reason": REASON, **words}
    return caller.post(f"answers/{given.pk}/suggestions", body, If_Match=f'"{version}"')


def test_who_may_suggest(given: Answer, caller: type[Caller]) -> None:
    problem_of(suggest(caller(), given), 401)
    for who in (given.author, member(staff=True)):
        problem_of(suggest(caller(who), given), 409)
    problem_of(suggest(caller(member()), given, version=9), 412)
    problem_of(caller(member()).post(f"answers/{given.pk}/suggestions", {"reason": REASON}), 428)
    assert problem_of(suggest(caller(member()), given, reason="no"), 422)["errors"].keys() == {"reason"}
    assert problem_of(suggest(caller(member()), given, body=BODY), 422)["errors"].keys() == {"body"}
    assert not Suggestion.objects.exists()


def test_it_is_made_read_and_listed_by_those_it_concerns(given: Answer, caller: type[Caller]) -> None:
    mine, helper, other = caller(member("kind")), caller(given.author), caller(member())
    reply = suggest(mine, given)
    told = reply.json()
    assert reply.status_code == 201 and reply.headers["Location"].endswith(f"/api/v1/suggestions/{told['id']}")
    assert (told["answer_id"], told["question_id"], told["status"], told["stale"], told["version"]) == (
        given.pk, given.question_id, "pending", False, 1,
    )  # fmt: skip
    assert (told["author"]["username"], told["reason"], told["title"], told["revision"]) == ("kind", REASON, None, None)
    problem_of(suggest(mine, given, body="Again other."), 409)
    assert helper.get("suggestions").json()["results"] == [told]
    assert helper.get(f"answers/{given.pk}/suggestions").json()["results"] == [told]
    assert mine.get("suggestions?role=mine").json()["results"] == [told]
    assert mine.get("suggestions").json()["results"] == []
    assert mine.get(f"suggestions/{told['id']}").json() == told
    assert other.get("suggestions").json()["results"] == []
    assert other.get(f"answers/{given.pk}/suggestions").json()["results"] == []
    problem_of(other.get(f"suggestions/{told['id']}"), 404)
    problem_of(caller().get("suggestions"), 401)


def test_deciding(given: Answer, caller: type[Caller]) -> None:
    mine, helper, other = caller(member("kind")), caller(given.author), caller(member())
    pk = suggest(mine, given).json()["id"]
    problem_of(other.post(f"suggestions/{pk}/accept"), 404)
    problem_of(mine.post(f"suggestions/{pk}/accept"), 403)
    problem_of(helper.post(f"suggestions/{pk}/reject", {"words": ""}), 422)
    told = helper.post(f"suggestions/{pk}/accept", {"words": "Thank you!"}).json()
    assert (told["status"], told["revision"], told["decided_by"]["username"]) == ("accepted", 2, "helper")
    assert told["decision"] == "Thank you!"
    problem_of(helper.post(f"suggestions/{pk}/reject", {"words": REASON}), 409)
    problem_of(mine.delete(f"suggestions/{pk}"), 409)
    version = caller().get(f"answers/{given.pk}/revisions/2").json()
    assert (version["editor"]["username"], version["approved_by"]["username"], version["note"]) == (
        "kind", "helper", REASON,
    )  # fmt: skip


def test_improving_names_the_version_it_began_from(given: Answer, caller: type[Caller]) -> None:
    helper = caller(given.author)
    pk = suggest(caller(member()), given).json()["id"]
    improved = {"body": BODY.replace("ten", "fifteen")}
    problem_of(helper.post(f"suggestions/{pk}/accept", improved), 428)
    problem_of(helper.post(f"suggestions/{pk}/accept", improved, If_Match='"7"'), 412)
    assert helper.post(f"suggestions/{pk}/accept", improved, If_Match='"1"').json()["status"] == "accepted"
    assert helper.get(f"answers/{given.pk}").json()["body"] == improved["body"]
    assert helper.get(f"answers/{given.pk}/revisions/2").json()["improved"] is True


def test_a_clash_is_told_and_refused(given: Answer, caller: type[Caller]) -> None:
    helper = caller(given.author)
    pk = suggest(caller(member()), given).json()["id"]
    answer_edit(user=given.author, answer_id=given.pk, version=1, body=BODY.replace("ten", "five"))
    assert helper.get(f"suggestions/{pk}").json()["stale"] is True
    problem_of(helper.post(f"suggestions/{pk}/accept"), 412)
    assert Answer.objects.get(pk=given.pk).body == BODY.replace("ten", "five")
    told = helper.post(f"suggestions/{pk}/reject", {"words": "It is five now."}).json()
    assert (told["status"], told["decision"], told["stale"]) == ("rejected", "It is five now.", False)


def test_taking_it_back(given: Answer, caller: type[Caller]) -> None:
    mine = caller(member())
    pk = suggest(mine, given).json()["id"]
    problem_of(caller(given.author).delete(f"suggestions/{pk}"), 404)
    assert mine.delete(f"suggestions/{pk}").status_code == 204
    assert mine.get(f"suggestions/{pk}").json()["status"] == "withdrawn"


def test_a_questions_title_and_topics_can_be_suggested(given: Answer, caller: type[Caller]) -> None:
    asked = given.question
    words = {"title": "Why does it blink at night?", "reason": REASON}
    pk = caller(member()).post(f"questions/{asked.pk}/suggestions", words, If_Match='"1"').json()["id"]
    mine = caller(asked.author)
    assert [row["id"] for row in mine.get(f"questions/{asked.pk}/suggestions").json()["results"]] == [pk]
    mine.post(f"suggestions/{pk}/accept")
    assert Question.objects.get(pk=asked.pk).title == words["title"]
