"""How articles and news become search documents."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.core.topics import below_products, below_topics, products_of, slugs_of
from portal.discovery.registry import Preview, ResultType, register_result_type
from portal.knowledge.models import ArticlePage, ArticleTopic
from portal.knowledge.selectors.access import articles_visible_to
from portal.knowledge.selectors.bodies import article_text
from search.documents import SearchDocument, SearchRequest
from search.outbox import enqueue
from search.queries.database import chosen, column, fixed, moment, narrowed, texts_asked
from search.queries.parsing import parse_query
from search.reading import primary_keys
from search.registry import IndexedType, register

TYPE = "article"
BODY_LONGEST = 40_000
POOL = 500
# Articles have no votes: by votes they follow in the order of their publication.
ORDERS = {"newest": "-first_published_at", "votes": "-first_published_at", "active": "-last_published_at"}


def articles_changed(ids: Iterable[int]) -> None:
    """Notes, in the same transaction as the change, that the search must look at these articles again."""
    enqueue(TYPE, [str(pk) for pk in ids])


def articles_below_changed(path: str) -> None:
    """The same for every article at or below a place in the page tree (a treebeard path)."""
    articles_changed(ArticlePage.objects.filter(path__startswith=path).values_list("pk", flat=True))


def _with_parts(found: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
    return found.select_related("author__user", "locale").prefetch_related("topic_items__tag__parent__parent")


def document(page: ArticlePage) -> SearchDocument:
    """Returns the document of an article that came with its author, locale and topics."""
    return SearchDocument(
        type=TYPE,
        id=str(page.pk),
        title=page.title,
        language=page.locale.language_code,
        body=f"{page.summary} {article_text(page)}"[:BODY_LONGEST],
        topics=slugs_of(item.tag for item in page.topic_items.all()),
        products=products_of(item.tag for item in page.topic_items.all()),
        author=page.author.username,
        official=True,
        created_at=page.first_published_at or page.latest_revision_created_at,
        updated_at=page.last_published_at or page.first_published_at,
    )


def load(ids: Sequence[str]) -> Iterable[SearchDocument]:
    """Returns the documents of the articles that everybody may see; the others are to leave the index."""
    found = _with_parts(articles_visible_to(None).filter(pk__in=[int(pk) for pk in ids]))
    return [document(page) for page in found]


def every_id() -> Iterator[str]:
    """Yields the id of every article that belongs in the index."""
    yield from primary_keys(articles_visible_to(None))


def fallback(request: SearchRequest) -> Sequence[SearchDocument]:
    """Answers from the database while the engine is away: articles that hold the words asked, or what these mean by the
    termbase, of the newest POOL."""
    asked = parse_query(request.text)
    found = narrowed(articles_visible_to(None), request, COLUMNS)
    known = [int(pk) for kind, pk in request.exclude if kind == TYPE]
    found = found.exclude(pk__in=known) if known else found
    pages = list(_with_parts(found.order_by(ORDERS.get(request.sort, "-first_published_at"), "-pk"))[:POOL])
    pages = [page for page in pages if all(_fit(page, {phrase.casefold(): 1.0}) for phrase in asked.phrases)]
    pages = [page for page in pages if not any(_fit(page, {words.casefold(): 1.0}) for words in asked.excluded)]
    texts = texts_asked(request)
    if texts:
        fits = {page.pk: _fit(page, texts) for page in pages}
        pages = [page for page in pages if fits[page.pk] > 0]
        if request.sort not in ORDERS:
            pages.sort(key=lambda page: -fits[page.pk])
    return [document(page) for page in pages[: request.offset + request.limit]]


def _having(topics: Q) -> Q:
    return Q(pk__in=ArticleTopic.objects.filter(topics).values("content_object_id"))


COLUMNS = {
    "type": fixed(TYPE),
    "topic": chosen(lambda slugs: _having(below_topics("tag", slugs))),
    "product": chosen(lambda slugs: _having(below_products("tag", slugs))),
    "marks": fixed("official"),
    "status": fixed(None),
    "language": column("locale__language_code"),
    "author": column("author__user__username"),
    "answers_count": fixed(0),
    "created": moment("first_published_at"),
}


def _fit(page: ArticlePage, texts: Mapping[str, float]) -> float:
    """Returns how well an article fits: each text counts by its worth, in the title three times. 0: it holds none."""
    title, summary = page.title.casefold(), page.summary.casefold()
    # The database keeps a body as JSON with every letter beyond ASCII escaped, so that it cannot be asked for words.
    body = json.dumps(list(page.body.raw_data), ensure_ascii=False, default=str).casefold()
    found = {text: 3 * (text in title) + (text in summary) + (text in body) for text in texts}
    return sum(worth * found[text] for text, worth in texts.items())


def _visible(user: Any, ids: Sequence[str]) -> dict[str, str]:
    found = articles_visible_to(user).filter(pk__in=[int(pk) for pk in ids]).select_related("locale")
    urls = {str(page.pk): page.get_url() for page in found.only("pk", "url_path", "locale")}
    return {pk: str(url) for pk, url in urls.items() if url}


def _previews(user: Any, ids: Sequence[str]) -> dict[str, Preview]:
    found = (
        articles_visible_to(user)
        .filter(pk__in=[int(pk) for pk in ids])
        .select_related("locale")
        .only("summary", "locale")
    )
    return {str(page.pk): Preview("knowledge/preview.html", {"article": page}) for page in found}


def register_types() -> None:
    """Makes articles known to the search and to its pages."""
    register(IndexedType(name=TYPE, load=load, ids=every_id, fallback=fallback))
    register_result_type(
        ResultType(name=TYPE, label=_("Articles"), icon="article", visible=_visible, previews=_previews)
    )
