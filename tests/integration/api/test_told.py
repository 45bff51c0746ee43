"""Following and being told, for programs: whose rows, which bodies, pages to the end, and writes that come twice."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core.paging import encode_cursor
from portal.notifications.models import Follow, NoteItem, Notification, NotificationSettings
from portal.notifications.services.follows import follow_set
from portal.notifications.services.telling import happenings_tell
from portal.questions.services.answers import answer_delete, answer_restore
from portal.questions.services.questions import question_delete, question_restore
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import answer, question, topic

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> Any:
    """A question with an answer, of which its asker was told."""
    made = question(member("owner"), title="A matter of the owner")
    answer(made, member("helper"))
    happenings_tell()
    return made


def state() -> tuple[Any, ...]:
    """Returns what the writes could have changed."""
    return (
        list(Follow.objects.order_by("pk").values_list("user_id", "question_id", "level")),
        list(Notification.objects.order_by("pk").values_list("pk", "read_at")),
        list(NoteItem.objects.order_by("pk").values_list("pk", "read_at")),
        list(NotificationSettings.objects.order_by("pk").values_list("user_id", "channels", "timezone")),
    )


# Method, address, body; the status for a stranger, the owner, another member and staff.
TABLE: list[tuple[tuple[str, str, Any], tuple[int, int, int, int]]] = [
    (("GET", "follows", None), (401, 200, 200, 200)),
    (("GET", "inbox", None), (401, 200, 200, 200)),
    (("GET", "notification-settings", None), (401, 200, 200, 200)),
    (("PUT", "follows/question/{question}", {}), (401, 200, 200, 200)),
    (("PUT", "follows/question/{question}", {"level": "muted"}), (401, 200, 200, 200)),
    (("PUT", "follows/member/owner", {}), (401, 409, 200, 200)),
    (("DELETE", "follows/question/{question}", None), (401, 204, 204, 204)),
    (("DELETE", "follows/member/owner", None), (401, 204, 204, 204)),
    (("PUT", "inbox/{note}/read", {}), (401, 200, 404, 404)),
    (("PUT", "inbox/{note}/read", {"read": False}), (401, 200, 404, 404)),
    (("PUT", "notification-settings", {"quiet_from": 22}), (401, 200, 200, 200)),
]


class TestRights:
    def test_the_table(self, asked):
        note = Notification.objects.get(recipient=asked.author)
        people = [None, asked.author, member(), member(staff=True)]
        callers = [Caller(person) for person in people]
        for (method, address, body), statuses in TABLE:
            where = address.format(question=asked.pk, note=note.pk)
            for who, (caller, status) in enumerate(zip(callers, statuses, strict=True)):
                before = state()
                reply = caller.call(method, where, body)
                assert reply.status_code == status, (method, where, who)
                if status >= 400:
                    problem_of(reply, status)
                    assert state() == before, (method, where, who)

    def test_nobody_reads_what_is_anothers(self, asked):
        for reader in (member(), member(staff=True)):
            for address in ("inbox", "follows"):
                told = Caller(reader).get(address).json()
                assert told["results"] == [], address
        assert [row["title"] for row in Caller(asked.author).get("inbox").json()["results"]] == [asked.title]

    def test_a_token_of_a_member_who_was_put_out_reads_nothing(self, asked):
        caller = Caller(asked.author)
        type(asked.author).objects.filter(pk=asked.author_id).update(is_active=False)
        for address in ("inbox", "follows", "notification-settings"):
            problem_of(caller.get(address), 401)


class TestBodies:
    @pytest.mark.parametrize(
        ("address", "body", "field"),
        [
            ("follows/question/{question}", {"level": "loud"}, "level"),
            ("follows/question/{question}", {"level": None}, "level"),
            ("follows/question/{question}", {"level": "off"}, "level"),
            ("follows/topic/leaks", {"level": "muted"}, "level"),
            ("follows/article/1", {}, "kind"),
            ("inbox/{note}/read", {"read": "perhaps"}, "read"),
            ("inbox/{note}/read", {"read": None}, "read"),
            ("notification-settings", {"channels": {"mention": "loud"}}, "channels"),
            ("notification-settings", {"channels": ["mention"]}, "channels"),
            ("notification-settings", {"channels": {"nothing": "mail"}}, "nothing"),
            ("notification-settings", {"channels": {"saved_search": "mail"}}, "saved_search"),
            ("notification-settings", {"quiet_from": 24}, "quiet_from"),
            ("notification-settings", {"quiet_until": -1}, "quiet_until"),
            ("notification-settings", {"digest_hour": "eight"}, "digest_hour"),
            ("notification-settings", {"timezone": "Mars/Base"}, "timezone"),
            ("notification-settings", {"timezone": 7}, "timezone"),
            ("notification-settings", {"follow_asked": "perhaps"}, "follow_asked"),
        ],
    )
    def test_a_wrong_field_is_named_and_nothing_changes(self, asked, address, body, field):
        topic("Leaks")
        note = Notification.objects.get(recipient=asked.author)
        before = state()
        reply = Caller(asked.author).put(address.format(question=asked.pk, note=note.pk), body)
        told = problem_of(reply, 422)
        assert list(told["errors"]) == [field] and all(told["errors"][field])
        assert state() == before

    def test_one_wrong_field_keeps_the_good_ones_out_too(self, asked):
        caller = Caller(asked.author)
        before = caller.get("notification-settings").json()
        wrong = {"quiet_from": 22, "timezone": "Mars/Base", "channels": {"mention": "inbox"}}
        problem_of(caller.put("notification-settings", wrong), 422)
        late = {"quiet_from": 22, "channels": {"mention": "inbox", "nothing": "mail"}}
        problem_of(caller.put("notification-settings", late), 422)
        assert caller.get("notification-settings").json() == before

    @pytest.mark.parametrize("body", ["{", "[]", '"following"', "null"])
    def test_what_is_no_object_is_refused(self, asked, body):
        before = state()
        for address in (f"follows/question/{asked.pk}", "notification-settings"):
            reply = Caller(asked.author).put(address, body)
            assert reply.status_code in (400, 422), (address, reply.content)
            problem_of(reply, reply.status_code)
        assert state() == before

    @pytest.mark.parametrize(
        "address", ["follows/question/0", "follows/question/x", "follows/question/999999999999999999999",
                    "follows/topic/none", "follows/member/nobody"],
    )  # fmt: skip
    def test_what_is_not_there_cannot_be_followed_nor_left(self, asked, address):
        caller = Caller(asked.author)
        problem_of(caller.put(address, {}), 404)
        problem_of(caller.delete(address), 404)

    def test_the_refusal_is_in_the_readers_language(self, asked):
        told = problem_of(
            Caller(asked.author).put("notification-settings", {"timezone": "Mars/Base"}, Accept_Language="ru"), 422
        )
        assert told["errors"]["timezone"] == ["Такого часового пояса нет."]


class TestPaging:
    @pytest.fixture
    def reader(self) -> Any:
        """A member who follows five questions, of each of which there is something to tell."""
        user = member()
        for number in range(5):
            made = question(title=f"Question number {number} of five")
            follow_set(user=user, kind="question", key=str(made.pk))
            answer(made)
        happenings_tell()
        return user

    @pytest.mark.parametrize("limit", [1, 2, 5, 6])
    def test_each_list_is_walked_to_the_end_and_holds_everything_once(self, reader, limit):
        caller = Caller(reader)
        for address in ("follows", "inbox"):
            titles = [row["title"] for row in caller.walk(f"{address}?limit={limit}")]
            assert titles == [f"Question number {number} of five" for number in reversed(range(5))], address

    def test_a_walk_passes_over_what_went_meanwhile_and_tells_nothing_twice(self, reader):
        caller = Caller(reader)
        first = caller.get("inbox?limit=2").json()
        gone = Follow.objects.filter(user=reader).order_by("pk")[1].question
        with committed():
            question_delete(user=member(staff=True), question_id=gone.pk)
        rest = caller.walk(first["next"].removeprefix("http://testserver"))
        seen = [row["id"] for row in (*first["results"], *rest)]
        assert len(seen) == len(set(seen)) == 4
        assert gone.title not in [row["title"] for row in rest]

    def test_filters_stay_on_the_way_to_the_end(self, reader):
        caller = Caller(reader)
        follow_set(user=reader, kind="topic", key=topic("Leaks").slug)
        assert {row["type"] for row in caller.walk("follows?type=question&limit=2")} == {"question"}
        newest = caller.get("inbox?limit=1").json()["results"][0]
        caller.put(f"inbox/{newest['id']}/read", {})
        unread = caller.walk("inbox?unread=true&kind=answers&limit=2")
        assert len(unread) == 4 and newest["id"] not in [row["id"] for row in unread]
        assert caller.walk("inbox?kind=mentions&limit=2") == []

    @pytest.mark.parametrize("cursor", ["x", encode_cursor(["x"]), encode_cursor([None, None]), encode_cursor([])])
    def test_a_cursor_that_is_none_is_a_problem(self, reader, cursor):
        for address in ("follows", "inbox"):
            problem_of(Caller(reader).get(f"{address}?cursor={cursor}"), 400)

    def test_an_unknown_type_is_refused_by_name(self, reader):
        assert list(problem_of(Caller(reader).get("follows?type=article"), 422)["errors"]) == ["type"]


class TestTwice:
    def test_following_twice_is_once_and_keeps_its_day(self, asked):
        reader = member()
        caller = Caller(reader)
        first, second = (caller.put(f"follows/question/{asked.pk}", {}).json() for _each in range(2))
        assert first == second
        assert Follow.objects.filter(user=reader).count() == 1

    def test_leaving_twice_and_leaving_what_was_never_followed_is_no_error(self, asked):
        topic("Leaks")
        caller = Caller(member())
        for address in (f"follows/question/{asked.pk}", "follows/topic/leaks", "follows/member/helper"):
            for _each in range(2):
                assert caller.delete(address).status_code == 204
        assert caller.get("follows").json()["results"] == []

    def test_reading_twice_is_once(self, asked):
        caller = Caller(asked.author)
        note = Notification.objects.get(recipient=asked.author)
        caller.put(f"inbox/{note.pk}/read", {})
        before = state()
        assert caller.put(f"inbox/{note.pk}/read", {}).json()["read"] is True
        assert state() == before

    def test_settings_that_are_sent_back_as_they_were_read_change_nothing(self, asked):
        caller = Caller(asked.author)
        read = caller.get("notification-settings").json()
        assert caller.put("notification-settings", read).json() == read
        assert caller.put("notification-settings", {}).json() == read

    def test_a_write_with_a_key_is_done_once_and_answered_as_it_was(self, asked):
        caller, address = Caller(member()), f"follows/question/{asked.pk}"
        first = caller.put(address, {"level": "muted"}, Idempotency_Key="k-1")
        caller.put(address, {"level": "following"})
        again = caller.put(address, {"level": "muted"}, Idempotency_Key="k-1")
        assert again.headers["Idempotency-Replayed"] == "true" and again.json() == first.json()
        assert caller.get("follows").json()["results"][0]["level"] == "following", "it was not done again"
        problem_of(caller.put(address, {"level": "following"}, Idempotency_Key="k-1"), 422)


class TestWhatIsGone:
    def test_a_deleted_question_is_in_no_list_and_comes_back_as_it_was(self, asked):
        caller = Caller(asked.author)
        before = {address: caller.get(address).json() for address in ("follows", "inbox")}
        staff = member(staff=True)
        with committed():
            question_delete(user=staff, question_id=asked.pk)
        assert caller.get("follows").json() == {"results": [], "next": None}
        assert caller.get("inbox").json() == {"results": [], "next": None, "unread_count": 0}
        with committed():
            question_restore(user=staff, question_id=asked.pk)
        assert {address: caller.get(address).json() for address in before} == before

    def test_a_note_of_what_is_gone_can_be_marked_and_tells_nothing(self, asked):
        caller, given = Caller(asked.author), asked.answers.get()
        note = Notification.objects.get(recipient=asked.author)
        with committed():
            answer_delete(user=given.author, answer_id=given.pk)
        reply = caller.put(f"inbox/{note.pk}/read", {})
        assert (reply.status_code, reply.content) == (204, b"")
        with committed():
            answer_restore(user=given.author, answer_id=given.pk)
        assert caller.get("inbox").json()["unread_count"] == 0
