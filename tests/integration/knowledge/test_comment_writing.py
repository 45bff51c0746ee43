"""Writing a comment under an article: the editor, its preview with and without a script, sent once, slowed."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client

from portal.knowledge.models import ArticleComment
from portal.knowledge.services.comments import COMMENT_LONGEST, comment_html
from tests.factories.accounts import member
from tests.factories.browsers import browser, read
from tests.factories.knowledge import article, article_comment

pytestmark = pytest.mark.django_db
PREVIEW = "/en/comments/preview/"
WORDS = "It **blinks** at `night`.\n\n- once\n- twice"


def posted(client: Client, page, **fields):
    return client.post(f"/en/comments/{page.pk}/", {"body": WORDS, **fields})


def token_of(html: str) -> str:
    found = re.search(r'name="once" value="([0-9a-f]{32})"', html)
    assert found is not None
    return found[1]


class TestEditor:
    def test_a_stranger_meets_neither_the_form_nor_its_scripts(self) -> None:
        html = read(Client(), article().url)
        assert "data-editor" not in html and "editor.js" not in html and 'name="once"' not in html

    def test_nor_does_a_member_where_comments_are_closed(self) -> None:
        page = article()
        page.comments_open = False
        page.save()
        html = read(browser(member()), page.url)
        assert "data-editor" not in html and "editor.js" not in html

    def test_a_member_has_the_editor_with_the_preview_of_these_comments(self) -> None:
        page, client = article(), browser(member())
        for html in (read(client, page.url), read(client, f"/en/comments/{page.pk}/")):
            assert "data-editor" in html and "js/editor.js" in html
            assert f'data-preview-url="{PREVIEW}"' in html
            assert "data-upload-url" not in html and "data-members-url" not in html
            assert f'maxlength="{COMMENT_LONGEST}"' in html
            assert "style=" not in html.split('id="comments"')[-1]

    def test_a_reply_has_it_too_and_names_what_it_replies_to(self) -> None:
        page, client = article(), browser(member())
        parent = article_comment(page, "Does it **glow**?")
        html = read(client, f"/en/comments/{page.pk}/", parent_id=parent.pk)
        assert f'name="parent_id" value="{parent.pk}"' in html
        assert "<strong>glow</strong>" in html and "data-editor" in html

    def test_every_form_has_a_token_of_its_own(self) -> None:
        page, client = article(), browser(member())
        assert token_of(read(client, page.url)) != token_of(read(client, page.url))


class TestLivePreview:
    def test_it_is_what_readers_will_see(self) -> None:
        page, client = article(), browser(member())
        shown = client.post(PREVIEW, {"body": WORDS}).content.decode()
        posted(client, page)
        assert shown == ArticleComment.objects.get().body_html
        assert "<strong>blinks</strong>" in shown and shown.count("<li>") == 2

    @pytest.mark.parametrize("body", ["", "   ", "<script>alert(1)</script>", "<!-- nothing -->"])
    def test_what_shows_nothing_is_empty_and_cannot_be_posted(self, body: str) -> None:
        page, client = article(), browser(member())
        shown = client.post(PREVIEW, {"body": body}).content.decode()
        assert "<script" not in shown
        if not shown:
            assert posted(client, page, body=body).status_code == 422
            assert not ArticleComment.objects.exists()

    def test_a_text_that_is_too_long_is_drawn_to_its_limit(self) -> None:
        shown = browser(member()).post(PREVIEW, {"body": "a" * (COMMENT_LONGEST + 50)}).content.decode()
        assert shown.count("a") == COMMENT_LONGEST

    def test_it_takes_a_post_with_its_token_and_has_a_limit(self, settings) -> None:
        client = browser(member(), enforce_csrf_checks=True)
        assert client.get(PREVIEW).status_code == 405
        assert client.post(PREVIEW, {"body": "Hi"}).status_code == 403
        settings.PORTAL_LIMITS = True
        cache.clear()
        often = browser(member())
        assert {often.post(PREVIEW, {"body": "Hi"}).status_code for _each in range(200)} == {200, 429}


class TestPreviewWithoutScript:
    def test_the_text_comes_back_drawn_and_nothing_is_posted(self) -> None:
        page, client = article(), browser(member())
        answer = posted(client, page, preview="1", follow="on", once="a" * 32)
        html = answer.content.decode()
        assert answer.status_code == 200 and not ArticleComment.objects.exists()
        assert comment_html(WORDS).strip() in html
        assert "It **blinks** at `night`." in unescape(html)
        assert 'name="follow"' in html and "checked" in html
        assert token_of(html) == "a" * 32

    def test_from_there_it_is_posted(self) -> None:
        page, client = article(), browser(member())
        html = posted(client, page, preview="1", once="b" * 32).content.decode()
        assert posted(client, page, once=token_of(html)).status_code == 302
        assert ArticleComment.objects.get().comment == WORDS

    def test_a_reply_stays_one(self) -> None:
        page, client = article(), browser(member())
        parent = article_comment(page, "Why?")
        html = posted(client, page, preview="1", parent_id=parent.pk).content.decode()
        assert f'name="parent_id" value="{parent.pk}"' in html and "Why?" in html

    def test_what_is_wrong_is_told_beside_it(self) -> None:
        page, client = article(), browser(member())
        html = posted(client, page, preview="1", body="a" * (COMMENT_LONGEST + 1)).content.decode()
        assert "1 character too long" in html

    def test_a_stranger_is_led_to_sign_in(self) -> None:
        assert posted(Client(), article(), preview="1").status_code == 302


class TestSentOnce:
    def test_the_same_form_twice_is_one_comment_at_one_address(self) -> None:
        page, client = article(), browser(member())
        first, again = posted(client, page, once="c" * 32), posted(client, page, once="c" * 32)
        assert ArticleComment.objects.count() == 1
        assert first.url == again.url and first.url.endswith(f"#comment-{ArticleComment.objects.get().pk}")

    def test_even_with_words_changed_on_the_way_back(self) -> None:
        page, client = article(), browser(member())
        posted(client, page, once="c" * 32)
        posted(client, page, once="c" * 32, body="Other words")
        assert [comment.comment for comment in ArticleComment.objects.all()] == [WORDS]

    def test_another_members_form_with_this_token_is_another_form(self) -> None:
        page = article()
        for _each in range(2):
            posted(browser(member()), page, once="c" * 32)
        assert ArticleComment.objects.count() == 2

    def test_a_form_that_was_refused_can_be_sent_again(self) -> None:
        page, client = article(), browser(member())
        assert posted(client, page, once="d" * 32, body=" ").status_code == 422
        assert posted(client, page, once="d" * 32).status_code == 302
        assert ArticleComment.objects.count() == 1

    def test_a_form_without_a_token_is_taken(self) -> None:
        page, client = article(), browser(member())
        assert posted(client, page).status_code == 302


class TestSlowed:
    def test_who_writes_too_fast_keeps_her_text_and_sends_it_later(self, settings) -> None:
        page, client = article(), browser(member())
        settings.PORTAL_LIMITS = True
        cache.clear()
        answers = [posted(client, page, body=f"Number {n}", once=f"{n:032x}") for n in range(12)]
        slowed = next(n for n, answer in enumerate(answers) if answer.status_code == 429)
        html = answers[slowed].content.decode()
        assert int(answers[slowed].headers["Retry-After"]) > 0
        assert f"Number {slowed}" in html and 'id="slowed"' in html and "as a draft" not in html
        assert token_of(html) == f"{slowed:032x}"
        settings.PORTAL_LIMITS = False
        assert posted(client, page, body=f"Number {slowed}", once=token_of(html)).status_code == 302
        assert ArticleComment.objects.filter(comment=f"Number {slowed}").count() == 1
