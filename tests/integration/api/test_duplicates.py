"""Asking by a program: what was asked before is told, with the question or instead of it."""

import pytest

from portal.discovery.models import Search
from portal.questions.models import Question
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question

from .conftest import problem_of

pytestmark = pytest.mark.django_db
ASKED = {"title": "Why does the blue lamp blink?", "body": "It blinks at night.", "language": "en"}


@pytest.fixture
def lamp(index):
    """A question about a lamp, answered, in the index."""
    asked = question(title=ASKED["title"])
    accept(answer(asked))
    index()
    return asked


def test_a_question_comes_back_with_what_was_asked_before(caller, lamp):
    reply = caller(member()).post("questions", ASKED)
    assert reply.status_code == 201
    told = reply.json()
    assert told["id"] != lamp.pk
    (like,) = told["possible_duplicates"]
    assert (like["type"], like["id"], like["accepted"], like["answers"]) == ("question", lamp.pk, True, 1)
    assert like["url"].startswith("http://testserver/en/questions/")


def test_nothing_like_it_is_an_empty_list(caller, lamp):
    assert (
        caller(member())
        .post("questions", ASKED | {"title": "Quokka zanzibar?", "body": "Quokka."})
        .json()["possible_duplicates"]
        == []
    )


def test_check_tells_them_and_asks_nothing(caller, lamp):
    reply = caller(member()).post("questions?check=true", ASKED)
    assert reply.status_code == 200
    assert list(reply.json()) == ["possible_duplicates"]
    assert [like["id"] for like in reply.json()["possible_duplicates"]] == [lamp.pk]
    assert Question.objects.count() == 1


def test_a_key_may_be_used_for_the_question_after_the_check(caller, lamp):
    calls = caller(member())
    assert calls.post("questions?check=true", ASKED, Idempotency_Key="k").status_code == 200
    first = calls.post("questions", ASKED, Idempotency_Key="k")
    again = calls.post("questions", ASKED, Idempotency_Key="k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Question.objects.count() == 2


def test_a_stranger_neither_asks_nor_checks(stranger, lamp):
    for path in ("questions", "questions?check=true"):
        problem_of(stranger.post(path, ASKED), 401)


def test_what_is_gone_is_not_named(caller, lamp):
    question_delete(user=member(staff=True), question_id=lamp.pk)
    for path in ("questions?check=true", "questions"):
        assert caller(member()).post(path, ASKED).json()["possible_duplicates"] == []


@pytest.mark.parametrize("check", ["maybe", "2"])
def test_a_check_that_is_no_yes_or_no_asks_nothing(caller, lamp, check):
    assert caller(member()).post(f"questions?check={check}", ASKED).status_code in (400, 422)
    assert Question.objects.count() == 1


def test_a_question_that_cannot_be_asked_is_refused_as_ever(caller, lamp):
    problem_of(caller(member()).post("questions", ASKED | {"title": "Hm"}), 422)


class TestTheLog:
    def test_a_programs_search_is_written_down_and_its_openings_count(self, caller, lamp):
        (found,) = caller(member()).get("search?q=blue+lamp&language=en&openings=true").json()["results"]
        row = Search.objects.get()
        assert (row.surface, row.who, row.text, row.excluded, row.visitor) == ("api", "member", "blue lamp", "api", "")
        assert row.filters == {"language": "en"}
        assert caller().post(found["opened_url"]).status_code == 204
        assert row.openings.get().object_id == str(lamp.pk)

    def test_similar_too_and_a_second_page_not_again(self, stranger, lamp):
        stranger.get("similar?title=blue+lamp+blinks")
        stranger.get("search?q=lamp&offset=20")
        assert list(Search.objects.values_list("text", "who")) == [("blue lamp blinks", "stranger")]

    def test_answers_are_the_same_each_time_unless_openings_are_asked_for(self, stranger, lamp):
        first, second = (stranger.get("search?q=lamp").json()["results"] for _each in range(2))
        assert first == second
        assert first[0]["opened_url"] is None

    def test_not_for_who_refuses(self, caller, lamp):
        (found,) = caller().get("search?q=lamp&openings=true", Sec_GPC="1").json()["results"]
        assert found["opened_url"] is None
        assert not Search.objects.exists()
