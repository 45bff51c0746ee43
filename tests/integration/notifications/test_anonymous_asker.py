"""Who asked anonymously, and what is told: her own question is no news to her, and no note or mail names her."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from portal.core.clock import now
from portal.discovery.models import SavedSearch
from portal.notifications.models import NoteItem, Notification
from portal.notifications.services.matching import saved_searches_look
from portal.notifications.services.sending import note_mails_send
from portal.questions.services.anonymity import question_sign
from portal.questions.services.questions import question_edit
from tests.factories.accounts import member, token
from tests.factories.events import committed
from tests.factories.questions import accept, answer, comment, question, topic, vote

from .telling import follow, told

pytestmark = pytest.mark.django_db
NAME = "quokkalina"


@pytest.fixture
def asker():
    return member(NAME, display_name="Quokkalina Zant")


def look():
    for search in SavedSearch.objects.exclude(due_at=None):
        SavedSearch.objects.filter(pk=search.pk).update(due_at=search.due_at - timedelta(minutes=2))
    return saved_searches_look()


def found_for(user):
    return list(Notification.objects.filter(recipient=user).values_list("document_type", "document_id"))


def inbox_of(user):
    """Every door of a member's inbox, as one text."""
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    pages = [client.get(f"/en/{path}/") for path in ("inbox", "account/follows")]
    headers = {"Authorization": f"Bearer {token(user)}"}
    pages += [Client().get(f"/api/v1/{path}", headers=headers) for path in ("inbox", "follows")]
    assert [page.status_code for page in pages] == [200] * 4
    return "".join(page.content.decode() for page in pages)


def assert_unnamed(text):
    lower = text.casefold()
    assert NAME not in lower and "zant" not in lower


class TestSavedSearches:
    def test_her_own_question_is_no_news_to_her_and_news_to_others(self, index, keep, asker):
        other = member()
        keep(asker)
        keep(other)
        hers = question(asker, title="My valve leaks and I am ashamed", anonymous=True)
        index()
        look()
        assert found_for(asker) == []
        assert found_for(other) == [("question", str(hers.pk))]

    def test_an_anonymous_question_of_somebody_else_is_news_to_her(self, index, keep, asker):
        keep(asker)
        question(asker, title="My valve leaks", anonymous=True)
        theirs = question(title="A valve that leaks", anonymous=True)
        index()
        look()
        assert found_for(asker) == [("question", str(theirs.pk))]

    def test_nor_once_she_gave_her_name(self, index, keep, asker):
        keep(asker)
        hers = question(asker, title="My valve leaks", anonymous=True)
        with committed():
            question_sign(user=asker, question_id=hers.pk)
        index()
        look()
        assert found_for(asker) == []

    def test_a_search_for_her_by_name_finds_what_she_signed_alone(self, index, keep, asker):
        other = member()
        keep(other, f"q=valve+author:{NAME}")
        question(asker, title="My secret valve leaks", anonymous=True)
        signed = question(asker, title="My other valve leaks")
        index()
        look()
        assert found_for(other) == [("question", str(signed.pk))]


class TestFollowers:
    def test_who_follows_her_is_not_told_of_what_she_hides(self, asker):
        reader = member()
        follow(reader, asker)
        hidden = question(asker, title="Why is the secret valve wet?", anonymous=True)
        answer(hidden, asker)
        assert told(reader) == []
        shown = question(asker, title="Why is the open valve dry?")
        assert [title for _words, title in told(reader)] == [shown.title]

    def test_who_follows_the_question_is_told_without_a_name(self, asker):
        reader = member()
        hidden = question(asker, anonymous=True)
        follow(reader, hidden)
        given = answer(hidden, asker, body="I found it out myself.")
        comment(hidden, asker, body="It is the blue one.")
        with committed():
            question_edit(user=asker, question_id=hidden.pk, version=1, body="It is wet now.")
        rows = told(reader)
        assert rows
        assert_unnamed(str(rows) + inbox_of(reader))
        assert given.anonymous

    def test_who_follows_the_topic_is_told_without_a_name(self, asker):
        topic("Leaks")
        reader = member()
        follow(reader, topic("Leaks"))
        question(asker, topics=("leaks",), anonymous=True)
        rows = told(reader)
        assert len(rows) == 1
        assert_unnamed(str(rows) + inbox_of(reader))

    def test_who_helped_is_told_of_her_thanks_by_no_name(self, asker):
        helper = member()
        hidden = question(asker, anonymous=True)
        given = answer(hidden, helper)
        comment(given, asker, body="Thank you.")
        vote(given, asker)
        accept(given)
        rows = told(helper)
        assert len(rows) >= 1
        assert_unnamed(str(rows) + inbox_of(helper))


class TestMentions:
    def test_whom_she_names_is_told_without_her_name(self, asker):
        friend = member("friend")
        question(asker, body="Do you know, @friend?", anonymous=True)
        rows = told(friend)
        assert len(rows) == 1
        assert_unnamed(str(rows) + inbox_of(friend))

    def test_others_name_her_below_her_question_like_anybody(self, asker):
        hidden = question(asker, anonymous=True)
        said = comment(hidden, body=f"Perhaps @{NAME} knows?")
        assert f">@{NAME}</a>" in said.body_html
        bystander = member("bystander")
        comment(hidden, body="Or @bystander?")
        assert len(told(asker)) >= 1 and len(told(bystander)) == 1


def test_no_mail_names_her(asker):
    helper, reader = member(), member()
    hidden = question(asker, body=f"Do you know, @{helper.username}?", anonymous=True)
    follow(reader, hidden)
    given = answer(hidden, helper)
    comment(given, asker, body="Which of them?")
    answer(hidden, asker, body="I found it out.")
    accept(given)
    for person in (helper, reader):
        told(person)
    mail.outbox.clear()
    NoteItem.objects.update(mail_due_at=now() - timedelta(hours=1))
    note_mails_send()
    assert {reader.email, helper.email} <= {address for letter in mail.outbox for address in letter.to}
    for letter in mail.outbox:
        if asker.email in letter.to:
            continue
        assert_unnamed(letter.subject + letter.body + str(letter.alternatives) + str(letter.extra_headers))
