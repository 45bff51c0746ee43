"""What pages and the API call: :func:`search`, :func:`suggest`, :func:`similar`. They never raise for a bad engine.

A remote engine has a budget (``SEARCH["BUDGET_MS"]``, 300 ms) for the whole call, and a circuit breaker. When it does
not answer, the database does, through the registered types, and the response says so (``engine``, ``degraded``).
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from search import synonyms
from search.analyzers import exact
from search.breaker import CircuitBreaker
from search.conf import search_settings
from search.documents import (
    Expansion,
    Hit,
    SearchDocument,
    SearchRequest,
    SearchResponse,
    SimilarRequest,
    SuggestRequest,
)
from search.engine import EngineError, EngineResult, EngineUnavailable, Found, IndexMissing, SearchEngine
from search.engines import selected_engine
from search.highlighting import Highlighter
from search.queries.arranging import Typed, shown_title
from search.queries.parsing import parse_query, query_stems
from search.registry import registered

logger = logging.getLogger(__name__)

_CALLS_AT_ONCE = 16
breaker = CircuitBreaker()

Answer = TypeVar("Answer")
_ORDERS: dict[str, Callable[[SearchDocument], Any]] = {
    "newest": lambda document: document.created_at,
    "votes": lambda document: document.score,
    "active": lambda document: document.updated_at,
}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was found, who gave it, and whether that is second best."""

    result: EngineResult
    engine: str
    degraded: bool


def search(request: SearchRequest) -> SearchResponse:
    """Find documents. Always gives a page; ``degraded`` is true when the engine did not answer."""
    started = time.perf_counter()
    words = parse_query(request.text).text
    also = synonyms.current().expansions_for(
        words, request.reads, only=request.languages[0] if len(request.languages) == 1 else None
    )
    request = replace(request, expansions=request.expansions + also)
    answer = _ask(lambda engine, left: engine.search(request, timeout=left), request)
    suggestion = None
    if not answer.degraded and not answer.result.total and request.text:
        suggestion = _did_you_mean(request, started)
    response = _response(answer, _with_expansions(words, request.expansions), request.reads, started)
    return replace(response, facets=answer.result.facets, did_you_mean=suggestion)


def suggest(request: SuggestRequest) -> SearchResponse:
    """Find titles as they are typed."""
    started = time.perf_counter()
    reads = (request.language,) if request.language else ()
    also = synonyms.current().expansions_for(request.text[:200], reads)
    request = replace(request, expansions=request.expansions + also)
    instead = SearchRequest(
        text=request.text, reads=reads, types=request.types, limit=request.limit, visibility=request.visibility
    )
    answer = _ask(lambda engine, left: engine.suggest(request, timeout=left), instead)
    text = _with_expansions(request.text, request.expansions)
    response = _response(answer, text, reads, started)
    typed = Typed.of(text)
    return replace(response, hits=tuple(_as_typed(hit, typed) for hit in response.hits))


def similar(request: SimilarRequest) -> SearchResponse:
    """Find what was asked before that is like a question being written."""
    started = time.perf_counter()
    reads = (request.language,) if request.language else ()
    also = synonyms.current().expansions_for(request.title, reads)
    request = replace(request, expansions=request.expansions + also)
    instead = SearchRequest(
        text=request.title or request.body[:200],
        reads=reads,
        types=request.types,
        exclude=request.exclude,
        limit=request.limit,
        visibility=request.visibility,
    )
    answer = _ask(lambda engine, left: engine.similar(request, timeout=left), instead)
    text = f"{request.title} {request.body[:1000]}"
    return _response(answer, _with_expansions(text, request.expansions), reads, started)


def _with_expansions(text: str, expansions: Sequence[Expansion]) -> str:
    """Return the text of a query with what it may mean besides: all of it is marked in the results."""
    return " ".join([text, *(expansion.text for expansion in expansions)])


def _response(answer: _Answer, text: str, reads: tuple[str, ...], started: float) -> SearchResponse:
    return SearchResponse(
        hits=_hits(answer.result.found, text, reads),
        total=answer.result.total,
        took_ms=_milliseconds_since(started),
        engine=answer.engine,
        degraded=answer.degraded,
    )


def _ask(asked: Callable[[SearchEngine, float | None], EngineResult], instead: SearchRequest) -> _Answer:
    """Ask the engine, or the database in its place."""
    engine = selected_engine()
    try:
        return _Answer(_ask_engine(engine, asked), engine.name, False)
    except IndexMissing as error:
        logger.info("No index to search yet: %s", error)
    except EngineError as error:
        logger.warning("The search engine did not answer, the database does: %s", error)
    return _Answer(_ask_database(instead), "database", True)


def _ask_engine(
    engine: SearchEngine, asked: Callable[[SearchEngine, float | None], Answer], budget: float | None = None
) -> Answer:
    """Ask within the budget (seconds, the configured one unless given) and tell the breaker how it went."""
    if not engine.remote:
        return asked(engine, None)
    if budget is not None and budget <= 0:
        raise EngineUnavailable("no time left")
    if not breaker.allows():
        raise EngineUnavailable("the circuit is open after repeated failures")
    try:
        result = _within_budget(engine, asked, search_settings().budget if budget is None else budget)
    except IndexMissing:
        breaker.succeeded()
        raise
    except BaseException:
        breaker.failed()
        raise
    breaker.succeeded()
    return result


def _within_budget(
    engine: SearchEngine, asked: Callable[[SearchEngine, float | None], Answer], budget: float
) -> Answer:
    """Bound the whole call. A socket's own timeout bounds only each wait on it, and would let a slow drip through."""
    future = _pool().submit(asked, engine, budget)
    try:
        return future.result(timeout=budget)
    except FutureTimeout:
        future.cancel()
        raise EngineUnavailable(f"no answer within {budget * 1000:.0f} ms") from None


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_CALLS_AT_ONCE, thread_name_prefix="search")


def _ask_database(request: SearchRequest) -> EngineResult:
    """Answer from the registered types' own database look-ups. A type that fails is left out."""
    documents: list[SearchDocument] = []
    # One more than the page holds tells that there is a next one.
    wanted = replace(request, limit=request.limit + 1)
    for indexed in registered():
        asked_for = not request.types or indexed.name in request.types
        if indexed.fallback is None or not asked_for or indexed.name in request.without_types:
            continue
        try:
            documents += indexed.fallback(wanted)
        except Exception:
            logger.exception("The database look-up for %s failed", indexed.name)
    excluded = set(request.exclude)
    kept = [document for document in documents if (document.type, document.id) not in excluded]
    order = _ORDERS.get(request.sort)
    if order:
        kept.sort(key=order, reverse=True)
    page = kept[request.offset : request.offset + request.limit]
    return EngineResult(tuple(Found(document, 0.0) for document in page), len(kept))


def _did_you_mean(request: SearchRequest, started: float) -> str | None:
    """Return the query with its unknown words corrected, when that finds something and the query itself did not."""
    engine = selected_engine()
    parsed = parse_query(request.text)
    words = [word for word in exact(parsed.text) if word.isalpha() and not synonyms.is_protected(word)]

    def left() -> float:
        return search_settings().budget - (time.perf_counter() - started)

    try:
        corrected = _ask_engine(
            engine, lambda engine, within: engine.correct(words, request.visibility, timeout=within), left()
        )
        if not corrected:
            return None
        right = [corrected.get(word, word) for word in exact(parsed.text)]
        text = " ".join([*right, *(condition.written for condition in parsed.conditions)])
        tried = replace(request, text=text, limit=1, offset=0)
        found = _ask_engine(engine, lambda engine, within: engine.search(tried, timeout=within), left())
    except EngineError:
        return None
    return text if found.total else None


def _hits(found: Sequence[Found], text: str, reads: tuple[str, ...]) -> tuple[Hit, ...]:
    highlighter = Highlighter.for_text(text, query_stems(text, reads))
    typed, language = Typed.of(text), reads[0] if reads else None
    return tuple(_hit(_named(each, language, typed), highlighter) for each in found)


def _named(found: Found, language: str | None, typed: Typed) -> Found:
    """Return what was found under the title to show: a document may have one in each language."""
    if not found.document.names:
        return found
    title, spoken = shown_title(found.document, language, typed)
    return replace(found, document=replace(found.document, title=title, language=spoken))


def _as_typed(hit: Hit, typed: Typed) -> Hit:
    """Return a suggestion with the typed beginnings marked in its title, rather than whole words."""
    return replace(hit, title_html=typed.marked(hit.title))


def _hit(found: Found, highlighter: Highlighter) -> Hit:
    document = found.document
    return Hit(
        type=document.type,
        id=document.id,
        language=document.language,
        title=document.title,
        title_html=highlighter.title(document.title),
        excerpt_html=highlighter.excerpt((document.body, document.answers), document.language),
        score=document.score,
        source_id=document.source_id,
        accepted=document.accepted,
        official=document.official,
        answers_count=document.answers_count,
        status=document.status,
        author=document.author,
        topics=document.topics,
        created_at=document.created_at,
        updated_at=document.updated_at,
        relevance=found.relevance,
    )


def _milliseconds_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
