"""What the team recommends for a query: put before what the engine finds, and left out of that."""

from collections.abc import Sequence
from dataclasses import replace

from search import client
from search.analyzers import exact
from search.documents import Hit, SearchDocument, SearchRequest
from search.queries.parsing import parse_query
from search.registry import indexed_type

from .registry import promoters

MOST = 5


def promoted_hits(request: SearchRequest) -> list[Hit]:
    """Returns what is recommended for a query, at most five, in order; not checked yet for who may see it.

    Nothing for a search sorted otherwise or narrowed by more than type and language: who narrows wants just that.
    """
    parsed = parse_query(request.text)
    if not exact(parsed.text) or parsed.excluded or parsed.conditions or _narrows(request):
        return []
    language = next(iter((*request.languages, *request.reads)), "")
    keys = dict.fromkeys(key for promoter in promoters() for key in promoter(parsed.text, language))
    found = _documents(list(keys)[: 2 * MOST]) if keys else {}
    documents = [found[key] for key in keys if key in found and _fits(found[key], request)]
    return client.hits_of(documents[:MOST], parsed.text, request.reads)


def _narrows(request: SearchRequest) -> bool:
    """Whether a search asks for anything but words, a type and a language."""
    filters = (request.topics, request.products, request.statuses, request.authors, request.time)
    return request.sort != "relevance" or any(filters)


def _documents(keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], SearchDocument]:
    """Returns the documents of some (type, id) as the database has them; those that are gone are missing."""
    loaded: dict[tuple[str, str], SearchDocument] = {}
    for kind in dict.fromkeys(kind for kind, _id in keys):
        indexed = indexed_type(kind)
        if indexed is not None:
            found = indexed.load([identity for each, identity in keys if each == kind])
            loaded.update({(document.type, document.id): document for document in found})
    return loaded


def _fits(document: SearchDocument, request: SearchRequest) -> bool:
    if document.type in request.without_types or (document.type, document.id) in request.exclude:
        return False
    fits = not request.types or document.type in request.types
    return fits and (not request.languages or document.language in (None, *request.languages))


def behind(request: SearchRequest, *, promoted: Sequence[Hit], shown: int) -> SearchRequest:
    """Returns the request for the rest of a page: without what is promoted, ``shown`` of which are on this page."""
    return replace(
        request,
        exclude=(*request.exclude, *((hit.type, hit.id) for hit in promoted)),
        offset=max(0, request.offset - len(promoted)),
        limit=request.limit - shown,
    )
