"""Finding: what the search page, the suggestions and the panel of earlier questions show. The API uses the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from portal.core.errors import NotFound
from portal.core.permissions import is_member
from search import client
from search.documents import PUBLIC, Facets, Hit, SearchRequest, SearchResponse, SimilarRequest, SuggestRequest

from .conditions import Meaning, kinds_asked, meanings_of
from .models import SavedSearch
from .promoted import behind, promoted_hits
from .registry import ResultType, result_types, unlisted_types

QUERY_LONGEST = 1_000
DEEPEST = 1_000


@dataclass(frozen=True, slots=True)
class Result:
    """A hit that its reader may see now, with the path of its page. ``promoted``: the team recommends it."""

    hit: Hit
    kind: ResultType
    path: str
    promoted: bool = False


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page of results. ``engine`` answered in ``took_ms``; ``degraded``: not the one that should have.

    meanings: what the values of operators in the text were taken for. coverage: as in ``SearchResponse``, unknown where
    the team recommends something.
    """

    results: list[Result]
    total: int
    facets: Facets
    did_you_mean: str | None
    took_ms: float
    engine: str
    degraded: bool
    corrected: str | None = None
    meanings: tuple[Meaning, ...] = ()
    coverage: float | None = None


def visibility_of(user: Any) -> tuple[str, ...]:
    """Returns the visibility tokens that this reader carries."""
    return (PUBLIC,)


def checked(user: Any, hits: Iterable[Hit]) -> list[Result]:
    """Returns the hits that the reader may see now, in their order, with their paths."""
    hits = list(hits)
    known = result_types()
    ids: dict[str, list[str]] = defaultdict(list)
    for hit in hits:
        if hit.type in known:
            ids[hit.type].append(hit.id)
    paths = {kind: known[kind].visible(user, wanted) for kind, wanted in ids.items()}
    return [
        Result(hit, known[hit.type], paths[hit.type][hit.id])
        for hit in hits
        if hit.type in known and hit.id in paths[hit.type]
    ]


def _page(user: Any, response: SearchResponse) -> ResultPage:
    return ResultPage(
        results=checked(user, response.hits),
        total=response.total,
        facets=response.facets,
        did_you_mean=response.did_you_mean,
        corrected=response.corrected,
        took_ms=round(response.took_ms, 2),
        engine=response.engine,
        degraded=response.degraded,
        coverage=response.coverage,
    )


def search_run(*, user: Any, request: SearchRequest) -> ResultPage:
    """Searches for this reader, what the team recommends first.

    The request's visibility is set here; its text is cut to what a person can mean."""
    text = request.text.replace("\x00", " ")[:QUERY_LONGEST]
    offset = min(max(request.offset, 0), DEEPEST)
    meanings = meanings_of(user=user, text=text)
    request = replace(request, text=text, offset=offset, visibility=visibility_of(user), meanings=meanings)
    promoted = checked(user, promoted_hits(request))
    left_out = unlisted_types(but=(*request.types, *kinds_asked(text)))
    request = replace(request, without_types=(*request.without_types, *left_out))
    if not promoted:
        return replace(_page(user, client.search(request)), meanings=meanings)
    shown = [replace(each, promoted=True) for each in promoted[offset : offset + request.limit]]
    page = _page(user, client.search(behind(request, promoted=[each.hit for each in promoted], shown=len(shown))))
    total = page.total + len(promoted)
    return replace(page, results=[*shown, *page.results], total=total, meanings=meanings, coverage=None)


def suggest_run(*, user: Any, text: str, language: str, types: Sequence[str] = (), limit: int = 8) -> ResultPage:
    """Returns what may be meant by what is typed so far, kind by kind, in the language of the page first.

    types: the kinds to suggest, all of them unless given.
    """
    text = text.replace("\x00", " ")[:200]
    kinds = tuple(types) or tuple(reversed(result_types()))
    request = SuggestRequest(text=text, language=language, types=kinds, limit=limit, visibility=visibility_of(user))
    return _page(user, client.suggest(request))


def similar_run(
    *,
    user: Any,
    title: str,
    body: str = "",
    language: str | None = None,
    exclude: Sequence[tuple[str, str]] = (),
    limit: int = 5,
) -> ResultPage:
    """Returns earlier questions and articles that are like a question being written."""
    request = SimilarRequest(
        title=title.replace("\x00", " ")[:QUERY_LONGEST],
        body=body.replace("\x00", " ")[:20_000],
        language=language,
        types=("question", "article"),
        exclude=tuple(exclude),
        limit=limit,
        visibility=visibility_of(user),
    )
    return _page(user, client.similar(request))


def saved_searches_of(user: Any) -> QuerySet[SavedSearch]:
    """Returns the searches that a member saved, the newest first: nobody else's, and none for a stranger."""
    if not is_member(user):
        return SavedSearch.objects.none()
    return SavedSearch.objects.filter(owner=user)


def saved_search_of(user: Any, search_id: int) -> SavedSearch:
    """Returns one of a member's saved searches; raises ``NotFound`` for every other."""
    found = saved_searches_of(user).filter(pk=search_id).first()
    if found is None:
        raise NotFound
    return found
