"""The fifth answer within a minute is slowed, not lost: on the page, for asking, commenting and editing too."""

from html import unescape

import pytest
from django.core.cache import cache

from portal.core.limits import LIMITS
from portal.questions.models import Answer, Comment, Draft, Question
from portal.questions.services.life import question_lock
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question

from .scene import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limited(settings):
    """Limits in force, and nothing counted yet."""
    settings.PORTAL_LIMITS = True
    cache.clear()
    yield
    cache.clear()


def seen(response):
    """What the page says, as a reader sees it."""
    return unescape(response.content.decode())


def test_the_fifth_answer_within_a_minute_comes_back_whole():
    asked, who = question(), member()
    client = signed_in(who)
    address = f"/en/questions/{asked.pk}/answer/"
    for number in range(4):
        assert client.post(address, {"body": f"Answer {number}.", "once": f"t{number}"}).status_code == 302
    words = 'The fifth.\r\n\r\n<b>With</b> "all" its words & more.'
    slowed = client.post(address, {"body": words, "once": "t5"})
    assert slowed.status_code == 429
    assert 1 <= int(slowed["Retry-After"]) <= 60
    assert words in seen(slowed)
    assert f"You can post this in {slowed['Retry-After']} seconds." in seen(slowed)
    assert 'data-countdown="' in seen(slowed)
    assert Answer.objects.count() == 4
    assert Draft.objects.get().fields == {"body": words.replace("\r\n", "\n")}

    cache.clear()  # a minute later
    posted = client.post(address, {"body": words, "once": "t5", "draft_version": Draft.objects.get().version})
    assert posted.status_code == 302
    assert Answer.objects.count() == 5
    assert not Draft.objects.exists()


def test_a_locked_question_says_so_to_who_was_slowed_too_and_takes_nothing_of_the_limit(monkeypatch):
    monkeypatch.setitem(LIMITS, "answer", (1, 60))
    locked, asked, client = question(), question(), signed_in(member())
    question_lock(user=member(staff=True), question_id=locked.pk, locked=True)
    for number in range(2):
        refused = client.post(f"/en/questions/{locked.pk}/answer/", {"body": "Words.", "once": f"l{number}"})
        assert refused.status_code == 409
    assert client.post(f"/en/questions/{asked.pk}/answer/", {"body": "Words.", "once": "a"}).status_code == 302
    assert client.post(f"/en/questions/{locked.pk}/answer/", {"body": "Words.", "once": "l2"}).status_code == 409
    assert client.post(f"/en/questions/{asked.pk}/answer/", {"body": "More.", "once": "b"}).status_code == 429
    assert Answer.objects.count() == 1


CASES = [
    ("ask", "/en/questions/ask/", {"title": "Why is the light red?", "language": "en", "topics": "", "declined": "1"}),
    ("comment", "/en/questions/comment/question/{q}/", {}),
    ("comment", "/en/questions/comment/answer/{a}/", {}),
    ("comment", "/en/questions/comment/question/{q}/", {"parent_id": "{c}"}),
    ("edit", "/en/questions/{q}/edit/", {"title": "Why is it red?", "language": "en", "topics": "", "version": "1"}),
    ("edit", "/en/questions/answers/{a}/edit/", {"version": "1"}),
]


@pytest.mark.parametrize(("action", "address", "form"), CASES)
def test_what_else_is_slowed_comes_back_whole_too(monkeypatch, action, address, form):
    monkeypatch.setitem(LIMITS, action, (1, 60))
    who = member()
    asked = question(who)
    given = answer(asked, who)
    numbers = {"q": asked.pk, "a": given.pk, "c": comment(asked).pk}
    form = {name: value.format(**numbers) for name, value in form.items()}
    client = signed_in(who)
    if action == "edit":
        other = answer(user=who)
        client.post(f"/en/questions/answers/{other.pk}/edit/", {"body": "First of all.", "version": "1"})
    else:
        client.post(address.format(**numbers), {**form, "body": "First of all."})
    before = [list(table.objects.order_by("pk").values()) for table in (Question, Answer, Comment)]
    slowed = client.post(address.format(**numbers), {**form, "body": "Second, and in many words.", "once": "s"})
    assert slowed.status_code == 429
    assert "Second, and in many words." in seen(slowed)
    assert "You can post this in " in seen(slowed)
    assert [list(table.objects.order_by("pk").values()) for table in (Question, Answer, Comment)] == before
    kept = Draft.objects.get()
    assert kept.fields["body"] == "Second, and in many words."
    cache.clear()
    again = client.post(address.format(**numbers), {**form, "body": "Second, and in many words.", "once": "s"})
    assert again.status_code == 302
    assert not Draft.objects.exists()


def test_the_page_and_the_api_count_together():
    from tests.integration.api.conftest import Caller

    asked, who = question(), member()
    client, caller = signed_in(who), Caller(who)
    for number in range(2):
        assert client.post(f"/en/questions/{asked.pk}/answer/", {"body": f"Page {number}."}).status_code == 302
        assert caller.post(f"questions/{asked.pk}/answers", {"body": f"Program {number}."}).status_code == 201
    refused = caller.post(f"questions/{asked.pk}/answers", {"body": "One more."})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert client.post(f"/en/questions/{asked.pk}/answer/", {"body": "One more."}).status_code == 429


def test_what_a_lock_refuses_is_kept_too():
    asked, who = question(), member()
    Question.objects.filter(pk=asked.pk).update(locked=True)
    refused = signed_in(who).post(f"/en/questions/{asked.pk}/answer/", {"body": "Written while it was locked."})
    assert refused.status_code == 409
    assert Draft.objects.get(owner=who).fields["body"] == "Written while it was locked."


@pytest.mark.parametrize("language", ["ru", "ja", "ar"])
def test_the_page_is_whole_in_every_language(monkeypatch, language):
    monkeypatch.setitem(LIMITS, "answer", (1, 60))
    asked, client = question(), signed_in(member())
    for body in ("First.", "Second."):
        page = client.post(f"/{language}/questions/{asked.pk}/answer/", {"body": body})
    assert page.status_code == 429
    assert f'lang="{language}"' in seen(page)
    assert "Second." in seen(page)
