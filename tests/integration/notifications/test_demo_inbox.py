"""A fresh demo's accounts find something in their inboxes; nobody else does, and no mail goes out."""

from datetime import timedelta

import pytest
from django.utils import translation

from portal.accounts.models import User
from portal.core.clock import now
from portal.core.demo import DemoMaterial
from portal.notifications.models import Follow, Notification
from portal.notifications.services.demo import demo_inbox_load
from portal.questions.models import Answer
from portal.questions.services.answers import answer_delete
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, comment, question

from .telling import mailed, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    """Whatever language an earlier page left behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def story():
    """A question of one account of the demo with an accepted answer by another; a stranger talks below it."""
    lena, kenji = member("lena"), member("kenji")
    for account in (lena, kenji):
        account.demo = True
        account.set_password("Xyz12345!q")
        account.save()
    asked = question(lena)
    given = accept(answer(asked, kenji))
    said = comment(given, member(display_name="Sam"))
    User.objects.filter(pk=said.author_id).update(demo=True, password="!")
    Notification.objects.all().delete()
    # As in the story, where nobody was told and who asked follows by having asked.
    Follow.objects.all().delete()
    Answer.objects.filter(pk=given.pk).update(created_at=now() - timedelta(days=3))
    return lena, kenji, asked, given, said


def load(asked):
    """What ``load_demo`` does, with the rows that the acts of the test left taken away."""
    from portal.notifications.models import Happening

    Happening.objects.all().delete()
    demo_inbox_load(DemoMaterial(entries=[], pages={"key": ("question", str(asked.pk))}, staff=None))


def test_outsiders_have_nothing(story):
    _lena, _kenji, asked, _given, said = story
    stranger = member()
    load(asked)
    assert told(stranger) == []
    assert not Notification.objects.filter(recipient=said.author).exists()


def test_who_asked_and_who_answered_are_told_at_the_moment_of_the_story(story):
    lena, kenji, asked, _given, _said = story
    load(asked)
    assert "Sam commented on your answer" in [words for words, _title in told(kenji)]
    assert "Your answer was accepted" in [words for words, _title in told(kenji)]
    assert len(told(lena)) >= 2
    first = Notification.objects.filter(recipient=lena, kind="answer").get()
    assert now() - first.told_at > timedelta(days=2)


def test_no_mail_goes_out(story):
    load(story[2])
    assert mailed() == 0


def test_what_is_gone_is_told_to_nobody(story):
    _lena, kenji, asked, given, _said = story
    answer_delete(user=kenji, answer_id=given.pk)
    load(asked)
    assert not Notification.objects.exists()
