"""Writing without any script: a preview and files through the forms themselves, with nothing lost on the way."""

import re
from functools import partial

import pytest
from django.test import Client

from portal.questions.models import Answer, Comment, Question, Upload
from tests.factories.accounts import member
from tests.factories.browsers import browser as browser_of
from tests.factories.files import sent
from tests.factories.questions import answer, comment, question

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A place for the uploads of one test."""
    kept = {**settings.STORAGES["uploads"], "OPTIONS": {"location": tmp_path / "uploads", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "uploads": kept}
    settings.PORTAL_LIMITS = False


browser = partial(browser_of, raise_request_exception=False)


def text_in(page):
    """What stands in the text field of a page."""
    return re.search(r'<textarea id="id_body"[^>]*>\n(.*?)</textarea>', page, re.DOTALL).group(1)


def forms():
    """Every form with a body: its address, what else it sends, and what it makes."""
    asked = question()
    given = answer(asked)
    said = comment(asked)
    return {
        "ask": ("/en/questions/ask/", {"title": "What is this light?", "language": "en", "declined": "1"}, None),
        "answer": (f"/en/questions/{asked.pk}/answer/", {}, None),
        "comment": (f"/en/questions/comment/answer/{given.pk}/", {}, None),
        "reply": (f"/en/questions/comment/question/{asked.pk}/", {"parent_id": said.pk}, None),
        "edit question": (
            f"/en/questions/{asked.pk}/edit/",
            {"title": asked.title, "language": "en", "version": 1, "topics": ""},
            asked.author,
        ),
        "edit answer": (f"/en/questions/answers/{given.pk}/edit/", {"version": 1}, given.author),
    }


FORMS = ["ask", "answer", "comment", "reply", "edit question", "edit answer"]


@pytest.mark.parametrize("name", FORMS)
class TestEveryForm:
    def test_a_preview_posts_nothing_and_keeps_every_field(self, name):
        address, more, user = forms()[name]
        before = (Question.objects.count(), Answer.objects.count(), Comment.objects.count())
        reply = browser(user or member()).post(address, {**more, "body": "**strong** words", "preview": "1"})
        page = reply.content.decode()
        assert reply.status_code == 200 and "<strong>strong</strong>" in page
        assert text_in(page) == "**strong** words"
        for field, value in more.items():
            if value != "":
                assert re.search(rf'<input type="hidden" name="{field}" value="[^"]+">', page), field
        assert f'action="{address}"' in page
        assert (Question.objects.count(), Answer.objects.count(), Comment.objects.count()) == before

    def test_a_file_comes_into_the_text_and_the_text_can_be_posted(self, name):
        address, more, user = forms()[name]
        client = browser(user or member())
        page = client.post(address, {**more, "body": "Look:", "preview": "1", "files": [sent("light.png")]})
        body = text_in(page.content.decode())
        upload = Upload.objects.get()
        assert body == f"Look:\n\n{upload.markdown}\n"
        assert f'src="{upload.get_absolute_url()}"' in page.content.decode()
        assert client.post(address, {**more, "body": body}).status_code == 302
        assert upload.uses.count() == 1


class TestFiles:
    @pytest.fixture
    def place(self):
        return f"/en/questions/{question().pk}/answer/"

    def test_what_is_refused_is_said_and_the_text_stays(self, place):
        reply = browser(member()).post(place, {"body": "My words", "files": [sent("a.svg", b"<svg/>")]})
        page = reply.content.decode()
        assert 'role="alert"' in page and "a.svg" in page and text_in(page) == "My words"
        assert not Answer.objects.exists() and not Upload.objects.exists()

    def test_several_at_once_each_by_itself(self, place):
        files = [sent("a.txt", b"a"), sent("b.svg", b"<svg/>"), sent("c.txt", b"c")]
        page = browser(member()).post(place, {"body": "", "preview": "1", "files": files}).content.decode()
        assert "a.txt" in text_in(page) and "c.txt" in text_in(page) and "b.svg" not in text_in(page)

    def test_a_form_that_sent_only_names_is_not_posted_without_its_files(self, place):
        page = browser(member()).post(place, {"body": "My words", "files": "light.png"}).content.decode()
        assert 'role="alert"' in page and text_in(page) == "My words"
        assert not Answer.objects.exists()

    def test_a_form_whose_field_stayed_empty_is_posted(self, place):
        assert browser(member()).post(place, {"body": "My words", "files": ""}).status_code == 302
        assert Answer.objects.count() == 1

    def test_a_stranger_s_files_are_not_taken(self, place):
        reply = browser().post(place, {"body": "My words", "preview": "1", "files": [sent()]})
        assert reply.status_code == 200 and text_in(reply.content.decode()) == "My words"
        assert not Upload.objects.exists()

    def test_a_token_is_needed(self, place):
        client = Client(enforce_csrf_checks=True)
        client.force_login(member(), backend="portal.accounts.backends.PortalBackend")
        assert client.post(place, {"body": "x", "preview": "1", "files": [sent()]}).status_code == 403

    def test_fields_come_back_as_words_whatever_is_in_them(self, place):
        hostile = '"><script>alert(1)</script>'
        page = browser(member()).post(place, {"body": hostile, "once": hostile, "preview": "1"}).content.decode()
        assert "<script>alert" not in page


class TestPages:
    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_every_form_has_what_a_browser_without_scripts_needs(self, language):
        asked = question()
        client = browser(asked.author)
        for address in (
            f"/{language}/questions/ask/",
            asked.get_absolute_url(),
            f"/{language}/questions/{asked.pk}/edit/",
        ):
            page = client.get(address, follow=True).content.decode()
            assert 'formenctype="multipart/form-data"' in page and 'name="files"' in page
            assert page.count('id="editor-parts"') == 1

    def test_a_stranger_s_page_of_a_question_has_no_editor(self):
        page = browser().get(question().get_absolute_url()).content.decode()
        assert "data-editor>" not in page
