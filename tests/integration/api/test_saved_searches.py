"""Saved searches over the API: strangers and others first, then keeping, changing and deleting."""

import pytest

from portal.discovery.models import SavedSearch
from portal.discovery.services import saved_searches as services
from tests.factories.accounts import member
from tests.integration.api.conftest import problem_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(caller):
    return caller(member("owner"))


@pytest.fixture
def made(owner):
    return owner.post("saved-searches", {"query": "q=valve&page=2&type=question", "name": "Valves"}).json()


class TestOutsiders:
    def test_a_stranger_is_asked_for_a_token(self, stranger, made):
        place = f"saved-searches/{made['id']}"
        for reply in (
            stranger.get("saved-searches"),
            stranger.get(place),
            stranger.post("saved-searches", {"query": "q=x"}),
            stranger.patch(place, {"name": "x"}),
            stranger.delete(place),
        ):
            problem_of(reply, 401)

    def test_to_another_member_it_does_not_exist(self, caller, made):
        other = caller(member(staff=True))
        place = f"saved-searches/{made['id']}"
        assert other.get("saved-searches").json()["results"] == []
        for reply in (other.get(place), other.patch(place, {"name": "x"}, If_Match="*"), other.delete(place)):
            problem_of(reply, 404)
        assert SavedSearch.objects.get().name == "Valves"


class TestKeeping:
    def test_what_is_made_is_told_and_listed(self, owner, made):
        assert made["query"] == "q=valve&type=question"
        assert made["url"] == "http://testserver/en/search/?q=valve&type=question"
        assert (made["name"], made["frequency"], made["language"], made["version"]) == ("Valves", "daily", "en", 1)
        assert owner.get(f"saved-searches/{made['id']}").json() == made
        assert owner.walk("/api/v1/saved-searches?limit=1") == [made]

    def test_it_is_made_once_for_one_key(self, owner):
        replies = [owner.post("saved-searches", {"query": "q=lamp"}, Idempotency_Key="k1") for _again in range(2)]
        assert [reply.status_code for reply in replies] == [201, 201]
        assert replies[0].json() == replies[1].json()
        assert replies[1].headers["Idempotency-Replayed"] == "true"
        assert replies[0].headers["Location"].endswith(f"/api/v1/saved-searches/{replies[0].json()['id']}")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "query"),
            ({"query": ""}, "query"),
            ({"query": "page=2"}, "query"),
            ({"query": 5}, "query"),
            ({"query": "q=x", "frequency": "hourly"}, "frequency"),
            ({"query": "q=x", "name": "x" * 121}, "name"),
            ({"query": "q=\ud800"}, "query"),
        ],
    )
    def test_what_cannot_be_names_its_field(self, owner, body, field):
        assert field in problem_of(owner.post("saved-searches", body), 422)["errors"]
        assert SavedSearch.objects.count() == 0

    def test_the_limit_is_a_conflict_that_says_what_to_do(self, owner, made, monkeypatch):
        monkeypatch.setattr(services, "MOST_SAVED", 1)
        assert "Delete one" in problem_of(owner.post("saved-searches", {"query": "q=lamp"}), 409)["detail"]


class TestChanging:
    def test_a_change_begins_from_a_version(self, owner, made):
        place = f"saved-searches/{made['id']}"
        problem_of(owner.patch(place, {"name": "New"}), 428)
        changed = owner.patch(place, {"name": "New", "frequency": "never"}, If_Match='"1"')
        assert (changed.json()["name"], changed.json()["frequency"]) == ("New", "never")
        assert changed.headers["ETag"] == '"2"'
        problem_of(owner.patch(place, {"name": "Newer"}, If_Match='"1"'), 412)
        assert SavedSearch.objects.get().name == "New"

    def test_gone_is_gone(self, owner, made):
        place = f"saved-searches/{made['id']}"
        assert owner.delete(place).status_code == 204
        problem_of(owner.delete(place), 404)
        problem_of(owner.get(place), 404)
