"""Mails about new matches, as they leave through a real SMTP conversation."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.signing import TimestampSigner
from django.test import Client

from portal.accounts.models import User
from portal.core.errors import NotFound
from portal.discovery.models import SavedSearch
from portal.discovery.services.saved_searches import saved_search_delete
from portal.notifications.links import Unsubscribing, unsubscribe_link, unsubscribe_token
from portal.notifications.models import Notification, SavedSearchMatch
from portal.notifications.services.mails import MOST_NAMED, saved_search_mails_send
from portal.notifications.services.matching import saved_searches_look
from portal.notifications.tasks import saved_searches_run
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import question
from tests.mail_sink import BASE, Sink

pytestmark = pytest.mark.django_db


def run() -> None:
    """One run of the job, some minutes later."""
    for search in SavedSearch.objects.exclude(due_at=None):
        SavedSearch.objects.filter(pk=search.pk).update(due_at=search.due_at - timedelta(minutes=5))
    saved_searches_run()


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


class TestWhoIsWrittenTo:
    def test_nobody_without_a_proven_address(self, index, sink: Sink, reader, keep):
        EmailAddress.objects.filter(user=reader).update(verified=False)
        keep(reader)
        question(title="The valve leaks")
        index()
        run()
        assert sink.mails == []
        assert Notification.objects.filter(recipient=reader).count() == 1, "the inbox has it"

    def test_what_vanished_between_finding_and_sending_is_in_no_mail(self, index, sink: Sink, reader, keep):
        keep(reader)
        gone, kept = question(title="The secret valve"), question(title="The open valve")
        index()
        run_look()
        with committed():
            question_delete(user=member(staff=True), question_id=gone.pk)
        saved_search_mails_send()
        (mail,) = sink.mails
        assert "secret" not in mail.as_string()
        assert kept.title in text_of(mail)

    def test_no_mail_at_all_when_everything_vanished(self, index, sink: Sink, reader, keep):
        keep(reader)
        gone = question(title="The secret valve")
        index()
        run_look()
        with committed():
            question_delete(user=member(staff=True), question_id=gone.pk)
        assert saved_search_mails_send() == 0
        assert sink.mails == []

    @pytest.mark.parametrize("deed", ["silence", "delete", "put out"])
    def test_who_wants_no_more_between_finding_and_sending(self, index, sink: Sink, reader, keep, deed):
        search = keep(reader)
        question(title="The valve leaks")
        index()
        run_look()
        if deed == "silence":
            SavedSearch.objects.filter(pk=search.pk).update(frequency="never")
        elif deed == "delete":
            saved_search_delete(user=reader, search_id=search.pk)
        else:
            User.objects.filter(pk=reader.pk).update(is_active=False)
        assert saved_search_mails_send() == 0
        assert sink.mails == []


def run_look() -> None:
    for search in SavedSearch.objects.exclude(due_at=None):
        SavedSearch.objects.filter(pk=search.pk).update(due_at=search.due_at - timedelta(minutes=5))
    saved_searches_look()


class TestTheMail:
    @pytest.mark.parametrize(
        ("language", "words", "title"),
        [
            ("en", "valve", "The valve leaks"),
            ("ru", "клапан", "Течёт клапан"),
            ("ja", "水漏れ", "水漏れが止まりません"),
            ("ar", "الصمام", "الصمام يسرب"),
        ],
    )
    def test_it_speaks_her_language_as_text_and_as_html(self, index, sink: Sink, keep, language, words, title):
        user = member(language=language)
        keep(user, f"q={words}", language=language)
        asked = question(title=f"{title} & <b>", language=language)
        index()
        run()
        (mail,) = sink.to(user)
        assert mail["Content-Language"] == language
        assert mail.get_content_type() == "multipart/alternative"
        text, html = text_of(mail), mail.get_body(("html",)).get_content()
        assert f"{title} & <b>" in text and "&amp;" not in text
        assert f"{title} &amp; &lt;b&gt;" in html and "<b>" not in html
        assert f"/questions/{asked.pk}/" in text and BASE in text
        assert "http://" not in text.replace(BASE, "") and "<script" not in html and "src=" not in html
        assert words in str(mail["Subject"])
        stop = mail["List-Unsubscribe"].strip()
        assert stop.startswith(f"<{BASE}/{language}/inbox/unsubscribe/") and stop.endswith(">")
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert stop.strip("<>") in text and stop.strip("<>") in html
        assert (f'dir="{"rtl" if language == "ar" else "ltr"}"') in html

    def test_one_mail_for_all_searches_of_a_run(self, index, sink: Sink, reader, keep):
        keep(reader, "q=valve", name="Valves")
        keep(reader, "q=lamp", name="Lamps")
        for title in ("The valve leaks", "The lamp is dark", "A lamp and its valve"):
            question(title=title)
        index()
        run()
        (mail,) = sink.mails
        text = text_of(mail)
        assert "“Valves”" in text and "“Lamps”" in text
        assert text.count("A lamp and its valve") == 2, "under each search that found it"
        assert "4" in mail["Subject"]

    def test_many_are_counted_rather_than_listed(self, index, sink: Sink, reader, keep):
        keep(reader)
        for number in range(MOST_NAMED + 3):
            question(title=f"Valve number {number}")
        index()
        run()
        (mail,) = sink.mails
        text = text_of(mail)
        assert text.count("\n- ") == MOST_NAMED
        assert "And 3 more" in text and f"{BASE}/en/search/?q=valve" in text

    def test_a_name_cannot_break_the_head_of_a_mail(self, index, sink: Sink, reader, keep):
        keep(reader, name="Valves\r\nBcc: everybody@example.org")
        question(title="The valve leaks")
        index()
        run()
        (mail,) = sink.mails
        assert mail["Bcc"] is None and "\n" not in mail["Subject"]


class TestOnce:
    def test_nothing_is_mailed_twice(self, index, sink: Sink, reader, keep):
        keep(reader)
        question(title="The valve leaks")
        index()
        for _again in range(3):
            run()
        assert len(sink.mails) == 1

    def test_a_server_that_is_away_is_asked_again(self, index, sink: Sink, reader, keep, settings):
        keep(reader)
        question(title="The valve leaks")
        index()
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
        with pytest.raises(OSError):
            run()
        assert SavedSearchMatch.objects.filter(handled_at=None, claim="").count() == 1
        settings.EMAIL_PORT = port
        run()
        run()
        assert len(sink.mails) == 1

    def test_a_busy_server_is_asked_again_and_a_refusal_is_final(self, index, sink: Sink, reader, keep):
        other = member()
        keep(reader)
        keep(other)
        question(title="The valve leaks")
        index()
        sink.busy = True
        with pytest.raises(OSError):
            run()
        sink.busy, sink.refused = False, {reader.email}
        run()
        run()
        assert [mail["To"] for mail in sink.mails] == [other.email]
        assert SavedSearchMatch.objects.filter(handled_at=None).count() == 0

    def test_what_a_dead_run_had_claimed_is_not_sent_again(self, index, sink: Sink, reader, keep):
        keep(reader)
        question(title="The valve leaks")
        index()
        run_look()
        SavedSearchMatch.objects.update(claim="dead", handled_at="2026-01-01T00:00:00Z")
        assert saved_search_mails_send() == 0


class TestUnsubscribing:
    def mailed(self, index, sink: Sink, reader, keep):
        """A search that was written about, and the path of the link in the mail."""
        search = keep(reader, name="Valves")
        keep(reader, "q=lamp", name="Lamps")
        question(title="The valve leaks")
        index()
        run()
        return search, sink.mails[0]["List-Unsubscribe"].strip().strip("<>").removeprefix(BASE)

    def test_opening_the_link_only_asks(self, index, sink: Sink, reader, keep):
        search, path = self.mailed(index, sink, reader, keep)
        reply = Client().get(path)
        assert reply.status_code == 200 and "Valves" in reply.text and "Lamps" not in reply.text
        assert reply["Cache-Control"] == "no-store" and reply["Referrer-Policy"] == "no-referrer"
        search.refresh_from_db()
        assert search.frequency == "immediately"

    def test_one_click_ends_it_without_a_session_and_keeps_the_search(self, index, sink: Sink, reader, keep):
        search, path = self.mailed(index, sink, reader, keep)
        client = Client(enforce_csrf_checks=True)
        reply = client.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert reply.status_code == 200
        search.refresh_from_db()
        assert (search.frequency, search.due_at) == ("never", None)
        assert SavedSearch.objects.get(name="Lamps").frequency == "immediately"
        question(title="Another valve")
        index()
        run()
        assert len(sink.mails) == 1
        assert client.post(path).status_code == 200, "twice is no error"

    @pytest.mark.parametrize("token", ["x", "e30:1:2", "%00", "a" * 3000])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_made_up_link_is_nothing(self, db, token, method):
        assert getattr(Client(), method)(f"/en/inbox/unsubscribe/{token}/").status_code == 404

    def test_a_link_says_who_and_what_and_nothing_else_opens(self, reader):
        link = Unsubscribing(reader.pk, (3, 5))
        token = unsubscribe_token(link)
        assert unsubscribe_link(token) == link
        for wrong in (token[:-1], token + "x", TimestampSigner(salt="other").sign_object({"u": 1, "s": []})):
            with pytest.raises(NotFound):
                unsubscribe_link(wrong)

    def test_a_link_ends_after_half_a_year(self, reader, monkeypatch):
        token = unsubscribe_token(Unsubscribing(reader.pk, (3,)))
        monkeypatch.setattr("portal.notifications.links.SECONDS", -1)
        with pytest.raises(NotFound):
            unsubscribe_link(token)

    def test_it_never_touches_another_members_search(self, reader, keep):
        other = keep(member())
        token = unsubscribe_token(Unsubscribing(reader.pk, (other.pk,)))
        reply = Client().post(f"/en/inbox/unsubscribe/{token}/")
        assert other.name not in re.sub(r"<title>.*", "", reply.text) or other.name == "valve"
        other.refresh_from_db()
        assert other.frequency == "immediately"
