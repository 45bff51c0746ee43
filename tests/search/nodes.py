"""The engine on nodes of a test's own, as the settings select it."""

import contextlib
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from search import client
from search.breaker import CircuitBreaker
from search.engines import forget_engines, selected_engine
from search.engines.elastic import ElasticsearchEngine


@contextlib.contextmanager
def engine_on(
    urls: str, path: Path, monkeypatch: pytest.MonkeyPatch, *, breaker: CircuitBreaker, budget_ms: int
) -> Iterator[ElasticsearchEngine]:
    """Gives the engine of the nodes, selected by the settings, with an index name of its own.

    urls: addresses of the nodes, joined by commas. path: where the embedded engine beside it keeps its index.
    """
    monkeypatch.setattr(client, "breaker", breaker)
    selected = {
        "ELASTICSEARCH_URL": urls,
        "EMBEDDED_PATH": path,
        "INDEX_PREFIX": f"nodes-{uuid.uuid4().hex[:8]}",
        "BUDGET_MS": budget_ms,
    }
    with override_settings(SEARCH=selected):
        forget_engines()
        made = selected_engine()
        assert isinstance(made, ElasticsearchEngine)
        yield made
        made.close()
    forget_engines()
