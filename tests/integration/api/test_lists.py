"""Lists: every row once, filters, bounds, and pages that hold while others write."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.questions.models import Question, Status
from portal.questions.services.life import question_settle
from portal.questions.services.questions import question_delete, question_edit
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question, topic

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db


def ids(caller: Caller, path: str) -> list[int]:
    """Returns the ids of the first page."""
    return [row["id"] for row in caller.get(path).json()["results"]]


class TestQuestions:
    """GET /questions."""

    def test_an_empty_portal_has_an_empty_list(self, stranger: Caller) -> None:
        assert stranger.get("questions").json() == {"results": [], "next": None}

    def test_lists_every_kind_once(self, stranger: Caller) -> None:
        staff, anna = member(staff=True), member()
        plain, russian = question(anna), question(anna, language="ru")
        for status in (Status.CLOSED, Status.OBSOLETE, Status.ARCHIVED):
            question_settle(user=staff, question_id=question(anna).pk, status=status)
        double = question(anna)
        question_settle(user=staff, question_id=double.pk, status=Status.DUPLICATE, duplicate_of=plain.pk)
        answer(plain)
        gone = question(anna)
        question_delete(user=staff, question_id=gone.pk)
        rows = stranger.walk("questions?limit=2")
        listed = [row["id"] for row in rows]
        assert sorted(listed) == sorted(Question.objects.exclude(pk=gone.pk).values_list("pk", flat=True))
        assert len(set(listed)) == len(listed) == 6
        assert {row["status"] for row in rows} == {"open", "answered", "closed", "obsolete", "archived", "duplicate"}
        assert {row["language"] for row in rows} == {"en", "ru"}
        assert russian.pk in listed

    def test_a_row_is_told_as_the_question_is(self, stranger: Caller) -> None:
        topic("Printing")
        asked = question(topics=("printing",))
        assert stranger.get("questions").json()["results"] == [stranger.get(f"questions/{asked.pk}").json()]

    def test_next_is_an_absolute_address_that_keeps_the_filters(self) -> None:
        caller = Caller(Host="127.0.0.1:8123")
        for _ in range(3):
            question(language="ru")
        following = caller.get("questions?language=ru&limit=2").json()["next"]
        assert following.startswith("http://127.0.0.1:8123/api/v1/questions?")
        assert "language=ru" in following
        assert "limit=2" in following

    def test_filters(self, stranger: Caller) -> None:
        parent = topic("Devices")
        topic("Printing", parent=parent)
        anna, staff = member("anna"), member(staff=True)
        one = question(anna, language="ru", topics=("printing",))
        two = question(language="en", topics=("devices",))
        question_settle(user=staff, question_id=two.pk, status=Status.CLOSED)
        assert ids(stranger, "questions?language=ru") == [one.pk]
        assert ids(stranger, "questions?topic=printing") == [one.pk]
        assert sorted(ids(stranger, "questions?topic=devices")) == [one.pk, two.pk]
        assert ids(stranger, "questions?status=closed") == [two.pk]
        assert ids(stranger, "questions?author=anna") == [one.pk]
        assert ids(stranger, "questions?author=nobody") == []
        assert ids(stranger, "questions?language=ru&status=closed") == []
        assert sorted(ids(stranger, "questions?language=&status=&author=&topic=&since=")) == [one.pk, two.pk]

    def test_since_takes_in_its_own_moment(self, stranger: Caller) -> None:
        old, new = question(), question()
        Question.objects.filter(pk=old.pk).update(
            created_at=old.created_at - timedelta(days=2), updated_at=old.created_at - timedelta(days=2)
        )
        moment = stranger.get(f"questions/{new.pk}").json()["updated_at"]
        assert ids(stranger, f"questions?since={moment}") == [new.pk]
        for form in (moment.replace("Z", "%2B00:00"), moment.replace("Z", "+00:00"), moment[:10]):
            assert ids(stranger, f"questions?since={form}") == [new.pk], form
        question_edit(user=old.author, question_id=old.pk, version=1, title="It has changed since then")
        assert sorted(ids(stranger, f"questions?since={moment}")) == [old.pk, new.pk]

    @pytest.mark.parametrize(
        "since", ["yesterday", "2026-13-01", "2026-02-30T00:00:00Z", "1", "0001-01-01T00:00:00%2B14:00"]
    )
    def test_since_must_be_a_moment(self, stranger: Caller, since: str) -> None:
        assert list(problem_of(stranger.get(f"questions?since={since}"), 422)["errors"]) == ["since"]

    @pytest.mark.parametrize(("asked", "given"), [("1", 1), ("2", 2), ("0", 1), ("-5", 1), ("1000", 3), ("", 3)])
    def test_limit_is_kept_in_bounds(self, stranger: Caller, asked: str, given: int) -> None:
        for _ in range(3):
            question()
        assert len(ids(stranger, f"questions?limit={asked}")) == given

    @pytest.mark.parametrize("limit", ["ten", "1.5", "1e3", "9" * 5000, "١٢x"])
    def test_limit_must_be_a_number(self, stranger: Caller, limit: str) -> None:
        assert list(problem_of(stranger.get(f"questions?limit={limit}"), 422)["errors"]) == ["limit"]

    def test_status_must_be_one(self, stranger: Caller) -> None:
        told = problem_of(stranger.get("questions?status=deleted"), 422)
        assert "needs_details" in told["errors"]["status"][0]

    def test_a_hundred_rows_take_few_queries(self, stranger: Caller) -> None:
        topic("Printing")
        askers = [member() for _ in range(5)]
        for number in range(100):
            question(askers[number % 5], topics=("printing",))
        with CaptureQueriesContext(
            connection,
        ) as taken:
            assert len(ids(stranger, "questions?limit=100")) == 100
        assert len(taken) <= 4, [query["sql"][:100] for query in taken]


CURSORS = [
    "x", "!!!!", "e30", "bnVsbA", "W10", "WzEsMl0", "WyJhIiwiYiJd", "A" * 8_000,
    *(urlsafe_b64encode(json.dumps(values).encode()).decode() for values in (
        ["2026-01-01T00:00:00", 1], ["2026-01-01T00:00:00+00:00", "1"], ["2026-01-01T00:00:00+00:00", 2**80],
        ["2026-01-01T00:00:00+00:00", None], [True, 1], [1, 2, 3], [[], {}], ["9999-99-99T00:00:00+00:00", 1],
    )),
    urlsafe_b64encode(b"[" * 5_000).decode(), urlsafe_b64encode(b"[1e999,1]").decode(),
]  # fmt: skip


class TestCursors:
    """Places in a list."""

    @pytest.mark.parametrize("cursor", CURSORS)
    @pytest.mark.parametrize("path", ["questions", "topics"])
    def test_one_that_cannot_be_read_is_malformed(self, stranger: Caller, path: str, cursor: str) -> None:
        question()
        problem_of(stranger.get(f"{path}?cursor={cursor}"), 400)

    def test_rows_that_come_and_go_between_pages_neither_repeat_nor_hide_others(self, stranger: Caller) -> None:
        first = [question() for _ in range(12)]
        staff, seen = member(staff=True), []
        following = "questions?limit=3"
        while following:
            told = stranger.get(following).json()
            seen += [row["id"] for row in told["results"]]
            following = told["next"] and told["next"].removeprefix("http://testserver")
            question()
            question_edit(user=staff, question_id=first[0].pk, version=Question.objects.get(pk=first[0].pk).version)
            if len(seen) == 6:
                question_delete(user=staff, question_id=seen[-1])
        assert len(seen) == len(set(seen))
        assert set(seen) >= {asked.pk for asked in first}

    def test_rows_of_one_moment_are_all_there(self, stranger: Caller) -> None:
        made = [question() for _ in range(7)]
        Question.objects.update(created_at=made[0].created_at)
        walked = [row["id"] for row in stranger.walk("questions?limit=2")]
        assert sorted(walked) == sorted(asked.pk for asked in made)
        assert len(walked) == 7

    def test_answers_are_paged_the_earliest_first(self, stranger: Caller) -> None:
        asked = question()
        made = [answer(asked).pk for _ in range(5)]
        assert [row["id"] for row in stranger.walk(f"questions/{asked.pk}/answers?limit=2")] == made

    @pytest.mark.parametrize("what", ["answers", "comments"])
    def test_a_long_list_takes_few_queries(self, stranger: Caller, what: str) -> None:
        asked = question()
        for _ in range(20):
            answer(asked) if what == "answers" else comment(asked)
        with CaptureQueriesContext(connection) as taken:
            assert len(ids(stranger, f"questions/{asked.pk}/{what}")) == 20
        assert len(taken) <= 4
