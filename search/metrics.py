"""Figures about the search for ``/metrics``.

Counters and the breaker's gauge live in each process; where ``PROMETHEUS_MULTIPROC_DIR`` is set, prometheus_client
keeps them in files of that folder, and any process can give the sums over all. What is in the database is read when
asked.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from search import outbox
from search.documents import SearchRequest, SearchResponse

Request = TypeVar("Request")

# Its own registry: where there is one process only, these are collected from here.
REGISTRY = CollectorRegistry()
# Seconds. 0.1 and 0.3 are promises: suggestions, and the budget of a remote engine.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5)
_SECONDS = Histogram(
    "portal_search_seconds", "How long answers took", ["kind", "engine"], buckets=_BUCKETS, registry=REGISTRY
)
_EMPTY = Counter("portal_search_empty", "Answers that held nothing", ["kind", "engine"], registry=REGISTRY)
_BREAKER = Gauge(
    "portal_search_breaker_open",
    "1: the engine failed and is left alone",
    multiprocess_mode="livemax",
    registry=REGISTRY,
)
_BREAKER_STATES = {"closed": 0.0, "half-open": 0.5, "open": 1.0}


def measured(kind: str) -> Callable[[Callable[[Request], SearchResponse]], Callable[[Request], SearchResponse]]:
    """Count each call of a function that answers, by its duration, the engine that answered, and whether it found.

    Costs some microseconds. The later pages of a search, and lists without words, are timed and never count as empty.
    """

    def decorate(ask: Callable[[Request], SearchResponse]) -> Callable[[Request], SearchResponse]:
        @wraps(ask)
        def asked(request: Request) -> SearchResponse:
            began = time.perf_counter()
            response = ask(request)
            _SECONDS.labels(kind, response.engine).observe(time.perf_counter() - began)
            if not response.hits and _could_find(request):
                _EMPTY.labels(kind, response.engine).inc()
            return response

        return asked

    return decorate


def _could_find(request: object) -> bool:
    return not isinstance(request, SearchRequest) or bool(request.text.strip() and request.limit and not request.offset)


def breaker_became(state: str) -> None:
    """Note the state of this process's breaker: ``closed``, ``half-open`` or ``open``."""
    _BREAKER.set(_BREAKER_STATES[state])


def gauges() -> dict[str, float]:
    """Return what the database tells, the same in every process: lines waiting, and the oldest one's age in seconds."""
    return {
        "portal_search_outbox_pending": float(outbox.pending_count()),
        "portal_search_outbox_oldest_seconds": outbox.oldest_pending_seconds(),
    }
