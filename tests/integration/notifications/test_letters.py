"""Mails about what happened, as they leave through a real SMTP conversation."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from portal.accounts.models import User
from portal.core.clock import now
from portal.notifications.links import Quieting, quiet_link
from portal.notifications.models import Follow, NoteItem, ThreadMail
from portal.notifications.services.follows import follow_end
from portal.notifications.services.sending import LATER, PACE, note_mails_send, paces_forget
from portal.notifications.services.settings import notification_settings_update
from portal.notifications.services.telling import MAIL_DELAY, happenings_tell
from portal.questions.models import Question
from portal.questions.services.answers import answer_delete, answer_restore
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.browsers import browser
from tests.factories.events import committed
from tests.factories.questions import accept, answer, comment, question, topic
from tests.mail_sink import BASE, Sink, html_of, text_of

from .telling import follow, mailed, stopped_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    return stopped_clock(monkeypatch)


def run(clock, **later) -> int:
    """The worker's runs, ``later``."""
    happenings_tell()
    clock.forward(**(later or {"minutes": 1}))
    return note_mails_send()


class TestWhoIsWrittenTo:
    @pytest.mark.parametrize("deed", ["unproven", "put out", "no address"])
    def test_nobody_who_cannot_be_reached(self, sink: Sink, deed):
        asked = question()
        answer(asked)
        if deed == "unproven":
            EmailAddress.objects.filter(user=asked.author).update(verified=False)
        elif deed == "put out":
            User.objects.filter(pk=asked.author_id).update(is_active=False)
        else:
            User.objects.filter(pk=asked.author_id).update(email="")
        assert mailed() == 0 and sink.mails == []

    @pytest.mark.parametrize("deed", ["delete answer", "delete question", "mute", "leave", "read", "visit", "kind off"])
    def test_it_is_looked_up_again_at_sending(self, sink: Sink, deed):
        """Between what happened and the mail: whatever took the reason away leaves no mail."""
        asked = question()
        given, asker = answer(asked), asked.author
        happenings_tell()
        if deed == "delete answer":
            with committed():
                answer_delete(user=given.author, answer_id=given.pk)
        elif deed == "delete question":
            with committed():
                question_delete(user=member(staff=True), question_id=asked.pk)
        elif deed == "mute":
            follow(asker, asked, "muted")
        elif deed == "leave":
            follow_end(user=asker, kind="question", key=str(asked.pk))
        elif deed == "read":
            browser(asker).post("/en/inbox/read/")
        elif deed == "visit":
            browser(asker).get(asked.get_absolute_url())
        else:
            notification_settings_update(user=asker, channels={"answer": "inbox"})
        assert mailed() == 0 and sink.mails == []
        assert not ThreadMail.objects.filter(recipient=asker).exists(), "nothing went out that others would wait for"

    def test_who_may_see_it_no_longer_gets_no_mail(self, sink: Sink, monkeypatch):
        asked, insider, outsider = question(title="Plans of the valve"), member(), member()
        for each in (insider, outsider):
            follow(each, asked)
        answer(asked)
        happenings_tell()

        def visible(user):
            found = Question.objects.filter(deleted_at__isnull=True)
            return found.exclude(pk=asked.pk) if user == outsider else found

        for module in ("items", "things"):
            monkeypatch.setattr(f"portal.notifications.selectors.{module}.questions_visible_to", visible)
        mailed()
        assert len(sink.to(insider)) == 1 and sink.to(outsider) == []

    def test_what_was_deleted_and_came_back_in_time_is_mailed(self, sink: Sink):
        asked = question()
        given = answer(asked)
        happenings_tell()
        with committed():
            answer_delete(user=given.author, answer_id=given.pk)
            answer_restore(user=given.author, answer_id=given.pk)
        assert mailed() == 1

    def test_an_acceptance_that_was_taken_back_is_not_mailed(self, sink: Sink):
        from portal.questions.services.answers import answer_unaccept

        asked = question()
        given = accept(answer(asked))
        happenings_tell()
        with committed():
            answer_unaccept(user=asked.author, answer_id=given.pk)
        mailed()
        assert sink.to(given.author) == []


class TestTheMail:
    @pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ru", "ltr"), ("ja", "ltr"), ("ar", "rtl")])
    def test_it_speaks_its_readers_language(self, sink: Sink, language, direction):
        asked = question(member(language=language), title="Why <b> & not <i>?", language="en")
        given = answer(asked, member(display_name="Ada <Byron> & Co"), body="Open the *rear* cover & wait.")
        mailed()
        (mail,) = sink.to(asked.author)
        text, html = text_of(mail), html_of(mail)
        assert mail["Content-Language"] == language and mail["Auto-Submitted"] == "auto-generated"
        assert mail["Subject"] == "Why <b> & not <i>?"
        assert "Ada <Byron> & Co" in text and "Open the rear cover & wait." in text and "&amp;" not in text
        assert "Ada &lt;Byron&gt; &amp; Co" in html and "<Byron>" not in html
        assert f'lang="{language}" dir="{direction}"' in html
        assert f"#answer-{given.pk}" in text and f"#answer-{given.pk}" in html
        assert f"{BASE}/{language}/account/notifications/" in text
        assert "http://" not in text.replace(BASE, "") and "<script" not in html and "src=" not in html

    def test_mails_of_a_thread_belong_together(self, sink: Sink, clock):
        asked = question()
        answer(asked)
        run(clock)
        answer(asked)
        run(clock, minutes=20)
        first, second = sink.to(asked.author)
        assert first["Message-ID"] != second["Message-ID"]
        root = f"<question.{asked.pk}@help.example.com>"
        assert first["References"] == second["References"] == first["In-Reply-To"] == root
        assert first["Subject"] == second["Subject"] == asked.title

    def test_everything_that_is_due_is_in_one_mail(self, sink: Sink, clock):
        reader = member()
        asked = [question(title=f"Question number {number} of three") for number in range(3)]
        for each in asked:
            follow(reader, each)
            comment(answer(each))
        run(clock)
        (mail,) = sink.to(reader)
        text = text_of(mail)
        assert all(each.title in text for each in asked)
        assert "and 2 more threads" in mail["Subject"] and mail["References"] is None
        assert text.count("/en/inbox/quiet/") >= 4, "each thread can be ended by itself"

    def test_a_digest_is_one_mail_of_the_day(self, sink: Sink, clock):
        leaks, reader = topic("Leaks"), member()
        follow(reader, leaks)
        notification_settings_update(user=reader, digest_hour=7)
        for number in range(3):
            question(title=f"Question number {number} of three", topics=(leaks.slug,))
        assert run(clock, hours=18) == 0, "it is six in the morning"
        assert run(clock, hours=2) == 1
        (mail,) = sink.to(reader)
        assert "3 new things" in mail["Subject"]
        assert all(f"Question number {number} of three" in text_of(mail) for number in range(3))

    def test_a_title_cannot_break_the_head_of_a_mail(self, sink: Sink):
        asked = question()
        Question.objects.filter(pk=asked.pk).update(title="Why?\r\nBcc: everybody@example.org")
        answer(asked)
        mailed()
        (mail,) = sink.to(asked.author)
        assert mail["Bcc"] is None and "\n" not in mail["Subject"]


class TestPace:
    def test_a_storm_of_answers_is_one_mail_in_a_quarter_of_an_hour(self, sink: Sink, clock):
        asked = question()
        for _minute in range(30):
            answer(asked)
            run(clock)
        assert len(sink.to(asked.author)) == 2
        run(clock, minutes=15)
        mails = sink.to(asked.author)
        assert len(mails) == 3
        assert sum(text_of(mail).count("\n* ") for mail in mails) == 30, "nothing is lost"

    def test_another_thread_does_not_wait(self, sink: Sink, clock):
        first = question()
        second = question(first.author)
        answer(first)
        run(clock)
        answer(second)
        run(clock)
        assert [mail["Subject"] for mail in sink.to(first.author)] == [first.title, second.title]

    def test_a_mail_waits_a_moment_for_who_takes_back_what_she_wrote(self, sink: Sink, clock):
        asked = question()
        given = answer(asked)
        happenings_tell()
        clock.forward(seconds=MAIL_DELAY.total_seconds() - 1)
        assert note_mails_send() == 0
        with committed():
            answer_delete(user=given.author, answer_id=given.pk)
        clock.forward(minutes=1)
        assert note_mails_send() == 0 and sink.mails == []

    def test_in_quiet_hours_mails_wait_for_the_morning(self, sink: Sink, clock):
        asked = question()
        notification_settings_update(user=asked.author, quiet_from=20, quiet_until=7, timezone="Asia/Tokyo")
        answer(asked)
        assert run(clock) == 0, "noon in UTC is nine in the evening in Tokyo"
        assert run(clock, hours=9) == 0
        assert run(clock, hours=1, minutes=1) == 1

    def test_paces_of_long_ago_are_forgotten(self, sink: Sink, clock):
        asked = question()
        answer(asked)
        run(clock)
        assert paces_forget() == 0
        clock.forward(hours=1)
        assert paces_forget() == 1


class TestServer:
    def test_a_server_that_is_away_is_asked_again(self, sink: Sink, settings, clock):
        asked = question()
        answer(asked)
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
        with pytest.raises(OSError):
            run(clock)
        assert NoteItem.objects.filter(handled_at=None, claim="").count() == 1
        assert not ThreadMail.objects.exists(), "what did not go out holds nothing back"
        settings.EMAIL_PORT = port
        clock.forward(seconds=LATER.total_seconds())
        assert note_mails_send() == 1
        clock.forward(hours=1)
        assert note_mails_send() == 0

    def test_one_member_whose_mailbox_is_busy_keeps_nobody_waiting(self, sink: Sink, clock):
        asked, other = question(), member()
        follow(other, asked)
        answer(asked)
        sink.later = {asked.author.email}
        assert run(clock) == 1 and len(sink.to(other)) == 1
        sink.later = set()
        assert run(clock, minutes=10) == 1
        assert len(sink.to(asked.author)) == 1 and len(sink.to(other)) == 1

    def test_a_refusal_for_good_is_final(self, sink: Sink, clock):
        asked = question()
        answer(asked)
        sink.refused = {asked.author.email}
        assert run(clock) == 0
        sink.refused = set()
        assert run(clock, hours=2) == 0
        assert NoteItem.objects.filter(handled_at=None).exclude(mail_due_at=None).count() == 0

    def test_a_run_that_dies_while_it_hands_over_sends_nothing_twice(self, sink: Sink, clock, monkeypatch):
        """The mail is with the server when the worker is killed: the next run does not know, and keeps still."""
        asked = question()
        answer(asked)
        happenings_tell()
        clock.forward(minutes=1)
        from portal.notifications.services import sending

        real = sending.letter_of

        def killed_after(**given):
            mail = real(**given)
            send = mail.send

            def dying():
                send()
                raise KeyboardInterrupt

            mail.send = dying
            return mail

        monkeypatch.setattr(sending, "letter_of", killed_after)
        with pytest.raises(KeyboardInterrupt):
            note_mails_send()
        monkeypatch.setattr(sending, "letter_of", real)
        clock.forward(hours=1)
        assert note_mails_send() == 0
        assert len(sink.to(asked.author)) == 1

    def test_a_run_has_an_end_and_the_next_goes_on(self, sink: Sink, clock):
        asked = question()
        for _each in range(3):
            follow(member(), asked)
        answer(asked)
        happenings_tell()
        clock.forward(minutes=1)
        assert note_mails_send(seconds=-1) == 0
        assert note_mails_send() == 4


class TestEnding:
    def mailed_to(self, sink: Sink, asked) -> str:
        """The path of the link in the head of a mail."""
        answer(asked)
        mailed()
        mail = sink.to(asked.author)[-1]
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        return mail["List-Unsubscribe"].strip().strip("<>").removeprefix(BASE)

    def test_opening_the_link_only_asks(self, sink: Sink):
        asked = question()
        path = self.mailed_to(sink, asked)
        reply = Client().get(path)
        assert reply.status_code == 200 and asked.title in reply.text
        assert reply["Cache-Control"] == "no-store" and reply["Referrer-Policy"] == "no-referrer"
        assert Follow.objects.get(user=asked.author).level == "following"

    def test_one_click_ends_the_thread_without_a_session(self, sink: Sink):
        asked = question()
        path = self.mailed_to(sink, asked)
        client = Client(enforce_csrf_checks=True)
        reply = client.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert reply.status_code == 200
        assert Follow.objects.get(user=asked.author).level == "muted"
        answer(asked)
        mailed()
        assert len(sink.to(asked.author)) == 1
        assert client.post(path).status_code == 200, "twice is no error"
        other = question(asked.author)
        answer(other)
        mailed()
        assert len(sink.to(asked.author)) == 2, "other threads go on"

    def test_a_kind_can_be_ended_and_the_inbox_keeps_it(self, sink: Sink):
        asked = question()
        self.mailed_to(sink, asked)
        links = [word for word in text_of(sink.mails[-1]).split() if "/inbox/quiet/" in word]
        tokens = {quiet_link(link.rstrip("/").rsplit("/", 1)[-1]): link.removeprefix(BASE) for link in links}
        path = tokens[Quieting(asked.author_id, kinds=("answer",))]
        assert "New answers" in Client().get(path).text
        assert Client().post(path).status_code == 200
        ThreadMail.objects.all().delete()
        answer(asked)
        mailed()
        assert len(sink.to(asked.author)) == 1
        assert asked.author.notifications.filter(kind="answer", read_at=None).exists()

    def test_the_link_tells_a_stranger_nothing_of_what_is_deleted(self, sink: Sink):
        asked = question(title="The secret valve of ours")
        path = self.mailed_to(sink, asked)
        with committed():
            question_delete(user=member(staff=True), question_id=asked.pk)
        assert "secret" not in Client().get(path).text

    @pytest.mark.parametrize("token", ["x", "e30:1:2", "%00", "a" * 3000])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_made_up_link_is_nothing(self, token, method):
        assert getattr(Client(), method)(f"/en/inbox/quiet/{token}/").status_code == 404

    def test_the_pace_is_what_is_promised(self):
        assert timedelta(minutes=15) == PACE
        assert now().tzinfo is not None
