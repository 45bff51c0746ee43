"""How topics become search documents: suggested by their name in any language, and found by who looks for topics."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.models import Topic
from portal.core.topics import TYPE, topics_with_names
from portal.discovery.registry import ResultType, register_result_type
from search.documents import SearchDocument, SearchRequest
from search.queries.database import column, fixed, holding, narrowed, texts_asked
from search.reading import primary_keys
from search.registry import IndexedType, register

__all__ = ["TYPE", "document", "register_types"]

# PostgreSQL holds no larger number, and a made-up one must not fail the query.
LARGEST_ID = 2**63 - 1


def document(topic: Topic) -> SearchDocument:
    """Returns the document of a topic that came with its names in each language."""
    entries = sorted(topic.names.all(), key=lambda entry: entry.language)
    names = [(entry.language, entry.name) for entry in entries]
    if topic.slug.casefold() != topic.name.casefold():
        names.append(("", topic.slug))
    words = dict.fromkeys(filter(None, [topic.description, *(entry.description for entry in entries)]))
    return SearchDocument(
        type=TYPE,
        id=str(topic.pk),
        title=topic.name,
        names=tuple(names),
        body="\n".join(words),
        answers="\n".join(dict.fromkeys(name for _language, name in names)),
        topics=(topic.slug,),
    )


def load(ids: Sequence[str]) -> Iterable[SearchDocument]:
    """Returns the documents of these topics; one that is gone leaves the index."""
    return [document(topic) for topic in topics_with_names().filter(pk__in=_numbers(ids))]


def _numbers(ids: Sequence[str]) -> list[int]:
    return [int(pk) for pk in ids if pk.isascii() and pk.isdigit() and len(pk) < 20 and int(pk) <= LARGEST_ID]


def every_id() -> Iterator[str]:
    """Yields the id of every topic."""
    yield from primary_keys(Topic.objects.all())


def fallback(request: SearchRequest) -> Sequence[SearchDocument]:
    """Answers from the database while the engine is away: topics whose name in any language holds a word, or what it
    means by the termbase."""
    found = narrowed(topics_with_names(), request, COLUMNS)
    texts = texts_asked(request)
    wanted = Q()
    for text in texts:
        wanted |= holding(text, "name", "names__name", "slug")
    found = found.filter(wanted).distinct() if texts else found
    known = _numbers([pk for kind, pk in request.exclude if kind == TYPE])
    return [
        document(row) for row in found.exclude(pk__in=known).order_by("name", "pk")[: request.offset + request.limit]
    ]


# No moment: a topic is as old as the index takes it to be, the beginning of time.
COLUMNS = {
    "type": fixed(TYPE),
    "topic": column("slug"),
    "product": fixed(None),
    "marks": fixed(None),
    "status": fixed(None),
    "language": fixed(None),
    "author": fixed(None),
    "answers_count": fixed(0),
    "created": fixed(0),
}


def _visible(user: Any, ids: Sequence[str]) -> dict[str, str]:
    found = Topic.objects.filter(pk__in=_numbers(ids)).values_list("pk", "slug")
    return {str(pk): reverse("topic", args=[slug]) for pk, slug in found}


def register_types() -> None:
    """Makes topics known to the search."""
    register(IndexedType(name=TYPE, load=load, ids=every_id, fallback=fallback))
    register_result_type(ResultType(name=TYPE, label=_("Topics"), icon="tag", visible=_visible, listed=False))
