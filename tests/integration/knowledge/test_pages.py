"""The pages that every language has, and the articles below them, as a stranger sees them."""

import pytest
from django.test import Client

from portal.knowledge.models import HomePage, KnowledgeIndexPage, NewsIndexPage
from tests.factories.knowledge import article, author

pytestmark = pytest.mark.django_db

TITLES = {
    "en": ("What can we help you with?", "Knowledge base", "News"),
    "ru": ("Чем вам помочь?", "База знаний", "Новости"),
    "ja": ("何をお探しですか？", "ナレッジベース", "お知らせ"),
    "ar": ("كيف يمكننا مساعدتك؟", "قاعدة المعرفة", "الأخبار"),
}


@pytest.mark.parametrize("language", TITLES)
def test_an_empty_portal_has_its_pages_in_each_language(client: Client, language: str) -> None:
    for path, title in zip(("", "knowledge/", "news/"), TITLES[language], strict=True):
        response = client.get(f"/{language}/{path}")
        assert response.status_code == 200
        assert f"<h1>{title}</h1>" in response.content.decode()


def test_pages_of_one_kind_are_translations_of_each_other() -> None:
    for kind in (HomePage, KnowledgeIndexPage, NewsIndexPage):
        pages = list(kind.objects.all())
        assert {page.locale.language_code for page in pages} == set(TITLES)
        assert len({page.translation_key for page in pages}) == 1
        assert {page.url for page in pages} == {
            f"/{language}/" + {HomePage: "", KnowledgeIndexPage: "knowledge/", NewsIndexPage: "news/"}[kind]
            for language in TITLES
        }


def test_a_stranger_reads_an_article_with_its_named_author(client: Client) -> None:
    writer = author("Omar Haddad", en="Support engineer")
    page = article("Calibrating a label printer", by=writer)
    response = client.get(page.url)
    html = response.content.decode()
    assert response.status_code == 200
    assert page.url == "/en/knowledge/calibrating-a-label-printer/"
    assert "<h1>Calibrating a label printer</h1>" in html
    assert "Omar Haddad" in html and "Support engineer" in html
    assert "Hold the green button for three seconds." in html
    listed = client.get("/en/knowledge/").content.decode()
    assert page.title in listed and "Omar Haddad" in listed and "Support engineer" in listed
    assert page.title in client.get("/en/").content.decode()


def test_news_stand_under_news_and_not_among_the_articles(client: Client) -> None:
    page = article("Version 5 is here", news=True)
    assert page.url == "/en/news/version-5-is-here/"
    assert page.author.name in client.get(page.url).content.decode()
    assert page.title in client.get("/en/news/").content.decode()
    assert page.title not in client.get("/en/knowledge/").content.decode()
