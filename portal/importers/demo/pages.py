"""The demo's pages: words of the index pages, authors, and articles and news in each language."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Revision

from portal.accounts.models import User
from portal.core.models import Topic
from portal.knowledge.models import ArticlePage, Author, HomePage, KnowledgeIndexPage, NewsIndexPage
from portal.knowledge.services.articles import article_create
from portal.knowledge.services.authors import author_ensure
from portal.knowledge.services.staff import staff_group_ensure
from portal.knowledge.services.tree import tree_ensure

from . import content
from .blocks import stream_data
from .drawings import DRAWINGS, drawing_png, portrait_png

# What the demo's block ids are derived from: the same in each language, so that segments match.
STORY = UUID("5b0f6f0e-6d2c-4a57-9d0e-2f6c0a7d1e10")
SOURCE_LANGUAGE = content.LANGUAGES[0]


def indexes_load(site: dict[str, Any]) -> dict[str, Locale]:
    """Makes the page tree where it is missing and gives its pages the demo's words; returns the locales by language."""
    tree_ensure()
    staff_group_ensure()
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    for language in content.LANGUAGES:
        locale = locales[language]
        home = HomePage.objects.get(locale=locale)
        home.title = site["home"]["title"][language]
        home.headline, home.intro = site["home"]["lead"][language], site["home"]["intro"][language]
        _publish(home)
        for kind, words in ((KnowledgeIndexPage, site["knowledge"]), (NewsIndexPage, site["news"])):
            index = kind.objects.get(locale=locale)
            index.title, index.intro = words["title"][language], words["intro"][language]
            _publish(index)
    return locales


def authors_load(people: list[content.Person], *, members: dict[str, User]) -> dict[str, Author]:
    """Makes the staff's author profiles, with photo and texts in each language; returns them by username."""
    authors = {}
    for person in people:
        if not person.staff:
            continue
        texts = {
            language: {
                "job_title": person.job_title[language],
                "bio": person.bio_in(language),
                "name": person.names[language] if person.names[language] != person.name else "",
            }
            for language in content.LANGUAGES
        }
        photo = _image(person.name, f"{person.username}.png", portrait_png(person.avatar))
        authors[person.username] = author_ensure(user=members[person.username], texts=texts, photo=photo)
    return authors


def articles_load(
    articles: list[content.Article], *, authors: dict[str, Author], topics: dict[str, Topic], moment: datetime
) -> dict[tuple[str, str], ArticlePage]:
    """Publishes every article in every language at its own moment; returns the pages by (key, language)."""
    images = {name: _image(name, f"{name}.png", drawing_png(name)).pk for name in DRAWINGS}
    pages: dict[tuple[str, str], ArticlePage] = {}
    for article in articles:
        key = uuid5(STORY, f"{article.kind}/{article.key}")
        author, published = authors[article.author], moment - timedelta(days=article.days_ago)
        for language in content.LANGUAGES:
            version = article.versions[language]
            page = article_create(
                user=author.user,
                language=language,
                title=version.title,
                summary=version.summary,
                author=author,
                body=stream_data(version.blocks, key=key, images=images),
                topics=[topics[slug] for slug in article.topics],
                slug=article.slug,
                news=article.kind == "news",
                translation_of=pages.get((article.key, SOURCE_LANGUAGE)),
                published_at=published,
            )
            _revisions_backdate(page, published)
            pages[article.key, language] = page
    return pages


def _image(title: str, name: str, data: bytes) -> Any:
    return get_image_model().objects.create(title=title, file=ContentFile(data, name=f"demo-{name}"))


def _publish(page: Page) -> None:
    page.save_revision().publish(skip_permission_checks=True)


def _revisions_backdate(page: Page, moment: datetime) -> None:
    """Lets the page's history begin at ``moment`` too."""
    Page.objects.filter(pk=page.pk).update(latest_revision_created_at=moment)
    Revision.objects.filter(pk=page.latest_revision_id).update(created_at=moment)
