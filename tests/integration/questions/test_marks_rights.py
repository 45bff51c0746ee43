"""Who may keep a post and say "I have this too": every kind of person and state, by service, page and API."""

import pytest

from portal.core.errors import NotFound, SignInNeeded, StateForbids
from portal.questions.models import Bookmark, Demand, Question
from portal.questions.services.answers import answer_delete
from portal.questions.services.bookmarks import bookmark_remove, bookmark_set
from portal.questions.services.demands import demand_add, demand_remove
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.merging import questions_merge
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, question
from tests.integration.api.conftest import Caller, problem_of

from .scene import KINDS, everything, scene, signed_in

pytestmark = pytest.mark.django_db

REFUSALS = {"S": SignInNeeded, "F": StateForbids, "H": NotFound}
ACTS = {
    "keep the question": lambda u, s: bookmark_set(user=u, kind="question", post_id=s.asked.pk),
    "keep the answer": lambda u, s: bookmark_set(user=u, kind="answer", post_id=s.given.pk, note="later"),
    "drop the question": lambda u, s: bookmark_remove(user=u, kind="question", post_id=s.asked.pk),
    "drop the answer": lambda u, s: bookmark_remove(user=u, kind="answer", post_id=s.given.pk),
    "have it too": lambda u, s: demand_add(user=u, question_id=s.asked.pk),
    "have it no more": lambda u, s: demand_remove(user=u, question_id=s.asked.pk),
}
BOOKMARKS = [name for name in ACTS if "keep" in name or "drop" in name]
# A letter for each of KINDS: a dot lets pass.
#          stranger, sleeping, member, asker, author, commenter, staff
BY_STATE = {
    "open": {"bookmarks": "SS.....", "demand": "SS.F..."},
    "solved": {"bookmarks": "SS.....", "demand": "SS.F..."},
    "closed": {"bookmarks": "SS.....", "demand": "SS.F..."},
    "locked": {"bookmarks": "SS.....", "demand": "SSFFFF."},
    "archived": {"bookmarks": "SS.....", "demand": "SSFFFFF"},
    "deleted": {"bookmarks": "SSHHHHH", "demand": "SSHHHHH"},
}
PLACES = [
    ("PUT", "questions/{q}/bookmark", {"note": "later"}),
    ("PUT", "answers/{a}/bookmark", {}),
    ("DELETE", "questions/{q}/bookmark", None),
    ("DELETE", "answers/{a}/bookmark", None),
    ("PUT", "questions/{q}/demand", None),
    ("DELETE", "questions/{q}/demand", None),
]
PAGES = [
    ("/en/questions/bookmark/question/{q}/", {"value": "1"}),
    ("/en/questions/bookmark/answer/{a}/", {"note": "later"}),
    ("/en/questions/{q}/demand/", {"value": "1"}),
]


def settled(state):
    """A scene whose question is in this state."""
    at = scene()
    staff = at.people["staff"]
    if state == "solved":
        accept(at.given)
    elif state in ("closed", "archived"):
        question_settle(user=staff, question_id=at.asked.pk, status=state)
    elif state == "locked":
        question_lock(user=staff, question_id=at.asked.pk, locked=True)
    elif state == "deleted":
        question_delete(user=staff, question_id=at.asked.pk)
    return at


def marks():
    """Every mark, and what is counted of it."""
    tables = (Bookmark, Demand)
    return [list(table.objects.order_by("pk").values()) for table in tables] + [
        list(Question.objects.order_by("pk").values_list("pk", "demand_count"))
    ]


@pytest.mark.parametrize("state", BY_STATE)
def test_each_service_knows_who_asks_and_what_became_of_the_question(state):
    at = settled(state)
    for name, act in ACTS.items():
        letters = BY_STATE[state]["bookmarks" if name in BOOKMARKS else "demand"]
        for kind, letter in zip(KINDS, letters, strict=True):
            before, posts = marks(), everything()
            if letter == ".":
                act(at.people[kind], at)
                continue
            with pytest.raises(REFUSALS[letter]) as refused:
                act(at.people[kind], at)
            assert str(refused.value), (name, kind)
            assert (marks(), everything()) == (before, posts), (name, kind)


@pytest.mark.parametrize("state", BY_STATE)
def test_the_api_gives_each_the_status_of_the_refusal(state):
    at = settled(state)
    status = {".": (200, 204), "F": (409,), "H": (404,)}
    for kind in ("stranger", "member", "asker", "staff"):
        caller = Caller(None if kind == "stranger" else at.people[kind])
        for method, path, body in PLACES:
            letter = BY_STATE[state]["bookmarks" if "bookmark" in path else "demand"][KINDS.index(kind)]
            before = marks()
            reply = caller.call(method, path.format(q=at.asked.pk, a=at.given.pk), body)
            if letter == ".":
                assert reply.status_code in status[letter], (kind, method, path)
                continue
            told = problem_of(reply, 401 if kind == "stranger" else status[letter][0])
            if state in ("locked", "archived") and kind == "member":
                assert state in told["detail"]
            assert marks() == before, (kind, method, path)


@pytest.mark.parametrize("state", BY_STATE)
def test_the_buttons_of_the_page_answer_alike(state):
    at = settled(state)
    status = {".": 302, "S": 302, "F": 409, "H": 404}
    for kind in KINDS:
        for address, form in PAGES:
            letter = BY_STATE[state]["bookmarks" if "bookmark" in address else "demand"][KINDS.index(kind)]
            before = marks()
            reply = signed_in(at.people[kind]).post(address.format(q=at.asked.pk, a=at.given.pk), form)
            assert reply.status_code == status[letter], (kind, address)
            assert (letter == "S") == ("/account/login/" in reply.headers.get("Location", "")), (kind, address)
            assert letter == "." or marks() == before, (kind, address)


class TestWords:
    @pytest.mark.parametrize(
        ("state", "words"), [("locked", "locked by the staff"), ("archived", "archived: it can be read")]
    )
    def test_a_refusal_says_why_on_the_page_and_over_the_api(self, state, words):
        at = settled(state)
        page = signed_in(at.people["member"]).post(f"/en/questions/{at.asked.pk}/demand/")
        assert words in page.content.decode()
        told = Caller(at.people["member"]).put(f"questions/{at.asked.pk}/demand")
        assert words in problem_of(told, 409)["detail"]

    def test_who_asked_is_told_that_she_is_counted_already(self):
        at = scene()
        words = "you are counted already"
        assert words in signed_in(at.people["asker"]).post(f"/en/questions/{at.asked.pk}/demand/").content.decode()
        assert words in problem_of(Caller(at.people["asker"]).put(f"questions/{at.asked.pk}/demand"), 409)["detail"]

    def test_a_full_list_says_how_many_there_can_be(self, monkeypatch):
        monkeypatch.setattr("portal.questions.services.bookmarks.MOST_BOOKMARKS", 1)
        at = scene()
        client = signed_in(at.people["member"])
        client.post(f"/en/questions/bookmark/question/{at.asked.pk}/")
        refused = client.post(f"/en/questions/bookmark/answer/{at.given.pk}/")
        assert refused.status_code == 409
        assert "You keep 1 bookmarks" in refused.content.decode()
        told = Caller(at.people["member"]).put(f"answers/{at.given.pk}/bookmark", {})
        assert "as many as there can be" in problem_of(told, 409)["detail"]

    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_a_refusal_and_the_empty_list_are_in_the_reader_s_language(self, language):
        at = settled("archived")
        client = signed_in(at.people["member"])
        html = f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"'
        refused = client.post(f"/{language}/questions/{at.asked.pk}/demand/")
        assert refused.status_code == 409 and html in refused.content.decode()
        empty = client.get(f"/{language}/account/bookmarks/")
        assert empty.status_code == 200 and html in empty.content.decode()
        assert empty["Cache-Control"].startswith("max-age=0") and "no-store" in empty["Cache-Control"]


class TestOddCalls:
    @pytest.mark.parametrize("number", ["9" * 19, "9" * 400])
    def test_numbers_beyond_any_table_are_not_found(self, number):
        caller, client = Caller(member()), signed_in(member())
        for path in (f"questions/{number}/bookmark", f"answers/{number}/bookmark", f"questions/{number}/demand"):
            assert caller.put(path, {}).status_code == 404, path
        for path in (f"bookmark/question/{number}/", f"bookmark/answer/{number}/", f"{number}/demand/"):
            assert client.post(f"/en/questions/{path}").status_code == 404, path

    def test_a_link_changes_nothing(self):
        at = scene()
        for address, _form in PAGES:
            page = signed_in(at.people["staff"]).get(address.format(q=at.asked.pk, a=at.given.pk))
            assert page.status_code == 405, address
        assert not Bookmark.objects.exists() and not Demand.objects.exists()

    def test_without_the_token_of_the_form_nothing_changes(self):
        at = scene()
        client = signed_in(at.people["member"])
        client.handler.enforce_csrf_checks = True
        for address, form in PAGES:
            assert client.post(address.format(q=at.asked.pk, a=at.given.pk), form).status_code == 403, address
        assert not Bookmark.objects.exists() and not Demand.objects.exists()

    def test_a_comment_is_nothing_to_keep(self):
        at = scene()
        assert signed_in(at.people["member"]).post(f"/en/questions/bookmark/comment/{at.given.pk}/").status_code == 404


class TestGone:
    def test_a_deleted_answer_is_not_kept_while_its_question_is(self):
        at = scene()
        user = at.people["member"]
        for kind, post in (("question", at.asked), ("answer", at.given)):
            bookmark_set(user=user, kind=kind, post_id=post.pk)
        answer_delete(user=at.people["author"], answer_id=at.given.pk)
        rows = Caller(user).get("bookmarks").json()["results"]
        assert [(row["kind"], row["id"]) for row in rows] == [("question", at.asked.pk)]
        assert Caller(user).put(f"answers/{at.given.pk}/bookmark", {}).status_code == 404

    def test_what_was_joined_with_another_leads_on(self):
        at, target, user = scene(), question(), member()
        with committed():
            questions_merge(user=at.people["staff"], source_id=at.asked.pk, target_id=target.pk)
        for path in (f"questions/{at.asked.pk}/bookmark", f"questions/{at.asked.pk}/demand"):
            reply = Caller(user).put(path, {})
            assert reply.status_code == 409
            assert str(target.pk) in reply.content.decode(), path
        page = signed_in(user).post(f"/en/questions/{at.asked.pk}/demand/")
        assert page.status_code in (302, 409)
        assert not Demand.objects.exists() and not Bookmark.objects.exists()
