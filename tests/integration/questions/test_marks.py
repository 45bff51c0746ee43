"""Bookmarks are one's own; "I have this too" is counted once. The outsider comes first."""

from functools import partial

import pytest
from django.db import transaction
from django.test import Client

from portal.core.errors import Invalid, NotFound, SignInNeeded, StateForbids
from portal.core.events import receives
from portal.questions import events
from portal.questions.models import Bookmark, Demand, Question
from portal.questions.selectors.lists import question_list
from portal.questions.selectors.marks import PAGE_SIZE, bookmarks_page
from portal.questions.services import bookmarks as bookmark_services
from portal.questions.services.bookmarks import bookmark_remove, bookmark_set
from portal.questions.services.counters import questions_recount
from portal.questions.services.demands import demand_add, demand_remove
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.questions import question_delete, question_restore
from tests.factories.accounts import member, token
from tests.factories.browsers import browser as browser_of
from tests.factories.events import committed
from tests.factories.questions import accept, anonymous_allow, answer, question

from .test_counters import together

pytestmark = pytest.mark.django_db
SECRET = "zanzibarquokka"

browser = partial(browser_of, HTTP_REFERER="http://testserver/en/questions/")


def api(user=None):
    headers = {"Authorization": f"Bearer {token(user)}"} if user is not None else {}

    def call(method, path, body=None):
        return Client().generic(
            method, f"/api/v1/{path}", body or b"", content_type="application/json", headers=headers
        )

    return call


class TestBookmarksOfOthers:
    def test_nobody_else_sees_them_nor_their_notes(self):
        owner, asked = member(), question()
        bookmark_set(user=owner, kind="question", post_id=asked.pk, note=SECRET)
        for other in (member(), member(staff=True), asked.author):
            assert bookmarks_page(user=other).rows == []
            assert SECRET not in browser(other).get("/en/account/bookmarks/").content.decode()
            assert SECRET not in browser(other).get(asked.get_absolute_url()).content.decode()
            assert api(other)("GET", "bookmarks").json()["results"] == []

    def test_strangers_are_led_to_sign_in_and_keep_nothing(self):
        asked = question()
        with pytest.raises(SignInNeeded):
            bookmark_set(user=None, kind="question", post_id=asked.pk)
        with pytest.raises(SignInNeeded):
            bookmarks_page(user=None)
        assert "/account/login/" in browser().get("/en/account/bookmarks/")["Location"]
        assert "/account/login/" in browser().post(f"/en/questions/bookmark/question/{asked.pk}/")["Location"]
        for method, path in (("GET", "bookmarks"), ("PUT", f"questions/{asked.pk}/bookmark")):
            assert api()(method, path, b"{}").status_code == 401
        assert not Bookmark.objects.exists()

    def test_what_is_not_there_is_not_kept(self):
        given = answer()
        question_delete(user=member(staff=True), question_id=given.question_id)
        for kind, pk in (("question", given.question_id), ("answer", given.pk), ("question", 10**9)):
            with pytest.raises(NotFound):
                bookmark_set(user=member(), kind=kind, post_id=pk)
        assert api(member())("PUT", f"questions/{given.question_id}/bookmark", b"{}").status_code == 404


class TestBookmarks:
    def test_kept_once_with_the_note_until_it_is_dropped(self):
        user, given = member(), answer()
        for _time in range(2):
            bookmark_set(user=user, kind="answer", post_id=given.pk, note="  for the\x00 winter ")
        assert Bookmark.objects.get().note == "for the winter"
        bookmark_set(user=user, kind="answer", post_id=given.pk)
        assert Bookmark.objects.get().note == "for the winter"
        bookmark_set(user=user, kind="answer", post_id=given.pk, note="")
        assert Bookmark.objects.get().note == ""
        for _time in range(2):
            bookmark_remove(user=user, kind="answer", post_id=given.pk)
        assert not Bookmark.objects.exists()

    def test_a_note_that_is_too_long_is_refused_whole(self):
        user, asked = member(), question()
        with pytest.raises(Invalid):
            bookmark_set(user=user, kind="question", post_id=asked.pk, note="x" * 301)
        assert not Bookmark.objects.exists()

    def test_there_is_an_end_to_them(self, monkeypatch):
        monkeypatch.setattr(bookmark_services, "MOST_BOOKMARKS", 2)
        user, posts = member(), [question() for _ in range(3)]
        for asked in posts[:2]:
            bookmark_set(user=user, kind="question", post_id=asked.pk)
        with pytest.raises(StateForbids):
            bookmark_set(user=user, kind="question", post_id=posts[2].pk)
        bookmark_set(user=user, kind="question", post_id=posts[0].pk, note="still mine")

    def test_what_is_deleted_vanishes_and_comes_back_with_its_post(self):
        user, given, staff = member(), answer(), member(staff=True)
        bookmark_set(user=user, kind="answer", post_id=given.pk, note=SECRET)
        question_delete(user=staff, question_id=given.question_id)
        assert SECRET not in browser(user).get("/en/account/bookmarks/").content.decode()
        question_restore(user=staff, question_id=given.question_id)
        assert SECRET in browser(user).get("/en/account/bookmarks/").content.decode()

    def test_the_list_pages_and_says_when_it_is_empty(self):
        user = member()
        assert "No bookmarks yet" in browser(user).get("/en/account/bookmarks/").content.decode()
        asked = question()
        rows = [Bookmark(user=user, answer=answer(asked)) for _ in range(PAGE_SIZE + 1)]
        Bookmark.objects.bulk_create(rows)
        first = bookmarks_page(user=user)
        rest = bookmarks_page(user=user, cursor=first.next)
        assert len({row.pk for row in [*first.rows, *rest.rows]}) == PAGE_SIZE + 1
        assert "after=" in browser(user).get("/en/account/bookmarks/").content.decode()

    def test_the_button_with_and_without_a_script(self):
        user, asked = member(), question()
        address, client = f"/en/questions/bookmark/question/{asked.pk}/", browser(user)
        assert address in client.get(asked.get_absolute_url()).content.decode()
        part = client.post(address, {"value": "1"}, headers={"HX-Request": "true"})
        assert 'aria-pressed="true"' in part.content.decode()
        assert "<html" not in part.content.decode()
        back = client.post(address, {"value": "0"})
        assert (back.status_code, Bookmark.objects.count()) == (302, 0)
        assert address not in browser().get(asked.get_absolute_url()).content.decode()

    def test_the_note_is_written_on_the_list_and_leads_back_to_it_and_nowhere_else(self):
        user, asked = member(), question()
        client, address = browser(user), f"/en/questions/bookmark/question/{asked.pk}/"
        reply = client.post(address, {"note": "<b>later</b>", "next": "/en/account/bookmarks/"})
        assert reply["Location"] == "/en/account/bookmarks/"
        assert "&lt;b&gt;later" in client.get("/en/account/bookmarks/").content.decode()
        for evil in ("https://evil.example/", "//evil.example/", "/\\evil.example/"):
            assert "evil" not in client.post(address, {"note": "", "next": evil})["Location"]
        client.post(address, {"note": "x" * 400, "next": "/en/account/bookmarks/"})
        assert "Keep it to 300 characters" in client.get("/en/account/bookmarks/").content.decode()

    def test_the_api_keeps_lists_and_drops(self):
        user, given = member(), answer()
        call = api(user)
        told = call("PUT", f"answers/{given.pk}/bookmark", b'{"note": "mine"}').json()
        assert (told["kind"], told["id"], told["question_id"], told["note"]) == (
            "answer", given.pk, given.question_id, "mine",
        )  # fmt: skip
        call("PUT", f"questions/{given.question_id}/bookmark", b"{}")
        kinds = [row["kind"] for row in call("GET", "bookmarks").json()["results"]]
        assert kinds == ["question", "answer"]
        for _time in range(2):
            assert call("DELETE", f"answers/{given.pk}/bookmark").status_code == 204
        assert call("PUT", f"answers/{given.pk}/bookmark", b'{"note": 7}').status_code == 422

    def test_an_anonymous_asker_is_not_named_in_the_list(self):
        asked = question(member("quokkalina"), anonymous=True)
        user = member()
        bookmark_set(user=user, kind="question", post_id=asked.pk)
        assert "quokkalina" not in browser(user).get("/en/account/bookmarks/").content.decode()
        anonymous_allow(False)


def test_an_official_answer_is_marked_at_the_answer_and_not_at_the_question():
    given = answer(user=member(staff=True), official=True)
    page = browser().get(given.question.get_absolute_url()).content.decode()
    assert page.count("official-mark") == 1
    assert "official-mark" in page.split(f'id="answer-{given.pk}"')[1]


class TestDemandOfOutsiders:
    def test_strangers_are_led_to_sign_in_and_not_counted(self):
        asked = question()
        with pytest.raises(SignInNeeded):
            demand_add(user=None, question_id=asked.pk)
        assert "/account/login/" in browser().post(f"/en/questions/{asked.pk}/demand/")["Location"]
        for method in ("PUT", "DELETE"):
            assert api()(method, f"questions/{asked.pk}/demand").status_code == 401
        page = browser().get(asked.get_absolute_url()).content.decode()
        assert "I have this too" in page
        button = page.split("I have this too")[0].rsplit("<", 1)[1]
        assert "/account/login/?next=" in button

    def test_who_asked_is_counted_already(self):
        asked = question()
        with pytest.raises(StateForbids):
            demand_add(user=asked.author, question_id=asked.pk)
        assert api(asked.author)("PUT", f"questions/{asked.pk}/demand").status_code == 409
        assert "I have this too" not in browser(asked.author).get(asked.get_absolute_url()).content.decode()
        demand_add(user=member(), question_id=asked.pk)
        page = browser(asked.author).get(asked.get_absolute_url()).content.decode()
        assert "1 person has this" in page and "I have this too" not in page

    @pytest.mark.parametrize("state", ["locked", "archived", "deleted"])
    def test_what_can_no_longer_be_changed_takes_none(self, state):
        asked, staff = question(), member(staff=True)
        if state == "locked":
            question_lock(user=staff, question_id=asked.pk, locked=True)
        elif state == "archived":
            question_settle(user=staff, question_id=asked.pk, status="archived")
        else:
            question_delete(user=staff, question_id=asked.pk)
        with pytest.raises(NotFound if state == "deleted" else StateForbids):
            demand_add(user=member(), question_id=asked.pk)
        assert not Demand.objects.exists()


class TestDemand:
    def test_each_member_is_counted_once_and_may_take_it_back(self):
        asked, people = question(), [member() for _ in range(3)]
        for person in [*people, people[0]]:
            demand_add(user=person, question_id=asked.pk)
        assert Question.objects.get().demand_count == 3
        assert demand_remove(user=people[0], question_id=asked.pk) == 2
        assert demand_remove(user=people[0], question_id=asked.pk) == 2
        with transaction.atomic():
            assert questions_recount(ids=[asked.pk]) == 0

    def test_listeners_hear_of_it_once_each_way(self):
        heard = []

        @receives(events.DemandAdded, events.DemandRemoved)
        def listen(event):
            heard.append((type(event).__name__, event.actor_id, event.question_id))

        asked, user = question(), member()
        with committed():
            demand_add(user=user, question_id=asked.pk)
            demand_add(user=user, question_id=asked.pk)
            demand_remove(user=user, question_id=asked.pk)
            demand_remove(user=user, question_id=asked.pk)
        assert heard == [("DemandAdded", user.pk, asked.pk), ("DemandRemoved", user.pk, asked.pk)]

    def test_the_page_says_how_many_in_words(self):
        asked = question()
        for count, words in ((1, "1 person has this"), (2, "2 people have this")):
            demand_add(user=member(), question_id=asked.pk)
            page = browser().get(asked.get_absolute_url()).content.decode()
            assert words in page, count
        assert "2 people have this" in browser().get("/en/questions/?tab=newest").content.decode()

    def test_the_button_with_and_without_a_script(self):
        asked, user = question(), member()
        client, address = browser(user), f"/en/questions/{asked.pk}/demand/"
        part = client.post(address, {"value": "1"}, headers={"HX-Request": "true"}).content.decode()
        assert 'aria-pressed="true"' in part and "1 person has this" in part and "<html" not in part
        assert client.post(address, {"value": "0"}).status_code == 302
        assert Question.objects.get().demand_count == 0

    def test_the_most_wanted_come_first_and_solved_ones_not_at_all(self):
        few, many, solved = question(), question(), question()
        for asked, count in ((few, 1), (many, 3), (solved, 4)):
            for _ in range(count):
                demand_add(user=member(), question_id=asked.pk)
        accept(answer(solved))
        rows = question_list(user=None, tab="wanted").rows
        assert [row.pk for row in rows] == [many.pk, few.pk]
        walked, cursor = [], None
        while True:
            page = question_list(user=None, tab="wanted", cursor=cursor, size=1)
            walked += [row.pk for row in page.rows]
            cursor = page.next
            if cursor is None:
                break
        assert walked == [many.pk, few.pk]
        assert "Most wanted" in browser().get("/en/questions/?tab=wanted").content.decode()

    def test_beside_the_suggestions_what_was_typed_is_kept(self):
        asked, user = question(), member()
        client = browser(user)
        typed = {"title": "Why does it leak so?", "body": "On the floor.", "language": "en"}
        reply = client.post(f"/en/questions/{asked.pk}/demand/", typed)
        assert reply["Location"].startswith(asked.get_absolute_url())
        assert Demand.objects.get().user == user
        assert "On the floor." in client.get("/en/questions/ask/").content.decode()

    def test_the_api_tells_the_count(self):
        asked, user = question(), member()
        call = api(user)
        for _time in range(2):
            assert call("PUT", f"questions/{asked.pk}/demand").json() == {"wanted": True, "demand_count": 1}
        assert api()("GET", f"questions/{asked.pk}").json()["demand_count"] == 1
        assert call("DELETE", f"questions/{asked.pk}/demand").json() == {"wanted": False, "demand_count": 0}

    def test_members_who_wait_weigh_in_the_gap_ledger(self):
        from datetime import timedelta

        from portal.analytics.models import Gap
        from portal.analytics.services.ledger.questions import unanswered_cluster
        from portal.core.clock import now

        asked = question()
        Question.objects.filter(pk=asked.pk).update(created_at=now() - timedelta(days=5))
        unanswered_cluster()
        assert Gap.objects.get(question=asked).failed == 1
        for _ in range(3):
            demand_add(user=member(), question_id=asked.pk)
        unanswered_cluster()
        assert Gap.objects.get(question=asked).failed == 4


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_many_members_and_one_member_many_times(self):
        asked, people = question(), [member() for _ in range(4)]
        acts = [lambda who=who: demand_add(user=who, question_id=asked.pk) for who in [*people, *people[:2]]]
        assert together(*acts) == []
        assert Question.objects.get(pk=asked.pk).demand_count == Demand.objects.count() == 4

    def test_a_post_kept_twice_at_once_is_kept_once(self):
        asked, user = question(), member()
        acts = [lambda n=n: bookmark_set(user=user, kind="question", post_id=asked.pk, note=str(n)) for n in range(4)]
        assert together(*acts) == []
        assert Bookmark.objects.count() == 1
