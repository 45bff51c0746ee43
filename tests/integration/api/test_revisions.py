"""Versions over the API: read by everybody who sees the post, brought back by those who may edit it."""

import pytest

from portal.questions.models import Question, Revision
from portal.questions.services.questions import question_delete, question_edit
from tests.factories.accounts import member
from tests.factories.questions import answer, question, topic

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> Question:
    """A question in two versions."""
    topic("Battery")
    made = question(member("asker"), title="Why is it red?", body="First **words**.")
    return question_edit(
        user=made.author, question_id=made.pk, version=1, title="Why is it blue?", topics=["battery"], note="Colour"
    )


def test_anybody_reads_them_the_newest_first(asked: Question, stranger: Caller) -> None:
    told = stranger.get(f"questions/{asked.pk}/revisions").json()
    assert told["next"] is None
    newest, first = told["results"]
    assert (newest["number"], newest["title"], newest["topics"], newest["note"]) == (
        2, "Why is it blue?", ["battery"], "Colour",
    )  # fmt: skip
    assert (first["number"], first["body"], first["language"], first["restores"]) == (1, "First **words**.", "en", None)
    assert newest["editor"]["username"] == "asker" and newest["approved_by"] is None
    assert newest["url"].endswith(f"/questions/{asked.pk}/history/version/2/")
    assert stranger.walk(f"questions/{asked.pk}/revisions?limit=1") == [newest, first]
    whole = stranger.get(f"questions/{asked.pk}/revisions/1").json()
    assert whole == {**first, "body_html": "<p>First <strong>words</strong>.</p>\n"}


def test_what_is_not_there_is_not_found(asked: Question, stranger: Caller) -> None:
    given = answer(asked)
    for path in (
        f"questions/{asked.pk}/revisions/9", f"questions/{asked.pk + 99}/revisions", f"answers/{given.pk}/revisions/2",
    ):  # fmt: skip
        problem_of(stranger.get(path), 404)
    assert stranger.get(f"answers/{given.pk}/revisions/1").json()["title"] is None
    question_delete(user=member(staff=True), question_id=asked.pk)
    for path in (
        f"questions/{asked.pk}/revisions",
        f"questions/{asked.pk}/revisions/1",
        f"answers/{given.pk}/revisions",
    ):
        problem_of(stranger.get(path), 404)


def test_bringing_one_back(asked: Question, caller: type[Caller]) -> None:
    path = f"questions/{asked.pk}/revisions/1/restore"
    problem_of(caller().post(path, If_Match='"2"'), 401)
    problem_of(caller(member()).post(path, If_Match='"2"'), 403)
    mine = caller(asked.author)
    problem_of(mine.post(path), 428)
    problem_of(mine.post(path, If_Match='"1"'), 412)
    assert Revision.objects.filter(question=asked).count() == 2
    told = mine.post(path, If_Match='"2"')
    assert told.status_code == 200 and told.headers["ETag"] == '"3"'
    assert (told.json()["title"], told.json()["topics"], told.json()["version"]) == ("Why is it red?", [], 3)
    assert mine.get(f"questions/{asked.pk}/revisions/3").json()["restores"] == 1
    problem_of(mine.post(path, If_Match='"3"'), 409)


def test_an_answers_version_comes_back_and_the_call_sent_twice_is_done_once(caller: type[Caller]) -> None:
    given = answer(body="First words.")
    mine = caller(given.author)
    mine.patch(f"answers/{given.pk}", {"body": "Other words."}, If_Match='"1"')
    sent = {"If_Match": '"2"', "Idempotency_Key": "once"}
    replies = [mine.post(f"answers/{given.pk}/revisions/1/restore", **sent) for _ in range(2)]
    assert [reply.json()["body"] for reply in replies] == ["First words."] * 2
    assert Revision.objects.filter(answer=given).count() == 3


def test_versions_do_not_tell_who_asked_anonymously(stranger: Caller) -> None:
    asked = question(member("quokka"), anonymous=True)
    question_edit(user=asked.author, question_id=asked.pk, version=1, body="Other words.")
    reply = stranger.get(f"questions/{asked.pk}/revisions")
    assert [row["editor"] for row in reply.json()["results"]] == [None, None]
    assert "quokka" not in reply.content.decode()
