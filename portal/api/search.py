"""Finding: search, suggestions while typing, and earlier questions for one being written."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router

from portal.accounts.selectors import reading_languages
from portal.core.limits import limit_request
from portal.discovery.models import Surface
from portal.discovery.selectors import Result, ResultPage, search_run, similar_run, suggest_run
from portal.discovery.services.searches import search_record
from portal.discovery.templatetags.finding import opened_address
from portal.discovery.visitors import Visitor, refuses_tracking, who_is
from search.documents import SearchRequest, Sort, Span

from . import schemas
from .auth import ANYONE
from .parsing import ResultLimit
from .representations import absolute

router = Router(tags=["Search"])
MOST_SUGGESTIONS = 8
MOST_EXCLUDED = 100


def _spoken() -> str:
    return get_language() or settings.LANGUAGE_CODE


def result_told(
    request: HttpRequest, result: Result, *, search_id: UUID | None = None, rank: int = 1
) -> schemas.Result:
    """Returns one thing found, at ``rank`` of a search; None where the search is not recorded."""
    hit = result.hit
    opened = opened_address(search_id, hit, rank)
    return schemas.Result(
        type=hit.type,
        id=int(hit.id) if hit.id.isascii() and hit.id.isdigit() else hit.id,
        source_id=hit.source_id,
        url=absolute(request, result.path),
        language=hit.language,
        title=hit.title,
        excerpt=hit.excerpt_html,
        score=hit.score,
        accepted=hit.accepted,
        answers=hit.answers_count,
        promoted=result.promoted,
        opened_url=absolute(request, opened) if opened else None,
    )


def search_noted(
    request: HttpRequest, page: ResultPage, *, text: str, language: str | None, filters: Mapping[str, str] | None = None
) -> UUID | None:
    """Writes a program's search down; returns its id, None where the caller asks not to be recorded."""
    return search_record(
        visitor=Visitor(not refuses_tracking(request), who_is(request.user)),
        surface=Surface.API,
        language=language if language in dict(settings.LANGUAGES) else _spoken(),
        text=text,
        page=page,
        filters=filters,
    )


def results_told(request: HttpRequest, page: ResultPage, search_id: UUID | None = None) -> schemas.Results:
    """Returns what was found by a search."""
    facets = {
        name: [schemas.Facet(value=value, count=count) for value, count in values]
        for name, values in page.facets.items()
    }
    return schemas.Results(
        results=[
            result_told(request, result, search_id=search_id, rank=rank) for rank, result in enumerate(page.results, 1)
        ],
        total=page.total,
        did_you_mean=page.did_you_mean,
        corrected=page.corrected,
        facets=facets,
        took_ms=page.took_ms,
        engine=page.engine,
        degraded=page.degraded,
    )


def values_of(text: str) -> tuple[str, ...]:
    """Returns the values of a filter, which commas separate."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))[:20]


def excluded_of(given: Any) -> list[tuple[str, str]]:
    """Returns (type, id) of what is to be left out: numbers of questions, or ``article:5``."""
    parts: Iterable[Any] = given if isinstance(given, list) else [given]
    named = [name.strip() for part in parts if part is not None for name in str(part).split(",")]
    found = []
    for name in named[:MOST_EXCLUDED]:
        kind, colon, number = name.rpartition(":")
        if number.isascii() and number.isdigit() and len(number) < 19:
            found.append((kind if colon else "question", str(int(number))))
    return found


@router.get("/search", auth=ANYONE, response=schemas.Results, summary="Search", operation_id="search")
def search(
    request: HttpRequest,
    *,
    q: str = "",
    language: str = "",
    type: str = "",
    topic: str = "",
    product: str = "",
    status: str = "",
    time: Span | None = None,
    sort: Sort = "relevance",
    limit: ResultLimit = 20,
    offset: int = 0,
    exact: bool = False,
    openings: bool = False,
) -> schemas.Results:
    """What fits best to `q`, which may hold operators such as `is:accepted`; without it, everything.

    `language`, `type`, `topic`, `product`, `status` and `time` narrow it down; all but `time` take several values with
    commas between them.
    """
    limit_request(request, action="search")
    asked = SearchRequest(
        text=q,
        reads=reading_languages(request.user, *(values_of(language) or (_spoken(),))),
        types=values_of(type),
        topics=values_of(topic),
        products=values_of(product),
        statuses=values_of(status),
        languages=values_of(language),
        time=time,
        sort=sort,
        offset=offset,
        limit=limit,
        literal=exact,
    )
    page = search_run(user=request.user, request=asked)
    filters = {
        "type": type,
        "topic": topic,
        "product": product,
        "status": status,
        "language": language,
        "time": time or "",
    }
    noted = search_noted(request, page, text=q, language=language, filters=filters) if offset == 0 else None
    return results_told(request, page, noted if openings else None)


@router.get(
    "/suggest", auth=ANYONE, response=schemas.Results, summary="Suggest while somebody types", operation_id="suggest"
)
def suggest(request: HttpRequest, *, q: str = "", language: str = "", limit: ResultLimit = 8) -> schemas.Results:
    """At most eight titles that begin like what is typed so far, those in `language` first."""
    limit_request(request, action="suggest")
    wanted = min(limit, MOST_SUGGESTIONS)
    return results_told(request, suggest_run(user=request.user, text=q, language=language or _spoken(), limit=wanted))


def _similar(
    request: HttpRequest, *, title: str, body: str, language: str | None, exclude: Any, limit: int, openings: bool
) -> schemas.Results:
    limit_request(request, action="suggest")
    page = similar_run(
        user=request.user,
        title=title,
        body=body,
        language=language or None,
        exclude=excluded_of(exclude),
        limit=limit,
    )
    noted = search_noted(request, page, text=title, language=language)
    return results_told(request, page, noted if openings else None)


@router.get(
    "/similar",
    auth=ANYONE,
    response=schemas.Results,
    summary="Find what was asked before",
    operation_id="similar",
)
def similar(
    request: HttpRequest,
    *,
    title: str = "",
    body: str = "",
    language: str = "",
    exclude: str = "",
    limit: ResultLimit = 5,
    openings: bool = False,
) -> schemas.Results:
    """Earlier questions and articles like a question that is being written. Send long texts with POST."""
    return _similar(request, title=title, body=body, language=language, exclude=exclude, limit=limit, openings=openings)


@router.post(
    "/similar",
    auth=ANYONE,
    response=schemas.Results,
    summary="Find what was asked before, for a long text",
    operation_id="similar_long",
)
def similar_long(request: HttpRequest, payload: schemas.SimilarIn) -> schemas.Results:
    """The same as GET, for texts that do not fit into an address. It changes nothing."""
    return _similar(request, **payload.model_dump())
