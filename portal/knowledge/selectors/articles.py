"""Articles and news as lists and pages show them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest
from wagtail.images.models import Image
from wagtail.models import Page

from portal.core.models import Topic
from portal.core.paging import Slice, keyset_page
from portal.knowledge.models import ArticlePage, HomePage, KnowledgeIndexPage, NewsIndexPage, SectionPage
from portal.knowledge.models.author import PHOTO

from .access import articles_visible_to, pages_visible_to
from .bodies import Body, article_body
from .translations import LanguageUrls, language_urls

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
    photos = Image.objects.prefetch_renditions(PHOTO)
    return (
        found.select_related("author__user", "locale")
        .prefetch_related("author__texts", Prefetch("author__photo", photos), "topic_items__tag__names")
        .defer("body")
    )


def place_of(request: HttpRequest, page: Page) -> Place:
    """Returns what is above a page (from the home page down) and where its translations are."""
    ancestors = list(page.get_ancestors().filter(depth__gt=1).order_by("depth"))
    return Place(ancestors=ancestors, languages=language_urls(request, page, ancestors))


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
    below = articles_visible_to(request.user).filter(path__startswith=page.path, depth__gt=page.depth)
    topics = list(
        Topic.objects.filter(article_items__content_object__in=below.values("pk"))
        .annotate(articles_count=Count("article_items"))
        .order_by("-articles_count", "name")
        .prefetch_related("names")[:24]
    )
    topic = Topic.objects.prefetch_related("names").filter(slug=request.GET.get("topic", "")).first()
    if topic is not None:
        below = below.filter(topic_items__tag=topic)
    sections: list[SectionPage] = []
    if isinstance(page, KnowledgeIndexPage):
        here = pages_visible_to(request.user).filter(path__startswith=page.path, depth=page.depth + 1)
        sections = list(SectionPage.objects.filter(pk__in=here).order_by("path"))
    articles = keyset_page(with_parts(below), order=ORDER, cursor=request.GET.get("after"), size=PAGE_SIZE)
    return IndexView(place_of(request, page), articles, sections, topics, topic)


def home_view(request: HttpRequest, page: HomePage, *, most: int = 6) -> HomeView:
    """Returns the newest articles (``most``) and news (half as many) in the language of a front page."""
    below = with_parts(articles_visible_to(request.user).filter(path__startswith=page.path)).order_by(*ORDER)
    return HomeView(
        place=place_of(request, page),
        articles=list(below.filter(newspage__isnull=True)[:most]),
        news=list(below.filter(newspage__isnull=False)[: most // 2]),
    )


def articles_of(user: Any, *, language: str = "") -> QuerySet[ArticlePage]:
    """Returns the articles and news that this reader may see, of one language where asked, with their parts."""
    found = articles_visible_to(user)
    return with_parts(found.filter(locale__language_code=language) if language else found).order_by(*ORDER)
