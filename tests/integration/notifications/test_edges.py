"""Odd numbers, cursors of others, members who are gone, and two at once where there is room for one."""

import threading

import pytest
from django.db import connection
from django.test import Client

from portal.core.errors import StateForbids
from portal.core.paging import encode_cursor
from portal.discovery.models import SavedSearch
from portal.discovery.services import saved_searches as services
from portal.discovery.services.saved_searches import saved_search_create
from portal.notifications.links import Unsubscribing, unsubscribe_token
from portal.notifications.models import Kind, Notification
from portal.notifications.selectors.inbox import inbox_page, unread_count
from portal.notifications.services.inbox import notifications_hide_unseen, notifications_read_all
from portal.questions.services.questions import question_delete, question_restore
from tests.factories.accounts import member, token
from tests.factories.browsers import browser
from tests.factories.events import committed
from tests.factories.questions import question

HUGE = "9" * 30


def note(user, asked):
    return Notification.objects.create(
        recipient=user, kind=Kind.SAVED_SEARCH, document_type="question", document_id=str(asked.pk)
    )


def api(user, address):
    return Client().get(f"/api/v1/{address}", headers={"Authorization": f"Bearer {token(user)}"})


@pytest.mark.django_db
class TestNumbers:
    def test_a_number_that_no_database_holds_is_nobodys_note(self, reader):
        client = browser(reader)
        assert client.get(f"/en/inbox/{HUGE}/").status_code == 404
        assert client.post(f"/en/inbox/{HUGE}/read/").status_code == 404
        assert api(reader, f"saved-searches/{HUGE}").status_code in (404, 422)

    def test_a_link_of_a_member_who_is_gone_ends_nothing_and_says_nothing(self, reader):
        other = saved_search_create(user=member(), query="q=lamp", name="Lamps of another")
        mine = saved_search_create(user=reader, query="q=valve", name="Valves of mine")
        path = f"/en/inbox/unsubscribe/{unsubscribe_token(Unsubscribing(reader.pk, (mine.pk, other.pk)))}/"
        reader.delete()
        for reply in (Client().get(path), Client().post(path)):
            assert reply.status_code == 200
            assert "of mine" not in reply.text and "of another" not in reply.text
        assert list(SavedSearch.objects.values_list("name", "frequency")) == [("Lamps of another", "daily")]

    @pytest.mark.parametrize("method", ["put", "delete", "patch"])
    def test_a_link_is_opened_or_sent_and_nothing_else(self, reader, method):
        path = f"/en/inbox/unsubscribe/{unsubscribe_token(Unsubscribing(reader.pk, (1,)))}/"
        assert getattr(Client(), method)(path).status_code == 405


@pytest.mark.django_db
class TestCursors:
    def test_a_cursor_of_another_members_note_shows_but_ones_own(self, reader):
        mine = [note(reader, question()) for _each in range(2)]
        theirs = note(member(), question(title="A private matter"))
        cursor = encode_cursor([theirs.told_at, theirs.pk + 1])
        page = inbox_page(reader, cursor=cursor)
        assert [entry.note.pk for entry in page.entries] == [mine[1].pk, mine[0].pk]
        assert "private matter" not in api(reader, f"inbox?cursor={cursor}").text

    @pytest.mark.parametrize(
        "values", [["x"], [None], ["2026-01-01T00:00:00+00:00", 2**70], [1, 2], [], [True], [{"a": 1}], ["x", 1]]
    )
    def test_a_cursor_of_something_else_is_a_problem_and_no_page(self, reader, values):
        reply = api(reader, f"inbox?cursor={encode_cursor(values)}")
        assert reply.status_code == 400
        assert reply["Content-Type"].startswith("application/problem+json")

    def test_the_api_walks_to_the_end_over_what_may_not_be_seen_any_more(self, reader):
        asked = [question() for _each in range(6)]
        notes = {note(reader, each).pk: each for each in asked}
        gone = set(list(notes)[2:5])
        for pk in gone:
            with committed():
                question_delete(user=notes[pk].author, question_id=notes[pk].pk)
        seen, cursor = [], ""
        for _round in range(10):
            page = api(reader, f"inbox?limit=2{cursor}").json()
            seen += [row["id"] for row in page["results"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        assert page["next"] is None
        assert seen == sorted(set(notes) - gone, reverse=True)


@pytest.mark.django_db
class TestCounting:
    def test_only_the_unread_are_hidden_and_what_was_read_stays_so(self, reader):
        asked = [question() for _each in range(3)]
        first, second, third = (note(reader, each) for each in asked)
        notifications_read_all(user=reader)
        Notification.objects.filter(pk__in=[second.pk, third.pk]).update(read_at=None)
        for each in asked[:2]:
            with committed():
                question_delete(user=each.author, question_id=each.pk)
        assert unread_count(reader) == 2
        assert notifications_hide_unseen(user=reader) == 1
        assert unread_count(reader) == 1
        assert Notification.objects.filter(pk=first.pk).exists()
        assert [entry.note.pk for entry in inbox_page(reader).entries] == [third.pk]
        assert notifications_hide_unseen(user=reader) == 1
        with committed():
            question_restore(user=asked[1].author, question_id=asked[1].pk)
        assert notifications_hide_unseen(user=reader) == 0
        assert unread_count(reader) == 2, "what came back is counted again"

    def test_reading_all_touches_nobody_else_and_tells_how_many(self, reader):
        other, asked = member(), question()
        note(reader, asked), note(other, asked)
        assert notifications_read_all(user=reader) == 1
        assert notifications_read_all(user=reader) == 0
        assert unread_count(other) == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_only_as_many_are_kept_as_there_is_room_for(monkeypatch):
    monkeypatch.setattr(services, "MOST_SAVED", 2)
    owner = member("owner")
    ready, refused = threading.Barrier(4), []

    def keep(number):
        try:
            ready.wait(timeout=10)
            saved_search_create(user=owner, query=f"q=valve{number}")
        except StateForbids:
            refused.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert SavedSearch.objects.count() == 2
    assert len(refused) == 2
