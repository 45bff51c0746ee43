"""Articles, sections and authors made by program."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from wagtail.models import Page, Site

from portal.core.errors import Invalid, NotAllowed, SignInNeeded
from portal.core.home import Section, page_sections, register_section
from portal.knowledge.models import ArticlePage, HomePage, KnowledgeIndexPage, NewsPage, SectionPage
from portal.knowledge.services.articles import (
    article_create,
    article_publish,
    article_unpublish,
    section_create,
)
from portal.knowledge.services.tree import tree_ensure
from portal.knowledge.services.tree_texts import TREE_TEXTS, tree_texts
from tests.factories.accounts import member
from tests.factories.knowledge import article, author, image
from tests.factories.questions import topic

pytestmark = pytest.mark.django_db


def test_an_article_is_published_with_all_it_was_given() -> None:
    by, topics = author("Omar"), [topic("Printing"), topic("Paper")]
    moment = datetime(2025, 5, 4, 3, 2, tzinfo=UTC)
    page = article_create(
        user=by.user,
        language="en",
        title="  Calibration  ",
        summary="  Ten minutes.  ",
        author=by,
        body=[{"type": "heading", "value": {"text": "Start", "level": "h2"}}],
        topics=topics,
        published_at=moment,
    )
    page = ArticlePage.objects.get(pk=page.pk)
    assert (page.title, page.summary, page.slug) == ("Calibration", "Ten minutes.", "calibration")
    assert (page.live, page.author, page.owner) == (True, by, by.user)
    assert page.first_published_at == page.last_published_at == moment
    assert set(page.topics.all()) == set(topics)
    assert page.body[0].value["text"] == "Start"
    assert page.get_parent().specific == KnowledgeIndexPage.objects.get(locale__language_code="en")
    assert page.live_revision is not None


def test_a_draft_is_kept_and_can_be_published_later() -> None:
    page = article(publish=False)
    assert not page.live and page.first_published_at is None
    assert article_publish(user=page.author.user, page=page).live


def test_two_of_the_same_title_get_addresses_of_their_own() -> None:
    slugs = [article("The same").slug for _number in range(3)]
    assert slugs == ["the-same", "the-same-1", "the-same-2"]


@pytest.mark.parametrize("title", ["!!!", "—", "🙂"])
def test_a_title_without_letters_gets_an_address_too(title: str) -> None:
    assert article(title).url.startswith("/en/knowledge/page")


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"title": "x" * 256}, {"summary": ""}, {"summary": "x" * 301}, {"language": "xx"}]
)
def test_fields_that_cannot_be_used_are_named_and_nothing_is_made(wrong: dict[str, Any]) -> None:
    by = author()
    fields = {"language": "en", "title": "T", "summary": "S", **wrong}
    with pytest.raises(Invalid) as refusal:
        article_create(user=by.user, author=by, **fields)
    assert set(refusal.value.fields) & {"title", "summary", "language"}
    assert not ArticlePage.objects.exists()


def test_an_article_has_one_translation_in_a_language() -> None:
    english = article("One")
    article("Один", language="ru", translation_of=english)
    with pytest.raises(Invalid), transaction.atomic():
        article("Ещё один", language="ru", translation_of=english)


def test_only_who_may_publish_changes_what_is_public() -> None:
    page, outsider = article(), member()
    for user, refusal in ((outsider, NotAllowed), (None, SignInNeeded)):
        with pytest.raises(refusal):
            section_create(user=user, language="en", title="Mine")
    for act in (article_publish, article_unpublish):
        with pytest.raises(NotAllowed):
            act(user=outsider, page=page)
    assert ArticlePage.objects.get(pk=page.pk).live


def test_sections_stand_below_the_knowledge_base_of_their_language() -> None:
    section = section_create(user=member(staff=True), language="ar", title="الطباعة")
    assert section.get_url().startswith("/ar/knowledge/")
    assert SectionPage.objects.get().get_parent().slug == "knowledge"


def test_what_may_stand_where() -> None:
    assert NewsPage.parent_page_types != ArticlePage.parent_page_types
    for parent, kinds in {
        HomePage: {"KnowledgeIndexPage", "NewsIndexPage"},
        KnowledgeIndexPage: {"SectionPage", "ArticlePage"},
        SectionPage: {"ArticlePage"},
        ArticlePage: set(),
    }.items():
        assert {kind.__name__ for kind in parent.allowed_subpage_models()} == kinds


def test_migrating_again_makes_nothing_twice() -> None:
    before = list(Page.objects.order_by("pk").values_list("pk", "path", "title"))
    call_command("migrate", verbosity=0)
    assert list(Page.objects.order_by("pk").values_list("pk", "path", "title")) == before


def test_wagtails_welcome_page_goes_and_the_site_stands_on_our_home() -> None:
    Page.objects.filter(depth=2).first()
    for home in HomePage.objects.all():
        home.delete()
    root = Page.get_first_root_node()
    welcome = root.add_child(
        instance=Page(title="Welcome", slug="home", content_type=ContentType.objects.get_for_model(Page))
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)
    tree_ensure()
    assert not Page.objects.filter(pk=welcome.pk).exists()
    assert Site.objects.get().root_page.specific == HomePage.objects.get(locale__language_code="en")
    assert {home.url for home in HomePage.objects.all()} == {"/en/", "/ru/", "/ja/", "/ar/"}


def test_a_page_that_somebody_made_is_not_taken_for_the_welcome_page() -> None:
    for home in HomePage.objects.all():
        home.delete()
    root = Page.get_first_root_node()
    kept = root.add_child(instance=Page(title="Ours", slug="ours"))
    tree_ensure()
    assert Page.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
def test_the_first_words_are_written_in_each_language(language: str) -> None:
    texts = TREE_TEXTS[language]
    for name in texts.__slots__:
        words = getattr(texts, name)
        assert words and len(words) <= 300
        others = {getattr(TREE_TEXTS[other], name) for other in TREE_TEXTS if other != language}
        assert words not in others
    assert tree_texts(language) is texts


def test_a_language_that_the_portal_was_not_written_in_begins_in_english() -> None:
    assert tree_texts("de") is TREE_TEXTS["en"]
    assert tree_texts("ru-by") is TREE_TEXTS["ru"]


def test_a_photo_is_shown_and_without_one_the_drawn_picture() -> None:
    assert author().photo_url == ""
    with_photo = author(photo=image("Face"))
    assert with_photo.photo_url.startswith("/media/images/")
    drawn = Template("{% load design %}{% avatar author %}").render(Context({"author": author()}))
    assert "/avatars/" in drawn
    shown = Template("{% load design %}{% avatar author %}").render(Context({"author": with_photo}))
    assert with_photo.photo_url in shown


def test_names_in_templates_follow_the_language_of_the_page() -> None:
    printing = topic("Printing", ru="Печать")
    template = Template("{% load knowledge %}{% topic_name topic %}")
    for language, name in (("en", "Printing"), ("ru", "Печать"), ("ja", "Printing")):
        with translation.override(language):
            assert template.render(Context({"topic": printing})) == name


def test_a_section_of_the_home_page_is_drawn_with_its_own_context_and_leaves_none_behind() -> None:
    template = Template(
        "{% load knowledge %}{% home_section 'components/empty.html' gathered %}|{{ title }}|{{ text }}"
    )
    drawn = template.render(Context({"gathered": {"title": "Inside"}, "text": "Around"}))
    assert "<h2>Inside</h2>" in drawn and "<p>Around</p>" in drawn
    assert drawn.endswith("||Around")


def test_other_areas_offer_sections_to_the_home_page(client: Any) -> None:
    register_section(
        "home",
        Section("trial", 5, "components/empty.html", lambda request: {"title": f"Hello {request.LANGUAGE_CODE}"}),
    )
    try:
        assert "<h2>Hello ja</h2>" in client.get("/ja/").content.decode()
    finally:
        from portal.core import home

        home._sections["home"].pop("trial")
    request = RequestFactory().get("/")
    assert all(template != "components/empty.html" for template, _gathered in page_sections("nowhere", request))
