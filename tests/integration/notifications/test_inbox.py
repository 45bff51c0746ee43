"""The inbox: whose notes, what they show, read and unread, the count in the header; on pages and over the API."""

import pytest
from django.test import Client

from portal.core.errors import NotFound
from portal.notifications.models import Kind, Notification
from portal.notifications.selectors.inbox import inbox_page, notifications_of, unread_count
from portal.notifications.services.inbox import notification_read, notifications_read_all
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member, token
from tests.factories.browsers import browser
from tests.factories.events import committed
from tests.factories.questions import question

pytestmark = pytest.mark.django_db


def note(user, asked, search=None) -> Notification:
    return Notification.objects.create(
        recipient=user, kind=Kind.SAVED_SEARCH, document_type="question", document_id=str(asked.pk), saved_search=search
    )


def told(user, address="inbox") -> dict:
    return Client().get(f"/api/v1/{address}", headers={"Authorization": f"Bearer {token(user)}"}).json()


class TestOutsiders:
    def test_a_stranger_is_led_to_sign_in(self, reader):
        one = note(reader, question())
        client = browser()
        for address in ("/en/inbox/", f"/en/inbox/{one.pk}/"):
            assert client.get(address)["Location"].startswith("/en/account/login/?next=/en/inbox/")
        for address in ("/en/inbox/read/", f"/en/inbox/{one.pk}/read/"):
            assert client.post(address)["Location"].startswith("/en/account/login/")
        assert client.get("/api/v1/inbox").status_code == 401
        assert list(notifications_of(None)) == [] and unread_count(None) == 0

    def test_another_member_sees_and_changes_nothing(self, reader):
        one, other = note(reader, question(title="A private matter")), member(staff=True)
        client = browser(other)
        assert "private matter" not in client.get("/en/inbox/").text
        assert client.get(f"/en/inbox/{one.pk}/").status_code == 404
        assert client.post(f"/en/inbox/{one.pk}/read/").status_code == 404
        client.post("/en/inbox/read/")
        assert told(other)["results"] == []
        one.refresh_from_db()
        assert one.read_at is None
        with pytest.raises(NotFound):
            notification_read(user=other, note_id=one.pk)

    def test_what_she_may_no_longer_see_is_gone_and_not_counted(self, reader):
        gone, kept = question(title="The secret valve"), question(title="The open valve")
        hidden = note(reader, gone)
        note(reader, kept)
        with committed():
            question_delete(user=member(staff=True), question_id=gone.pk)
        client = browser(reader)
        assert [row["title"] for row in told(reader)["results"]] == ["The open valve"]
        assert client.get(f"/en/inbox/{hidden.pk}/").status_code == 404
        page = client.get("/en/inbox/").text
        assert "secret" not in page and "The open valve" in page
        assert unread_count(reader) == 1

    def test_a_thing_of_a_kind_that_nobody_knows_any_more_is_left_out(self, reader):
        Notification.objects.create(recipient=reader, kind="saved_search", document_type="gone", document_id="1")
        assert inbox_page(reader).entries == []


class TestReading:
    def test_opening_a_note_leads_there_and_reads_it(self, reader):
        asked = question(title="The valve leaks", language="ja")
        one = note(reader, asked)
        reply = browser(reader).get(f"/ru/inbox/{one.pk}/")
        assert reply["Location"].startswith(f"/ru/questions/{asked.pk}/")
        one.refresh_from_db()
        assert one.read_at is not None

    def test_read_unread_and_all(self, reader):
        first, second = note(reader, question()), note(reader, question())
        client = browser(reader)
        client.post(f"/en/inbox/{first.pk}/read/", {"read": "1"})
        assert unread_count(reader) == 1
        client.post(f"/en/inbox/{first.pk}/read/", {"read": "0"})
        assert unread_count(reader) == 2
        assert "2 notes are read now" in client.post("/en/inbox/read/", follow=True).text
        assert unread_count(reader) == 0
        assert notifications_read_all(user=reader) == 0
        second.refresh_from_db()
        assert second.read_at is not None

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil"])
    def test_the_way_back_stays_here(self, reader, target):
        one = note(reader, question())
        reply = browser(reader).post(f"/en/inbox/{one.pk}/read/", {"next": target})
        assert reply["Location"] == "/en/inbox/"

    def test_the_unread_ones_alone(self, reader):
        read = note(reader, question(title="One that was read"))
        note(reader, question(title="One that is new"))
        notification_read(user=reader, note_id=read.pk)
        page = browser(reader).get("/en/inbox/?show=unread").text
        assert "One that is new" in page and "One that was read" not in page
        assert [row["title"] for row in told(reader, "inbox?unread=true")["results"]] == ["One that is new"]


class TestPage:
    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_empty(self, reader, language):
        page = browser(reader).get(f"/{language}/inbox/")
        assert page.status_code == 200 and f"/{language}/account/searches/" in page.text

    def test_it_says_which_search_brought_it_and_escapes_it(self, reader, keep):
        search = keep(reader, name="<b>Valves")
        note(reader, question(title="<i>The valve"), search)
        page = browser(reader).get("/en/inbox/").text
        assert "New for “&lt;b&gt;Valves”" in page and "&lt;i&gt;The valve" in page

    def test_a_deleted_search_leaves_its_notes(self, reader, keep):
        search = keep(reader)
        note(reader, question(title="The valve leaks"), search)
        search.delete()
        assert "The valve leaks" in browser(reader).get("/en/inbox/").text
        assert told(reader)["results"][0]["saved_search"] is None

    def test_pages_hold_everything_once(self, reader, monkeypatch):
        made = [note(reader, question()).pk for _each in range(5)]
        seen, cursor = [], None
        while True:
            page = inbox_page(reader, cursor=cursor, size=2)
            seen += [entry.note.pk for entry in page.entries]
            cursor = page.next
            if cursor is None:
                break
        assert seen == sorted(made, reverse=True)
        rows = told(reader, "inbox?limit=2")
        assert len(rows["results"]) == 2 and rows["next"] and rows["unread_count"] == 5

    def test_a_cursor_that_is_none_is_refused(self, reader):
        assert browser(reader).get("/en/inbox/?after=x").status_code == 400

    def test_the_count_is_on_every_page_and_costs_a_stranger_nothing(self, reader, django_assert_max_num_queries):
        for _each in range(3):
            note(reader, question())
        assert "Inbox, 3 unread" in browser(reader).get("/en/topics/").text
        assert "/inbox/" not in browser().get("/en/topics/").text
        client = browser(reader)
        client.get("/en/inbox/")
        with django_assert_max_num_queries(20):
            client.get("/en/inbox/")
