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
from functools import lru_cache, partial
from typing import Any, TypeVar

from search import synonyms
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
from search.metrics import breaker_became, measured
from search.queries.arranging import Typed, arranged, shown_title
from search.queries.coverage import coverage
from search.queries.layout import retyped
from search.queries.parsing import parse_query, query_stems
from search.queries.plan import SuggestPlan
from search.queries.rewriting import QueryWords, Rewriting, rewrite
from search.registry import registered

logger = logging.getLogger(__name__)

_CALLS_AT_ONCE = 16
# Of a title being written, as much as a title may be long.
_LONGEST_REWRITTEN = 200
# Of the budget, what looking up a query's words may take: the search itself comes first.
_SHARE_OF_WORDS = 0.4
# A correction is told of when one of the first hits holds it: what only trails behind was hardly meant, and the word
# typed may be right and just not there.
_LEADING = 2
breaker = CircuitBreaker(tell=breaker_became)

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


@measured("search")
def search(request: SearchRequest) -> SearchResponse:
    """Find documents. Always gives a page; ``degraded`` is true when the engine did not answer."""
    started = time.perf_counter()
    words = parse_query(request.text).text
    rewriting = _rewritten(request.text, request.visibility, started)
    asked = request
    if not request.literal:
        only = request.languages[0] if len(request.languages) == 1 else None
        also = synonyms.current().expansions_for(words, request.reads, only=only)
        asked = replace(request, expansions=request.expansions + also + rewriting.expansions)
    if rewriting.corrected is not None:
        asked = replace(asked, compared=(request.text, rewriting.corrected))
    answer = _ask(lambda engine, left: engine.search(asked, timeout=left), asked, started)
    response = _response(answer, _with_expansions(words, asked.expansions), request.reads, started)
    response = replace(response, facets=answer.result.facets, coverage=_coverage(answer, asked, rewriting))
    if answer.degraded or rewriting.corrected is None:
        return response
    typed, meant = answer.result.totals
    if request.literal:
        return replace(response, did_you_mean=rewriting.corrected if meant > typed else None)
    leading = answer.result.found[:_LEADING] if request.sort == "relevance" else answer.result.found
    corrected = rewriting.corrected_by(leading)
    suggestion = corrected if meant > typed else None
    return replace(response, did_you_mean=suggestion, corrected=corrected, took_ms=_milliseconds_since(started))


@measured("suggest")
def suggest(request: SuggestRequest) -> SearchResponse:
    """Find titles as they are typed."""
    started = time.perf_counter()
    reads = (request.language,) if request.language else ()
    also = synonyms.current().expansions_for(request.text[:200], reads)
    request = replace(request, expansions=request.expansions + also)
    instead = SearchRequest(
        text=request.text,
        reads=reads,
        types=request.types,
        limit=request.limit * max(1, len(request.types)),
        visibility=request.visibility,
        expansions=request.expansions,
    )
    answer = _ask(lambda engine, left: engine.suggest(request, timeout=left), instead)
    if answer.degraded:
        # The database found words anywhere; what is suggested is chosen of it as from any engine.
        chosen = arranged(SuggestPlan.of(request), answer.result.found)
        answer = replace(answer, result=EngineResult(chosen, answer.result.total))
    elif not answer.result.found:
        answer = _retyped(request, started) or answer
    text = _with_expansions(request.text, request.expansions)
    response = _response(answer, text, reads, started)
    typed = Typed.of(text)
    return replace(response, hits=tuple(_as_typed(hit, typed) for hit in response.hits))


@measured("similar")
def similar(request: SimilarRequest) -> SearchResponse:
    """Find what was asked before that is like a question being written."""
    started = time.perf_counter()
    reads = (request.language,) if request.language else ()
    rewriting = _rewritten(request.title[:_LONGEST_REWRITTEN], request.visibility, started)
    also = synonyms.current().expansions_for(request.title, reads)
    request = replace(request, expansions=request.expansions + also + rewriting.expansions)
    instead = SearchRequest(
        text=request.title or request.body[:200],
        reads=reads,
        types=request.types,
        exclude=request.exclude,
        limit=request.limit,
        visibility=request.visibility,
        expansions=request.expansions,
    )
    answer = _ask(lambda engine, left: engine.similar(request, timeout=left), instead, started)
    text = f"{request.title} {request.body[:1000]}"
    return _response(answer, _with_expansions(text, request.expansions), reads, started)


def hits_of(documents: Sequence[SearchDocument], text: str, reads: tuple[str, ...]) -> list[Hit]:
    """Return documents that no engine found as hits of a query, its words marked."""
    return list(_hits([Found(document, 0.0) for document in documents], text, reads))


def _coverage(answer: _Answer, asked: SearchRequest, rewriting: Rewriting) -> float | None:
    """Return how much of a query the best document holds; None where the first one found need not be the best."""
    if answer.degraded or not answer.result.found or asked.sort != "relevance" or asked.offset:
        return None
    words = answer.result.asked.weights(rewriting.by_stem)
    best = answer.result.found[0].document
    return coverage(best, words, reads=asked.reads, expansions=asked.expansions)


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


def _ask(
    asked: Callable[[SearchEngine, float | None], EngineResult], instead: SearchRequest, started: float | None = None
) -> _Answer:
    """Ask the engine, or the database in its place."""
    engine = selected_engine()
    try:
        left = None if started is None else _left(started)
        return _Answer(_ask_engine(engine, asked, left), engine.name, False)
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


def _left(started: float) -> float:
    """Return the seconds of the budget that are left of a call."""
    return search_settings().budget - (time.perf_counter() - started)


def _rewritten(text: str, visibility: Sequence[str], started: float) -> Rewriting:
    """Return what the words may have meant besides; nothing where the engine cannot tell."""
    query = QueryWords.of(text, keep=synonyms.is_protected)
    if not query.words and not query.looked_up:
        return Rewriting()
    try:
        known = _ask_engine(
            selected_engine(),
            lambda engine, left: engine.words(
                query.words, query.looked_up, visibility, stems_of=query.stemmed, timeout=left
            ),
            _left(started) * _SHARE_OF_WORDS,
        )
    except EngineError:
        return Rewriting()
    return rewrite(query, known)


def _retyped(request: SuggestRequest, started: float) -> _Answer | None:
    """Return suggestions for what the keys would have given with another layout; None when there are none."""
    for text in retyped(request.text[:200]):
        again = partial(_suggesting, replace(request, text=text))
        try:
            found = _ask_engine(selected_engine(), again, _left(started))
        except EngineError:
            return None
        if found.found:
            return _Answer(found, selected_engine().name, False)
    return None


def _suggesting(request: SuggestRequest, engine: SearchEngine, left: float | None) -> EngineResult:
    return engine.suggest(request, timeout=left)


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
