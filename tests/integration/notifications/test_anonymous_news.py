"""Who asked anonymously is named in no note and no mail, in no language, to nobody."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache

from portal.notifications.models import Kind, Notification
from portal.notifications.services.sending import note_mails_send
from portal.questions.models import Answer, Comment, Question
from portal.questions.services.answers import answer_edit
from tests.factories.accounts import member
from tests.factories.browsers import browser
from tests.factories.events import committed
from tests.factories.questions import accept, answer, comment, question, topic
from tests.mail_sink import Sink, html_of, text_of

from .telling import api, follow, mailed, told

pytestmark = pytest.mark.django_db

LANGUAGES = {
    "en": "the asker, anonymously",
    "ru": "автор вопроса, анонимно",
    "ja": "質問者（匿名）",
    "ar": "صاحب السؤال، دون اسم",
}
"""What stands in the place of her name."""


class Story:
    """An asker who answers, comments, edits, names others and accepts, and everybody who is told of it.

    fan: follows the asker. muse: follows no one and is named by her. staff: follows the question as a moderator.
    """

    def __init__(self, language: str, *, anonymous: bool = True) -> None:
        cache.clear()
        leaks = topic("Leaks")
        self.asker = member(
            "quokkalina", display_name="Quokkalina Zant", email="q.zant@zant.example", language=language
        )
        names = ("helper", "follower", "topical", "fan", "muse", "staff")
        self.readers = {name: member(name, language=language, staff=name == "staff") for name in names}
        follow(self.readers["topical"], leaks)
        follow(self.readers["fan"], self.asker)
        self.asked = question(self.asker, title="Why is it wet?", topics=(leaks.slug,), anonymous=anonymous)
        for name in ("follower", "staff"):
            follow(self.readers[name], self.asked)
        given = answer(self.asked, self.readers["helper"])
        own = answer(self.asked, self.asker, body="I found it out myself, @muse.")
        comment(given, self.asker, body="Thank you for looking, @muse.")
        comment(self.asked, self.asker, body="It is the blue one.")
        accept(given)
        with committed():
            answer_edit(user=self.asker, answer_id=own.pk, version=1, body="I found it out myself, at last.")

    def secrets(self) -> list[str]:
        """What would give her away."""
        return ["quokkalina", "zant", f"avatars/{self.asker.pk}/"]

    def named(self, text: str) -> list[str]:
        return [secret for secret in self.secrets() if secret in text.casefold()]


def whole(mail) -> str:
    """All of a mail that a mail program can show: its head, its words and its HTML."""
    head = "\n".join(f"{name}: {value}" for name, value in mail.items())
    return "\n".join([head, text_of(mail), html_of(mail)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reader_is_told_her_name_by_any_way(sink: Sink, language):
    story = Story(language)
    mailed()
    others = [mail for mail in sink.mails if mail["To"] != story.asker.email]
    assert {mail["To"] for mail in others} >= {
        story.readers[name].email for name in ("helper", "follower", "topical", "muse", "staff")
    }
    for mail in others:
        assert story.named(whole(mail)) == [], mail["To"]
        assert mail["Content-Language"] == language
    assert any(LANGUAGES[language] in text_of(mail) and LANGUAGES[language] in html_of(mail) for mail in others)
    for name, reader in story.readers.items():
        client = browser(reader)
        for address in ("inbox/", "inbox/?show=unread", "inbox/?kind=answers", "inbox/?kind=following"):
            assert story.named(client.get(f"/{language}/{address}").text) == [], (name, address)
        rows = api(reader, "get", "inbox")
        assert story.named(rows.text) == [], name
    page = browser(story.readers["helper"]).get(f"/{language}/inbox/").text
    assert "Why is it wet?" in page and LANGUAGES[language] in page


def test_her_own_mails_name_her_to_herself_alone(sink: Sink):
    story = Story("en")
    mailed()
    for mail in sink.to(story.asker):
        assert "Hello Quokkalina Zant" in text_of(mail)
    assert sink.to(story.asker), "she is told of the answer that she got"


def test_who_follows_her_hears_of_none_of_it(sink: Sink):
    story = Story("en")
    assert told(story.readers["fan"]) == []
    mailed()
    assert sink.to(story.readers["fan"]) == []
    assert not Notification.objects.filter(kind=Kind.MEMBER).exists()


def test_programs_are_told_of_no_author(sink: Sink):
    story = Story("en")
    told(story.readers["follower"])
    rows = api(story.readers["follower"], "get", "inbox").json()["results"]
    authors = {(row["kind"], item["author"] and item["author"]["username"]) for row in rows for item in row["items"]}
    assert ("answer", None) in authors and ("comment", None) in authors and ("accepted", None) in authors
    assert {who for _kind, who in authors} <= {None, "helper"}


def test_a_story_that_is_signed_does_name_her(sink: Sink):
    """What makes the cases above able to fail."""
    story = Story("en", anonymous=False)
    mailed()
    assert any("Quokkalina Zant answered" in text_of(mail) for mail in sink.mails)
    assert any("Quokkalina Zant" in html_of(mail) for mail in sink.to(story.readers["muse"]))
    assert story.named(browser(story.readers["helper"]).get("/en/inbox/").text)
    assert "quokkalina" in json.dumps(api(story.readers["follower"], "get", "inbox").json()).casefold()
    assert told(story.readers["fan"]) != []


def test_what_was_told_of_a_signed_question_names_nobody_once_it_is_anonymous(sink: Sink):
    """Nothing is kept of who did it: notes that were written before, and mails that wait, are looked up again."""
    story = Story("en", anonymous=False)
    helper, fan = story.readers["helper"], story.readers["fan"]
    told(helper)
    for model in (Question, Answer, Comment):
        model.objects.filter(author=story.asker).update(anonymous=True)
    assert story.named(browser(helper).get("/en/inbox/").text) == []
    assert story.named(api(helper, "get", "inbox").text) == []
    assert told(fan) == [], "whom she follows wrote nothing that is signed"
    mailed()
    for mail in sink.mails:
        assert mail["To"] == story.asker.email or story.named(whole(mail)) == [], mail["To"]
    assert note_mails_send() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_button_and_the_question_of_following_tell_of_no_name(language):
    story = Story(language)
    address = f"/{language}/follow/question/{story.asked.pk}/"
    for reader in (story.readers["follower"], story.readers["staff"]):
        client = browser(reader)
        button = client.post(address, {"value": "follow"}, headers={"HX-Request": "true"})
        for text in (client.get(address).text, button.text, client.get(f"/{language}/account/follows/").text):
            assert story.named(text) == []
        assert story.named(api(reader, "get", "follows").text) == []
