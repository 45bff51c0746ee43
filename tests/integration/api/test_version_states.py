"""Versions over the API where a question is locked, archived, deleted or joined, and with what nobody should send."""

import pytest

from portal.questions.models import Answer, Confirmation, ObsoleteMark, Passport, Release, Solution
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.questions import question_delete, question_restore
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question
from tests.factories.versions import claim, product, release, releases, say

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db
RTL = "\u202e"


@pytest.fixture
def lamp():
    """A product with three releases, a question about it, an answer, and who may write there."""
    made = product()
    made.made = releases("v1", "v2", "v3", of=made)
    made.asked = question(topics=("lamp",))
    made.given = answer(made.asked)
    made.path = f"answers/{made.given.pk}"
    made.staff = member(staff=True)
    return made


def writes(lamp):
    """Every call about the answer that writes: who, method, what follows the answer's address, body."""
    first = {"first": lamp.made[0].pk}
    return [
        (lamp.given.author, "PUT", "/passport", first),
        (lamp.given.author, "DELETE", "/passport", None),
        (member(), "PUT", "/confirmation", {"works": False}),
        (lamp.asked.author, "PUT", "/solution", first),
        (lamp.asked.author, "DELETE", "/solution", None),
        (lamp.given.author, "PUT", "/obsolete", {"reason": "The menu is gone."}),
    ]


def rows():
    """Returns all that these calls write."""
    tables = (Answer, Confirmation, ObsoleteMark, Passport, Release, Solution)
    return [list(table.objects.order_by("pk").values()) for table in tables]


class TestStates:
    @pytest.mark.parametrize("how", ["locked", "archived"])
    def test_a_question_that_cannot_change_says_why_and_stays_readable(self, lamp, how):
        claim(lamp.given, lamp.made[0])
        if how == "locked":
            question_lock(user=lamp.staff, question_id=lamp.asked.pk, locked=True)
        else:
            question_settle(user=lamp.staff, question_id=lamp.asked.pk, status="archived")
        before = rows()
        for who, method, rest, body in writes(lamp):
            told = problem_of(Caller(who).call(method, f"{lamp.path}{rest}", body), 409)
            assert how in told["detail"], rest
        assert rows() == before
        assert Caller().get(f"{lamp.path}/passport").json()["works_on"] == ["v1"]
        staff = Caller(lamp.staff).put(f"{lamp.path}/confirmation", {"works": True})
        assert staff.status_code == (200 if how == "locked" else 409)

    def test_below_a_deleted_question_nothing_is_found_and_all_is_back_with_it(self, lamp):
        claim(lamp.given, lamp.made[0], lamp.made[1])
        told = Caller().get(f"{lamp.path}/passport").json()
        question_delete(user=lamp.staff, question_id=lamp.asked.pk)
        before = rows()
        problem_of(Caller().get(f"{lamp.path}/passport"), 404)
        for who, method, rest, body in writes(lamp):
            problem_of(Caller(who).call(method, f"{lamp.path}{rest}", body), 404)
        assert rows() == before
        question_restore(user=lamp.staff, question_id=lamp.asked.pk)
        assert Caller().get(f"{lamp.path}/passport").json() == told

    def test_joined_with_a_question_of_another_product_it_keeps_what_was_said_for_the_way_back(self, lamp):
        kettle = product("Kettle")
        release(kettle, "k1")
        target = question(topics=("kettle",))
        claim(lamp.given, lamp.made[0])
        say(lamp.given, True, lamp.made[1])
        told = Caller().get(f"{lamp.path}/passport").json()
        merge = questions_merge(user=lamp.staff, source_id=lamp.asked.pk, target_id=target.pk)
        there = Caller().get(f"{lamp.path}/passport").json()
        assert (there["product"], there["state"], there["works_on"]) == ("kettle", "unconfirmed", [])
        assert [row["release"]["label"] for row in there["releases"]] == ["k1"]
        body = {"works": True, "release": lamp.made[1].pk}
        problem_of(Caller(member()).put(f"{lamp.path}/confirmation", body), 422)
        merge_undo(user=lamp.staff, merge_id=merge.pk)
        assert Caller().get(f"{lamp.path}/passport").json() == told

    def test_the_asker_of_a_joined_question_no_longer_marks_solutions_and_the_other_asker_does(self, lamp):
        target = question(topics=("lamp",))
        questions_merge(user=lamp.staff, source_id=lamp.asked.pk, target_id=target.pk)
        body = {"first": lamp.made[0].pk}
        problem_of(Caller(lamp.asked.author).put(f"{lamp.path}/solution", body), 403)
        assert Caller(target.author).put(f"{lamp.path}/solution", body).json()["solution"] == ["v1"]
        listed = Caller().get(f"questions/{target.pk}").json()["solutions"]
        assert [each["answer_id"] for each in listed] == [lamp.given.pk]


class TestRanges:
    def test_a_reversed_range_is_refused_in_words(self, lamp):
        body, before = {"first": lamp.made[2].pk, "last": lamp.made[0].pk}, rows()
        for who, what in ((lamp.given.author, "passport"), (lamp.asked.author, "solution")):
            reply = Caller(who).put(f"{lamp.path}/{what}", body)
            assert reply.status_code == 422
            assert reply.json()["errors"] == {"last": ["“To version” must not be older than “From version”."]}
        assert rows() == before

    def test_a_withdrawn_release_is_no_end_of_a_new_range_nor_one_of_another_product(self, lamp):
        other = release(product("Kettle"), "k1")
        assert Caller(lamp.staff).delete(f"releases/{lamp.made[1].pk}").status_code == 204
        before = rows()
        bodies = (
            {"first": lamp.made[1].pk},
            {"first": lamp.made[0].pk, "last": lamp.made[1].pk},
            {"first": lamp.made[0].pk, "last": other.pk},
            {"last": other.pk, "first": other.pk},
            {"first": 2**63 - 1},
            {"first": 2**63},
            {"first": -1},
            {"first": lamp.made[0].pk, "last": 0},
            {"first": str(lamp.made[0].pk) + "\x00"},
            {"last": None, "first": None},
        )
        for body in bodies:
            for who, place in ((lamp.given.author, "passport"), (lamp.asked.author, "solution")):
                told = problem_of(Caller(who).put(f"{lamp.path}/{place}", body), 422)
                assert set(told["errors"]) <= {"first", "last"}, body
        assert rows() == before

    def test_the_end_that_is_withdrawn_leaves_the_other_alone_wherever_solutions_are_told(self, lamp):
        accept(answer(lamp.asked))
        body = {"first": lamp.made[0].pk, "last": lamp.made[2].pk}
        assert Caller(lamp.asked.author).put(f"{lamp.path}/solution", body).status_code == 200
        staff, stranger = Caller(lamp.staff), Caller()

        def told():
            listed = stranger.get(f"questions/{lamp.asked.pk}").json()["solutions"]
            own = stranger.get(f"{lamp.path}/passport").json()["solution"]
            return [(each["first"], each["last"]) for each in listed], own

        assert told() == ([("v1", "v3")], ["v1–v3"])
        staff.delete(f"releases/{lamp.made[2].pk}")
        assert told() == ([("v1", "v1")], ["v1"])
        staff.delete(f"releases/{lamp.made[0].pk}")
        assert told() == ([], None)
        for place in (0, 2):
            staff.post(f"releases/{lamp.made[place].pk}/restore")
        assert told() == ([("v1", "v3")], ["v1–v3"])

    def test_a_release_whose_day_changes_takes_its_place_in_every_range(self, lamp):
        claim(lamp.given, lamp.made[0], lamp.made[1])
        assert Caller().get(f"{lamp.path}/passport").json()["works_on"] == ["v1–v2"]
        moved = Caller(lamp.staff).patch(f"releases/{lamp.made[2].pk}", {"released_at": "2001-01-01"})
        assert moved.status_code == 200
        told = Caller().get(f"{lamp.path}/passport").json()
        assert (told["works_on"], told["not_yet_confirmed_on"]) == (["v1–v2"], None)
        Caller(lamp.staff).patch(f"releases/{lamp.made[0].pk}", {"released_at": "2000-01-01"})
        # v3 lies between the two ends now.
        told = Caller().get(f"{lamp.path}/passport").json()
        assert told["works_on"] == ["v1–v2"]
        assert [(row["release"]["label"], row["claimed"]) for row in told["releases"]] == [
            ("v2", True), ("v3", True), ("v1", True),
        ]  # fmt: skip


class TestWhatNobodyShouldSend:
    def test_words_that_no_database_keeps_and_words_that_turn_a_line_around(self, lamp):
        author = Caller(lamp.given.author)
        for reason in ("a\x00b", "\ud800", "x" * 301, "\n \t", 7, None):
            problem_of(author.put(f"{lamp.path}/obsolete", {"reason": reason}), 422)
        assert not ObsoleteMark.objects.exists()
        kept = author.put(f"{lamp.path}/obsolete", {"reason": f" {RTL}<b>gone</b>\n now "}).json()
        assert kept["obsolete_reason"] == f"{RTL}<b>gone</b> now"
        page = Caller().client.get(lamp.asked.get_absolute_url()).content.decode()
        assert "<b>gone</b>" not in page
        assert "&lt;b&gt;gone&lt;/b&gt;" in page

    @pytest.mark.parametrize(
        "body",
        [
            {"label": f"v{RTL}9"}, {"label": "v\x009"}, {"label": " \t "}, {"label": None},
            {"label": "v9", "released_at": "0000-00-00"}, {"label": "v9", "released_at": "9999-12-31"},
            {"label": "v9", "notes_url": "https://a b.example/"}, {"label": "v9", "notes_url": "/\\evil.example"},
            {"label": "v9", "notes_url": "data:text/html,x"}, {"label": "v9", "position": 32768},
            {"label": " v1 "}, {"label": "v9", "position": 1.5},
        ],
    )  # fmt: skip
    def test_a_release_that_cannot_be_is_none_and_changes_none(self, lamp, body):
        staff, before = Caller(lamp.staff), rows()
        problem_of(staff.post("products/lamp/releases", body), 422)
        if body["label"]:
            problem_of(staff.patch(f"releases/{lamp.made[1].pk}", body), 422)
        assert rows() == before

    @pytest.mark.parametrize("number", ["0", "-1", "x", str(2**63), "9" * 60])
    def test_numbers_that_are_none_are_not_found(self, lamp, number):
        staff = Caller(lamp.staff)
        for method, path, body in (
            ("GET", f"answers/{number}/passport", None),
            ("PUT", f"answers/{number}/confirmation", {"works": True}),
            ("PATCH", f"releases/{number}", {"label": "v9"}),
            ("DELETE", f"releases/{number}", None),
        ):
            assert staff.call(method, path, body).status_code in (404, 422), path
        assert Release.objects.filter(withdrawn_at__isnull=True).count() == 3
