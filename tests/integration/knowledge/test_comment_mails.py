"""Mails about comments, as they leave through a real SMTP conversation."""

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from portal.accounts.models import User
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.knowledge.models import ArticleComment
from portal.knowledge.selectors.follows import FollowLink, follow_link, follow_token
from portal.knowledge.services.comment_mails import comment_followers_tell
from tests.factories.accounts import member
from tests.factories.jobs import run_jobs
from tests.factories.knowledge import article, article_comment
from tests.mail_sink import BASE, Sink

pytestmark = pytest.mark.django_db


def test_followers_are_told_in_their_own_languages(sink: Sink) -> None:
    page = article("Calibrating a label printer")
    readers = {language: member(language=language) for language in ("en", "ru", "ja", "ar")}
    for reader in readers.values():
        article_comment(page, f"From {reader.username}", by=reader, follow=True)
    sink.mails.clear()
    run_jobs()
    sink.mails.clear()
    writer = member(display_name="Mira <Sato> & Co")
    comment = article_comment(page, "It's **fixed** & done in 4.2", by=writer)
    run_jobs()
    assert sorted(mail["To"] for mail in sink.mails) == sorted(reader.email for reader in readers.values())
    for language, reader in readers.items():
        (mail,) = sink.to(reader)
        body = mail.get_content()
        assert mail.get_content_type() == "text/plain"
        assert mail["Content-Language"] == language
        assert "Calibrating a label printer" in mail["Subject"]
        assert "It's fixed & done in 4.2" in body
        assert "Mira <Sato> & Co" in body
        assert f"{BASE}/en/knowledge/calibrating-a-label-printer/#comment-{comment.pk}" in body
        assert f"{BASE}/{language}/comments/mute/" in body
        assert "http://" not in body and "example.com/en/en" not in body and "&amp;" not in body and "&#" not in body
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Unsubscribe"].strip().startswith(f"<{BASE}/{language}/comments/mute/")


def test_the_writer_and_those_who_did_not_ask_get_nothing(sink: Sink) -> None:
    page, follower = article(), member()
    article_comment(page, by=member())
    article_comment(page, "I follow", by=follower, follow=True)
    article_comment(page, "And write again", by=follower)
    run_jobs()
    assert sink.mails == []


def test_who_may_not_see_the_page_any_more_is_told_nothing(sink: Sink) -> None:
    page, follower, gone = article(), member(), member()
    article_comment(page, by=follower, follow=True)
    article_comment(page, by=gone, follow=True)
    run_jobs()
    sink.mails.clear()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    staff = User.objects.create_superuser("root", "root@example.org")
    article_comment(page, "Internal plans", by=staff)
    run_jobs()
    assert sink.mails == []


def test_a_held_comment_is_told_when_the_staff_lets_it_through(sink: Sink) -> None:
    from portal.knowledge.models import KnowledgeIndexPage
    from portal.knowledge.services.comments import article_comment_approve
    from tests.factories.events import committed

    page, follower = article(), member()
    article_comment(page, by=follower, follow=True)
    KnowledgeIndexPage.objects.update(comments_policy="all")
    held = article_comment(page, "Wait for it")
    run_jobs()
    assert sink.mails == []
    for _again in range(2):
        with committed():
            article_comment_approve(user=member(staff=True), comment_id=held.pk)
    run_jobs()
    assert [mail["To"] for mail in sink.mails] == [follower.email]


def test_one_refused_address_keeps_nobody_else_from_being_told(sink: Sink) -> None:
    page, first, second = article(), member(), member()
    article_comment(page, by=first, follow=True)
    article_comment(page, by=second, follow=True)
    run_jobs()
    sink.mails.clear()
    sink.refused.add(first.email)
    comment = article_comment(page, "News")
    with pytest.raises(OSError):
        comment_followers_tell.func(comment.pk, now().isoformat())
    assert [mail["To"] for mail in sink.mails] == [second.email]


def test_a_title_cannot_add_headers(sink: Sink) -> None:
    page, follower = article("Line one\nBcc: everyone@example.org"), member()
    article_comment(page, by=follower, follow=True)
    article_comment(page, "Hm")
    run_jobs()
    (mail,) = sink.to(follower)
    assert mail["Bcc"] is None
    assert "Line one Bcc: everyone@example.org" in mail["Subject"]


def test_the_mute_link_asks_first_and_then_ends_the_mails(sink: Sink, client: Client) -> None:
    page, follower = article(), member(language="ru")
    comment = article_comment(page, by=follower, follow=True)
    article_comment(page, "Once")
    run_jobs()
    (mail,) = sink.to(follower)
    path = mail["List-Unsubscribe"].strip(" <>").removeprefix(BASE)
    assert client.get(path).status_code == 200
    comment.refresh_from_db()
    assert comment.followup
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    comment.refresh_from_db()
    assert not comment.followup
    sink.mails.clear()
    article_comment(page, "Twice")
    run_jobs()
    assert sink.mails == []


def test_an_unverified_address_is_asked_before_it_gets_mails(sink: Sink, client: Client) -> None:
    page = article()
    newcomer = User.objects.create_user(username="newcomer", email="newcomer@example.org", language="ja")
    comment = article_comment(page, by=newcomer, follow=True)
    assert not comment.followup
    article_comment(page, "Too early")
    run_jobs()
    (mail,) = sink.to(newcomer)
    path = next(line for line in mail.get_content().splitlines() if line.startswith(BASE)).removeprefix(BASE)
    assert path.startswith("/ja/comments/confirm/")
    assert client.get(path).status_code == 200
    comment.refresh_from_db()
    assert not comment.followup
    assert client.post(path).status_code == 200
    sink.mails.clear()
    article_comment(page, "Now")
    run_jobs()
    assert len(sink.to(newcomer)) == 1


def test_links_open_one_thing_and_grow_old(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    link = FollowLink(user_id=1, page_id=2, comment_id=3)
    token = follow_token("mute", link)
    assert follow_link("mute", token) == link
    for wrong in (token[:-1], "x" + token, "", "gASVCgAAAAAAAACMBmhhY2tlZJQu:1abc:sig"):
        with pytest.raises(NotFound):
            follow_link("mute", wrong)
    with pytest.raises(NotFound):
        follow_link("confirm", token)
    now = __import__("time").time
    monkeypatch.setattr("django.core.signing.time.time", lambda: now() + 181 * 24 * 3600)
    with pytest.raises(NotFound):
        follow_link("mute", token)
    assert client.post(f"/en/comments/mute/{token}/").status_code == 404


def test_a_token_holds_json_and_no_pickle() -> None:
    import base64
    import json

    payload = follow_token("mute", FollowLink(7, 8, 9)).split(":")[0]
    text = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    assert json.loads(text) == {"u": 7, "p": 8, "c": 9}


def test_no_address_of_xtds_own_is_routed(client: Client) -> None:
    for path in ("/comments/confirm/x/", "/comments/mute/x/", "/comments/post/", "/comments/api/comment/"):
        assert client.get(path, follow=True).status_code == 404
    assert not ArticleComment.objects.exists()
