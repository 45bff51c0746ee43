"""A staff author at work in /cms/: what she can do there, and what stays closed to others."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Locale
from wagtail_localize.models import Translation

from portal.accounts.models import User
from portal.knowledge.models import ArticlePage, Author, KnowledgeIndexPage, NewsIndexPage, NewsPage
from portal.knowledge.services.staff import staff_group_ensure
from search.models import OutboxEntry
from tests.factories.accounts import member
from tests.factories.knowledge import article, author
from tests.factories.questions import topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> User:
    return member("omar", staff=True, password="a long enough word", display_name="Omar Haddad")


@pytest.fixture
def cms(staff: User, client: Client) -> Client:
    client.force_login(staff)
    return client


def stream(*blocks: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Returns the fields that the admin's form sends for a body of these blocks."""
    fields: dict[str, Any] = {"body-count": len(blocks)}
    for place, (kind, values) in enumerate(blocks):
        fields |= {f"body-{place}-deleted": "", f"body-{place}-order": place, f"body-{place}-type": kind}
        fields |= {f"body-{place}-id": ""} | {
            f"body-{place}-value" + (f"-{name}" if name else ""): value for name, value in values.items()
        }
    return fields


def draftail(words: str) -> str:
    block = {"key": "a", "text": words, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"blocks": [block], "entityMap": {}})


def page_form(by: Author, **more: Any) -> dict[str, Any]:
    return {
        "title": "Calibrating a printer",
        "slug": "calibrating-a-printer",
        "summary": "Ten minutes that save a roll.",
        "author": by.pk,
        "topics": "Printing",
        "comments_open": "on",
        "comment_notifications": "",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "action-publish": "publish",
        **stream(
            ("heading", {"text": "Before you begin", "level": "h2"}),
            ("text", {"": draftail("Load the labels.")}),
            ("code", {"language": "bash", "filename": "", "code": "lpstat -t"}),
            ("callout", {"kind": "tip", "title": "Tip", "text": draftail("Keep one.")}),
        ),
        **more,
    }


@pytest.mark.parametrize("path", ["/cms/", "/cms/pages/", "/cms/snippets/knowledge/author/", "/cms/reports/comments/"])
def test_the_cms_is_closed_to_strangers_and_members(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302
    client.force_login(member())
    assert client.get(path).status_code in (302, 403)


def test_the_staff_signs_in_with_a_password(staff: User, client: Client) -> None:
    answer = client.post("/cms/login/", {"username": "omar", "password": "a long enough word"})
    assert (answer.status_code, answer.url) == (302, "/cms/")
    assert client.get("/cms/").status_code == 200


@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_every_page_of_the_cms_opens(cms: Client, language: str) -> None:
    page, index = article(language=language), KnowledgeIndexPage.objects.get(locale__language_code=language)
    for path in (
        "",
        f"pages/{index.pk}/",
        f"pages/{index.pk}/edit/",
        f"pages/{page.pk}/edit/",
        f"pages/{page.pk}/history/",
        f"pages/add/knowledge/articlepage/{index.pk}/",
        "snippets/knowledge/author/",
        f"snippets/knowledge/author/edit/{page.author.pk}/",
        "images/",
        "documents/",
        "reports/comments/",
    ):
        response = cms.get(f"/cms/{path}")
        assert response.status_code == 200, path
        assert "unsafe-eval" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", ["article", "news"])
def test_an_author_publishes_and_readers_have_it_at_once(cms: Client, staff: User, kind: str) -> None:
    topic("Printing")
    by = author(user=staff, en="Support engineer")
    index = (KnowledgeIndexPage if kind == "article" else NewsIndexPage).objects.get(locale__language_code="en")
    model = "articlepage" if kind == "article" else "newspage"
    answer = cms.post(f"/cms/pages/add/knowledge/{model}/{index.pk}/", page_form(by))
    assert answer.status_code == 302, answer.context["form"].errors if answer.context else answer
    page = ArticlePage.objects.get()
    assert page.live and NewsPage.objects.exists() is (kind == "news")
    html = Client().get(page.url).content.decode()
    for words in (
        "Calibrating a printer",
        "Omar Haddad",
        "Support engineer",
        "Load the labels.",
        "Keep one.",
        "lpstat",
    ):
        assert words in html
    assert "Calibrating a printer" in Client().get(index.url).content.decode()
    assert OutboxEntry.objects.filter(document_type="article", object_id=str(page.pk)).exists()


@pytest.mark.parametrize("missing", ["summary", "author"])
def test_an_article_needs_a_summary_and_a_named_author(cms: Client, staff: User, missing: str) -> None:
    index = KnowledgeIndexPage.objects.get(locale__language_code="en")
    form = page_form(author(user=staff), **{missing: ""})
    answer = cms.post(f"/cms/pages/add/knowledge/articlepage/{index.pk}/", form)
    assert answer.status_code == 200
    assert missing in answer.context["form"].errors
    assert not ArticlePage.objects.exists()


def test_a_draft_is_previewed_with_its_own_words_and_seen_by_nobody(cms: Client, staff: User) -> None:
    page = article("Published words", by=author(user=staff))
    form = page_form(page.author, title="Drafted words", slug=page.slug)
    path = f"/cms/pages/{page.pk}/edit/preview/"
    assert cms.post(path, form).json()["is_valid"]
    html = cms.get(path).content.decode()
    assert "Drafted words" in html and "Load the labels." in html
    assert "Drafted words" not in Client().get(page.url).content.decode()


def test_a_new_page_can_be_previewed_before_it_is_saved(cms: Client, staff: User) -> None:
    index = KnowledgeIndexPage.objects.get(locale__language_code="en")
    path = f"/cms/pages/add/knowledge/articlepage/{index.pk}/preview/"
    assert cms.post(path, page_form(author(user=staff))).json()["is_valid"]
    html = cms.get(path).content.decode()
    assert "Calibrating a printer" in html and "Knowledge base" in html


def test_an_author_uploads_pictures_and_documents(cms: Client) -> None:
    data = BytesIO()
    Picture.new("RGB", (40, 30), "navy").save(data, "PNG")
    root = "1"
    answer = cms.post(
        "/cms/images/add/",
        {"title": "Head", "file": SimpleUploadedFile("head.png", data.getvalue(), "image/png"), "collection": root},
    )
    assert answer.status_code == 302 and Image.objects.get().title == "Head"
    for name, status in (("tour.mp4", 302), ("tour.vtt", 302), ("page.html", 200), ("run.svg", 200)):
        upload = SimpleUploadedFile(name, b"x", "application/octet-stream")
        answer = cms.post("/cms/documents/add/", {"title": name, "file": upload, "collection": root})
        assert answer.status_code == status, name
    assert set(Document.objects.values_list("title", flat=True)) == {"tour.mp4", "tour.vtt"}


def test_an_author_edits_her_profile(cms: Client, staff: User) -> None:
    form = {
        "user": staff.pk,
        "name": "Omar Haddad",
        "photo": "",
        "texts-TOTAL_FORMS": 2,
        "texts-INITIAL_FORMS": 0,
        "texts-MIN_NUM_FORMS": 1,
        "texts-MAX_NUM_FORMS": 1000,
    }
    for place, (language, title) in enumerate({"en": "Engineer", "ar": "مهندس الدعم"}.items()):
        values = {"language": language, "name": "", "job_title": title, "bio": "", "DELETE": "", "id": ""}
        form |= {f"texts-{place}-{name}": value for name, value in values.items()}
    assert cms.post("/cms/snippets/knowledge/author/add/", form).status_code == 302
    made = Author.objects.get()
    assert made.text_in("ar").job_title == "مهندس الدعم"
    assert made.photo_url == "" and made.username == "omar"


def test_an_article_is_sent_for_translation_and_stays_a_draft(cms: Client, staff: User) -> None:
    page = article("Calibration", by=author(user=staff))
    russian = Locale.objects.get(language_code="ru")
    path = f"/cms/localize/submit/page/{page.pk}/"
    assert cms.get(path).status_code == 200
    assert cms.post(path, {"locales": [russian.pk], "include_subtree": ""}).status_code == 302
    assert Translation.objects.get().target_locale == russian
    draft = ArticlePage.objects.get(locale=russian)
    assert not draft.live
    assert cms.get(f"/cms/pages/{draft.pk}/edit/").status_code == 200
    assert Client().get("/ru/knowledge/calibration/").status_code == 404


def test_the_group_of_the_staff_is_mended_and_keeps_what_it_was_given() -> None:
    group = Group.objects.get(name="Moderators")
    needed = {"access_admin", "add_author", "change_author", "view_author", "submit_translation"}
    needed |= {"change_askingsettings"}
    assert needed <= set(group.permissions.values_list("codename", flat=True))
    given = Permission.objects.get(codename="delete_author")
    group.permissions.set([given])
    group.page_permissions.all().delete()
    group.collection_permissions.all().delete()
    for _again in range(2):
        staff_group_ensure()
    assert set(group.permissions.values_list("codename", flat=True)) == needed | {"delete_author"}
    pages = set(group.page_permissions.values_list("permission__codename", flat=True))
    assert pages == {"add_page", "change_page", "publish_page", "lock_page", "unlock_page", "view_page"}
    assert group.page_permissions.count() == group.collection_permissions.count() == 6


def test_removing_an_author_with_articles_is_refused() -> None:
    from django.db.models import ProtectedError

    page = article()
    with pytest.raises(ProtectedError):
        page.author.delete()
    with pytest.raises(ProtectedError):
        page.author.user.delete()
