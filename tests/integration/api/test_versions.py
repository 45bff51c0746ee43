"""Releases, passports, confirmations, solutions and outdated answers over the API; the outsider first."""

import pytest

from portal.questions.models import Confirmation, ObsoleteMark, Passport, Release, Solution
from tests.factories.accounts import member
from tests.factories.questions import answer, question
from tests.factories.versions import claim, product, release, releases, say

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp():
    """A product with two releases, a question about it by ``asker``, an answer by ``helper``."""
    made = product()
    made.made = releases("v1", "v2", of=made)
    made.given = answer(question(member("asker"), topics=("lamp",)), member("helper"))
    made.path = f"answers/{made.given.pk}"
    return made


def rows():
    """Returns how much there is of all that these calls write."""
    return tuple(list(table.objects.order_by("pk").values()) for table in TABLES)


TABLES = (Confirmation, ObsoleteMark, Passport, Release, Solution)


class TestOutsiders:
    def test_a_stranger_reads_and_writes_nothing(self, lamp, stranger):
        first = {"first": lamp.made[0].pk}
        calls = [
            ("POST", "products/lamp/releases", {"label": "v3"}),
            ("PATCH", f"releases/{lamp.made[0].pk}", {"label": "v0"}),
            ("DELETE", f"releases/{lamp.made[0].pk}", None),
            ("POST", f"releases/{lamp.made[0].pk}/restore", None),
            *((method, f"{lamp.path}/passport", first) for method in ("PUT", "DELETE")),
            *((method, f"{lamp.path}/solution", first) for method in ("PUT", "DELETE")),
            *((method, f"{lamp.path}/obsolete", {"reason": "Gone."}) for method in ("PUT", "DELETE")),
            ("PUT", f"{lamp.path}/confirmation", {"works": True}),
        ]
        before = rows()
        for method, path, body in calls:
            problem_of(stranger.call(method, path, body), 401)
        assert rows() == before
        for path in ("products/lamp/releases", f"{lamp.path}/passport", "to-confirm"):
            assert stranger.get(path).status_code == 200

    def test_a_member_without_a_part_in_it_only_confirms(self, lamp, caller):
        other = caller(member())
        first, before = {"first": lamp.made[0].pk}, rows()
        for method, path, body in (
            ("POST", "products/lamp/releases", {"label": "v3"}),
            ("PATCH", f"releases/{lamp.made[0].pk}", {"label": "v0"}),
            ("DELETE", f"releases/{lamp.made[0].pk}", None),
            ("PUT", f"{lamp.path}/passport", first),
            ("PUT", f"{lamp.path}/solution", first),
            ("PUT", f"{lamp.path}/obsolete", {"reason": "Gone."}),
        ):
            problem_of(other.call(method, path, body), 403)
        assert rows() == before
        assert other.put(f"{lamp.path}/confirmation", {"works": True}).status_code == 200

    def test_what_is_deleted_is_not_found(self, lamp, caller):
        helper = caller(lamp.given.author)
        assert helper.delete(lamp.path).status_code == 204
        problem_of(helper.get(f"{lamp.path}/passport"), 404)
        problem_of(helper.put(f"{lamp.path}/confirmation", {"works": True}), 404)
        problem_of(helper.get("products/nothing/releases"), 404)
        problem_of(helper.get("to-confirm?product=nothing"), 404)


class TestReleases:
    def test_the_staff_registers_changes_withdraws_and_restores(self, caller):
        product("第3世代")
        staff = caller(member(staff=True))
        path = "products/第3世代/releases"
        made = staff.post(path, {"label": "v10", "released_at": "2026-01-31", "notes_url": "/en/news/ten/"})
        assert made.status_code == 201
        told = made.json()
        assert told.items() >= {"label": "v10", "released_at": "2026-01-31", "withdrawn": False}.items()
        assert staff.post(path, {"label": "v9", "released_at": "2025-12-01"}).status_code == 201
        assert [row["label"] for row in staff.get(path).json()["results"]] == ["v9", "v10"]
        place = f"releases/{told['id']}"
        assert staff.patch(place, {"released_at": "2025-11-01"}).json()["notes_url"] == "/en/news/ten/"
        assert [row["label"] for row in staff.get(path).json()["results"]] == ["v10", "v9"]
        assert staff.delete(place).status_code == 204
        problem_of(staff.delete(place), 409)
        assert [row["label"] for row in staff.get(path).json()["results"]] == ["v9"]
        assert staff.post(f"{place}/restore").json()["withdrawn"] is False
        problem_of(staff.post(f"{place}/restore"), 409)

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"label": ""}, "label"),
            ({"label": "v" * 41}, "label"),
            ({"label": "v1"}, "label"),
            ({"label": "a\u202eb"}, "label"),
            ({"label": "v9", "released_at": "2999-01-01"}, "released_at"),
            ({"label": "v9", "notes_url": "javascript:alert(1)"}, "notes_url"),
            ({"label": "v9", "notes_url": "//evil.example/x"}, "notes_url"),
            ({"label": "v9", "notes_url": "https://[broken"}, "notes_url"),
            ({"label": "v9", "position": -1}, "position"),
            ({"label": "v9", "position": 10**9}, "position"),
        ],
    )
    def test_what_cannot_be_a_release_is_refused_by_field(self, lamp, caller, body, field):
        told = problem_of(caller(member(staff=True)).post("products/lamp/releases", body), 422)
        assert list(told["errors"]) == [field]
        assert Release.objects.count() == 2

    def test_a_topic_that_is_no_product_has_none(self, lamp, caller):
        question_topic = product("Kettle")
        type(question_topic).objects.filter(pk=question_topic.pk).update(kind="topic")
        problem_of(caller(member(staff=True)).post("products/kettle/releases", {"label": "v1"}), 404)


class TestPassports:
    def test_a_claim_a_confirmation_and_what_follows(self, lamp, caller):
        helper, other = caller(lamp.given.author), caller(member())
        told = helper.put(f"{lamp.path}/passport", {"first": lamp.made[0].pk}).json()
        assert (told["state"], told["works_on"], told["not_yet_confirmed_on"]) == ("works", ["v1"], "v2")
        told = other.put(f"{lamp.path}/confirmation", {"works": True}).json()
        assert (told["works_on"], told["not_yet_confirmed_on"]) == (["v1–v2"], None)
        assert (told["confirmed"]["by"], told["confirmed"]["count"]) == ("member", 1)
        assert [(row["release"]["label"], row["mine"]) for row in told["releases"]] == [("v2", True), ("v1", None)]
        told = other.put(f"{lamp.path}/confirmation", {"works": None}).json()
        assert told["confirmed"] is None
        assert helper.delete(f"{lamp.path}/passport").json()["works_on"] == []

    def test_refuted_by_the_staff_it_is_obsolete_everywhere(self, lamp, caller, stranger):
        staff = caller(member(staff=True))
        told = staff.put(f"{lamp.path}/confirmation", {"works": False, "release": lamp.made[1].pk}).json()
        assert (told["state"], told["obsolete"], told["obsolete_reason"]) == ("obsolete", True, None)
        assert stranger.get(lamp.path).json()["obsolete"] is True

    @pytest.mark.parametrize("body", [{}, {"works": "yes"}, {"works": 1}, {"works": True, "release": 0}])
    def test_what_is_no_word_is_refused(self, lamp, caller, body):
        assert caller(member()).put(f"{lamp.path}/confirmation", body).status_code == 422
        assert not Confirmation.objects.exists()

    def test_a_release_of_another_product_is_refused(self, lamp, caller):
        other = release(product("Kettle"), "k1")
        problem_of(caller(member()).put(f"{lamp.path}/confirmation", {"works": True, "release": other.pk}), 422)
        problem_of(caller(lamp.given.author).put(f"{lamp.path}/passport", {"first": other.pk}), 422)
        problem_of(caller(lamp.given.author).put(f"{lamp.path}/passport", {}), 422)

    def test_without_a_product_there_is_nothing_to_say(self, caller, stranger):
        plain = answer()
        told = stranger.get(f"answers/{plain.pk}/passport").json()
        assert (told["state"], told["product"], told["releases"]) == (None, None, [])
        problem_of(caller(member()).put(f"answers/{plain.pk}/confirmation", {"works": True}), 409)

    def test_outdated_by_hand_and_back(self, lamp, caller):
        helper, staff = caller(lamp.given.author), caller(member(staff=True))
        told = helper.put(f"{lamp.path}/obsolete", {"reason": "The menu is gone."}).json()
        assert (told["obsolete"], told["obsolete_reason"], told["state"]) == (True, "The menu is gone.", "obsolete")
        problem_of(staff.put(f"{lamp.path}/obsolete", {"reason": "Again."}), 409)
        problem_of(caller(lamp.given.question.author).delete(f"{lamp.path}/obsolete"), 403)
        assert staff.delete(f"{lamp.path}/obsolete").json()["obsolete"] is False
        problem_of(staff.put(f"{lamp.path}/obsolete", {"reason": " "}), 422)


class TestSolutions:
    def test_the_question_tells_them_beside_the_accepted_one(self, lamp, caller, stranger):
        asked = lamp.given.question
        asker, second = caller(asked.author), answer(asked)
        assert asker.post(f"answers/{second.pk}/accept").status_code == 200
        body = {"first": lamp.made[0].pk, "last": lamp.made[1].pk}
        assert asker.put(f"{lamp.path}/solution", body).json()["solution"] == ["v1–v2"]
        told = stranger.get(f"questions/{asked.pk}").json()
        listed = [{"answer_id": lamp.given.pk, "product": "lamp", "first": "v1", "last": "v2"}]
        assert (told["accepted_answer_id"], told["solutions"]) == (second.pk, listed)
        assert stranger.get("questions").json()["results"][0]["solutions"] == listed
        assert asker.delete(f"{lamp.path}/solution").json()["solution"] is None
        assert stranger.get(f"questions/{asked.pk}").json()["solutions"] == []

    def test_a_list_of_many_costs_no_more_queries(self, lamp, stranger, django_assert_max_num_queries):
        with django_assert_max_num_queries(20) as few:
            stranger.get("questions")
        for _each in range(3):
            asked = question(topics=("lamp",))
            given = answer(asked)
            Caller(asked.author).put(f"answers/{given.pk}/solution", {"first": lamp.made[0].pk})
        with django_assert_max_num_queries(20) as many:
            assert len(stranger.get("questions").json()["results"]) == 4
        assert len(many) <= len(few) + 2


class TestQueue:
    def test_the_most_viewed_first_page_by_page(self, lamp, stranger):
        for views in range(23):
            asked = question(topics=("lamp",))
            type(asked).objects.filter(pk=asked.pk).update(views_count=views)
            claim(answer(asked), lamp.made[0])
        release(lamp, "v3")
        found = stranger.walk("to-confirm?product=lamp")
        assert len(found) == len({row["id"] for row in found}) == 23
        page = stranger.get("to-confirm").json()
        assert (page["release"]["label"], page["waiting"], len(page["results"])) == ("v3", 23, 20)
        first = type(lamp.given).objects.get(pk=page["results"][0]["id"])
        assert first.question.views_count == 22
        say(first)
        assert stranger.get("to-confirm").json()["waiting"] == 22

    @pytest.mark.parametrize("cursor", ["0", "-1", "99999", "x"])
    def test_a_page_that_there_is_not(self, lamp, stranger, cursor):
        assert stranger.get(f"to-confirm?cursor={cursor}").status_code in (200, 404)

    def test_without_any_release_it_is_empty(self, stranger):
        assert stranger.get("to-confirm").json() == {"release": None, "waiting": 0, "results": [], "next": None}


class TestClaimsWithTheWords:
    """An answer and the versions that it is for, in one call."""

    def test_a_stranger_and_another_member_change_nothing(self, lamp, stranger):
        body = {"body": "Open it.", "versions": {"first": lamp.made[0].pk}}
        assert stranger.post(f"questions/{lamp.given.question_id}/answers", body).status_code == 401
        assert stranger.call("PATCH", lamp.path, body, If_Match='"1"').status_code == 401
        assert Caller(member()).call("PATCH", lamp.path, body, If_Match='"1"').status_code == 403
        assert not Passport.objects.exists()

    def test_given_with_the_answer(self, lamp):
        writer = Caller(member())
        sent = {"body": "Open it.", "versions": {"first": lamp.made[0].pk, "last": lamp.made[1].pk}}
        reply = writer.post(f"questions/{lamp.given.question_id}/answers", sent)
        assert reply.status_code == 201
        made = Passport.objects.get(answer=reply.json()["id"])
        assert (made.first, made.last) == tuple(lamp.made)
        assert writer.get(f"answers/{reply.json()['id']}/passport").json()["works_on"] == ["v1–v2"]

    def test_changed_left_alone_and_taken_back(self, lamp):
        writer = Caller(lamp.given.author)
        claim(lamp.given, lamp.made[0])
        assert writer.call("PATCH", lamp.path, {"body": "Open it."}, If_Match='"1"').json()["version"] == 2
        assert Passport.objects.get().first == lamp.made[0]
        sent = {"versions": {"last": lamp.made[1].pk}}
        reply = writer.call("PATCH", lamp.path, sent, If_Match='"2"')
        assert reply.json()["version"] == 2 and Passport.objects.get().first == lamp.made[1]
        assert writer.call("PATCH", lamp.path, {"versions": None}, If_Match='"2"').status_code == 200
        assert not Passport.objects.exists()

    def test_a_stale_version_changes_nothing(self, lamp):
        sent = {"versions": {"first": lamp.made[0].pk}}
        assert Caller(lamp.given.author).call("PATCH", lamp.path, sent, If_Match='"7"').status_code == 412
        assert not Passport.objects.exists()

    def test_what_cannot_be_is_said_by_field(self, lamp):
        fan = release(product("Fan"), "2024.1")
        writer = Caller(member())
        one, two = (made.pk for made in lamp.made)
        for sent, field in (
            ({"first": two, "last": one}, "last"),
            ({"first": one, "last": fan.pk}, "last"),
            ({"first": fan.pk}, "first"),
            ({"first": 999_999}, "first"),
        ):
            reply = writer.post(f"questions/{lamp.given.question_id}/answers", {"body": "Open it.", "versions": sent})
            assert set(problem_of(reply, 422)["errors"]) == {field}
        assert not Passport.objects.exists() and lamp.given.question.answers.count() == 1

    def test_a_question_tells_only_solutions_for_products_that_it_is_about(self, lamp):
        asked = lamp.given.question
        asker = Caller(asked.author)
        asker.put(f"{lamp.path}/solution", {"first": lamp.made[0].pk})
        (told,) = asker.get(f"questions/{asked.pk}").json()["solutions"]
        assert told == {"answer_id": lamp.given.pk, "product": "lamp", "first": "v1", "last": "v1"}
        version = f'"{asker.get(f"questions/{asked.pk}").json()["version"]}"'
        asker.call("PATCH", f"questions/{asked.pk}", {"topics": []}, If_Match=version)
        assert asker.get(f"questions/{asked.pk}").json()["solutions"] == []
        assert Solution.objects.exists()
