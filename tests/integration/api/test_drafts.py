"""Drafts through the API: everyone's own, told and kept; nobody else's is there."""

from typing import Any

import pytest

from portal.questions.models import Draft
from portal.questions.selectors.drafts import place_named
from portal.questions.services.drafts import MOST_DRAFTS, draft_save
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db


def kept(user: Any, place: str = "ask", body: str = "Half a question.") -> Draft:
    """Returns a draft of ``user``."""
    made = draft_save(user=user, place=place_named(place), fields={"body": body})
    assert made is not None
    return made


class TestOutsiders:
    """Strangers and other members."""

    def test_a_stranger_is_told_to_sign_in(self, stranger: Caller) -> None:
        kept(member())
        for method, path in (("GET", "drafts"), ("GET", "drafts/ask"), ("PUT", "drafts/ask"), ("DELETE", "drafts/ask")):
            problem_of(stranger.call(method, path, {"body": "x"} if method == "PUT" else None), 401)
        assert Draft.objects.get().fields == {"body": "Half a question."}

    def test_another_members_draft_is_not_there(self) -> None:
        asked = question()
        kept(member(), f"answer-{asked.pk}")
        for other in (Caller(member()), Caller(asked.author), Caller(member(staff=True))):
            assert other.get("drafts").json() == {"results": [], "next": None}
            problem_of(other.get(f"drafts/answer-{asked.pk}"), 404)
            problem_of(other.delete(f"drafts/answer-{asked.pk}"), 404)
        assert Draft.objects.count() == 1

    def test_a_draft_at_what_one_cannot_see_is_not_found(self) -> None:
        asked = question()
        question_delete(user=asked.author, question_id=asked.pk)
        for place in (f"answer-{asked.pk}", "answer-999999", f"question-edit-{asked.pk}", "reply-1", "answer-edit-1"):
            problem_of(Caller(member()).put(f"drafts/{place}", {"body": "Words."}), 404)
        assert not Draft.objects.exists()

    @pytest.mark.parametrize(
        "place", ["ask-1", "answer", "answer-0", "answer-01", "nothing-1", "answer-1x", "ASK", "-"]
    )
    def test_a_place_that_cannot_be_is_not_found(self, place: str) -> None:
        problem_of(Caller(member()).put(f"drafts/{place}", {"body": "Words."}), 404)


class TestKeeping:
    """What the owner does."""

    def test_a_draft_is_made_changed_told_and_deleted(self) -> None:
        asked, caller = question(), Caller(member())
        path = f"drafts/answer-{asked.pk}"
        first = caller.put(path, {"body": "One."})
        assert (first.status_code, first.headers["ETag"]) == (200, '"1"')
        told = first.json()
        assert (told["place"], told["kind"], told["target_id"]) == (f"answer-{asked.pk}", "answer", asked.pk)
        assert told["fields"] == {"body": "One."}
        assert told["url"].endswith(f"/?draft=answer-{asked.pk}#your-answer")
        second = caller.put(path, {"body": "Two."}, If_Match='"1"')
        assert second.json()["version"] == 2
        assert caller.get(path).json() == second.json() == caller.get("drafts").json()["results"][0]
        assert caller.delete(path).status_code == 204
        problem_of(caller.get(path), 404)

    def test_each_kind_has_a_place_and_an_address(self) -> None:
        given = answer()
        said, caller = comment(given), Caller(member())
        number = given.question_id
        places = ["ask", f"answer-{number}", f"question-edit-{number}", f"answer-edit-{given.pk}"]
        places += [f"question-comment-{number}", f"answer-comment-{given.pk}", f"reply-{said.pk}"]
        for place in places:
            told = caller.put(f"drafts/{place}", {"body": "Words.", "title": "A title", "version": "1"}).json()
            assert told["place"] == place
            assert caller.client.get(told["url"].removeprefix("http://testserver")).status_code in (200, 302, 403)
        assert [row["place"] for row in caller.walk("drafts?limit=2")] == places[::-1]

    def test_what_does_not_belong_to_the_place_is_not_kept(self) -> None:
        asked, caller = question(), Caller(member())
        body = {"body": "Words.", "title": "Not here", "note": "Nor this"}
        assert caller.put(f"drafts/answer-{asked.pk}", body).json()["fields"] == {"body": "Words."}

    def test_over_a_draft_one_must_say_which(self) -> None:
        caller = Caller(member())
        caller.put("drafts/ask", {"body": "One."})
        problem_of(caller.put("drafts/ask", {"body": "Two."}), 428)
        problem_of(caller.put("drafts/ask", {"body": "Two."}, If_Match='"7"'), 412)
        assert Draft.objects.get().fields == {"body": "One."}
        assert caller.put("drafts/ask", {"body": "Two."}, If_Match="*").status_code == 200

    def test_an_empty_one_is_none(self) -> None:
        caller = Caller(member())
        assert caller.put("drafts/ask", {"body": " "}).status_code == 204
        caller.put("drafts/ask", {"body": "One."})
        assert caller.put("drafts/ask", {"body": ""}, If_Match='"1"').status_code == 204
        assert not Draft.objects.exists()

    def test_there_is_an_end(self) -> None:
        who = member()
        Draft.objects.bulk_create(Draft(owner=who, kind="answer", target_id=n + 1) for n in range(MOST_DRAFTS))
        problem_of(Caller(who).put("drafts/ask", {"body": "One more."}), 409)
        assert Draft.objects.count() == MOST_DRAFTS

    def test_too_much_text_is_refused(self) -> None:
        told = problem_of(Caller(member()).put("drafts/ask", {"body": "x" * 200_001}), 422)
        assert list(told["errors"]) == ["body"]

    def test_a_draft_outlives_what_it_was_for(self) -> None:
        asked, who = question(), member()
        kept(who, f"answer-{asked.pk}")
        question_delete(user=asked.author, question_id=asked.pk)
        told = Caller(who).get("drafts").json()["results"][0]
        assert (told["fields"], told["url"]) == ({"body": "Half a question."}, None)
        changed = Caller(who).put(f"drafts/answer-{asked.pk}", {"body": "Kept on."}, If_Match='"1"')
        assert changed.json()["fields"] == {"body": "Kept on."}
