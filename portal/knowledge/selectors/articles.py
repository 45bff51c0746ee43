"""Articles and news as lists and pages show them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from wagtail.images.models import Image
from wagtail.models import Page

from portal.core.models import Topic
from portal.core.paging import Slice, keyset_page
from portal.knowledge.models import ArticlePage, HomePage, KnowledgeIndexPage, NewsIndexPage, SectionPage
from portal.knowledge.models.author import PHOTO

from .access import articles_visible_to, closed_to, open_only
from .bodies import Body, article_body
from .translations import LanguageUrls, language_urls, lineage_of

PAGE_SIZE = 20
ORDER = ("-first_published_at", "-id")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: what is above it, and its translations."""

    ancestors: list[Page]
    languages: LanguageUrls


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article's page. moved tells that it was changed after the day it was published."""

    place: Place
    body: Body
    topics: list[Topic]
    revised: bool


@dataclass(frozen=True, slots=True)
class IndexView:
    """A page that lists articles."""

    place: Place
    articles: Slice[ArticlePage]
    sections: list[SectionPage]
    topics: list[Topic]
    topic: Topic | None


@dataclass(frozen=True, slots=True)
class HomeView:
    """The front page's articles and news."""

    place: Place
    articles: list[ArticlePage]
    news: list[ArticlePage]


def with_parts(found: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
    """Returns the articles with all that a list shows of each, without their bodies."""
    return _slim(found).prefetch_related(*_author_parts())


def _slim(found: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
    return found.select_related("author__user", "locale").defer("body")


def _author_parts() -> list[str | Prefetch[Any]]:
    return ["author__texts", Prefetch("author__photo", Image.objects.prefetch_renditions(PHOTO))]


def place_of(request: HttpRequest, page: Page) -> Place:
    """Returns what is above a page (from the home page down) and where its translations are."""
    lineage, translations = lineage_of(page)
    return Place(
        ancestors=[one for one in lineage if one.path != page.path],
        languages=language_urls(request, page, lineage, translations),
    )


def article_view(request: HttpRequest, page: ArticlePage, *, keep: bool = True) -> ArticleView:
    """Returns what an article's page shows (``keep=False``: of unsaved words, in a preview)."""
    first, last = page.first_published_at, page.last_published_at
    items = (
        page.topic_items.all() if not keep else page.topic_items.select_related("tag").prefetch_related("tag__names")
    )
    return ArticleView(
        place=place_of(request, page),
        body=article_body(page, keep=keep),
        topics=[item.tag for item in items],
        revised=bool(first and last and last.date() > first.date()),
    )


def index_view(request: HttpRequest, page: KnowledgeIndexPage | NewsIndexPage | SectionPage) -> IndexView:
    """Returns the articles below a page: newest first, 20 at a time (``?after=``), of one ``?topic=`` where asked."""
    closed = closed_to(request.user)
    below = open_only(ArticlePage.objects.filter(path__startswith=page.path, depth__gt=page.depth), closed)
    topics = list(
        Topic.objects.filter(article_items__content_object__in=below.values("pk"))
        .annotate(articles_count=Count("article_items"))
        .order_by("-articles_count", "name")
        .prefetch_related("names")[:24]
    )
    topic = _topic(request.GET.get("topic", ""), topics)
    if topic is not None:
        below = below.filter(topic_items__tag=topic)
    sections: list[SectionPage] = []
    if isinstance(page, KnowledgeIndexPage):
        here = SectionPage.objects.filter(path__startswith=page.path, depth=page.depth + 1)
        sections = list(open_only(here, closed).order_by("path"))
    articles = keyset_page(with_parts(below), order=ORDER, cursor=request.GET.get("after"), size=PAGE_SIZE)
    return IndexView(place_of(request, page), articles, sections, topics, topic)


def _topic(slug: str, known: list[Topic]) -> Topic | None:
    """Returns the topic of this slug, from those at hand where it is one of them."""
    found: Topic | None = next((topic for topic in known if topic.slug == slug), None)
    if found is None and slug and "\x00" not in slug:
        found = Topic.objects.prefetch_related("names").filter(slug=slug).first()
    return found


def home_view(request: HttpRequest, page: HomePage, *, most: int = 6) -> HomeView:
    """Returns the newest articles (``most``) and news (half as many) in the language of a front page."""
    below = _slim(articles_visible_to(request.user).filter(path__startswith=page.path)).order_by(*ORDER)
    articles = list(below.filter(newspage__isnull=True)[:most])
    news = list(below.filter(newspage__isnull=False)[: most // 2])
    prefetch_related_objects([*articles, *news], *_author_parts())
    return HomeView(place=place_of(request, page), articles=articles, news=news)


def articles_of(user: Any, *, language: str = "") -> QuerySet[ArticlePage]:
    """Returns the articles and news that this reader may see, of one language where asked, with parts and topics."""
    found = articles_visible_to(user)
    found = found.filter(locale__language_code=language) if language else found
    return with_parts(found).prefetch_related("topic_items__tag__names").order_by(*ORDER)
