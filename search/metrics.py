"""Figures about the search for ``/metrics``."""

from search import outbox
from search.client import breaker

_BREAKER_STATES = {"closed": 0.0, "half-open": 0.5, "open": 1.0}


def gauges() -> dict[str, float]:
    """Return metric names and values: lines waiting, the oldest one's age in seconds, the breaker."""
    return {
        "portal_search_outbox_pending": float(outbox.pending_count()),
        "portal_search_outbox_oldest_seconds": outbox.oldest_pending_seconds(),
        **gauges_of_breaker(),
    }


def gauges_of_breaker() -> dict[str, float]:
    """Return this process's breaker: 1 is open (the engine is left alone), 0 closed."""
    return {"portal_search_breaker_open": _BREAKER_STATES[breaker.state]}
