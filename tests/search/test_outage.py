"""A real Elasticsearch node is killed in the middle of the work and comes back, with its data and without."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from search import client, indexing, outbox
from search.breaker import CircuitBreaker
from search.documents import SearchRequest
from search.engine import EngineError
from search.engines.elastic import ElasticsearchEngine
from search.models import OutboxEntry
from search.reconcile import reconcile
from search.setup import ensure_ready
from tests import servers
from tests.conftest import required
from tests.search.conftest import Shelf
from tests.search.documents import question
from tests.search.nodes import engine_on

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]
PATIENCE_S = 60


@pytest.fixture
def node() -> Iterator[servers.ElasticsearchNodes]:
    """A node of this test's own, to be killed."""
    with required(servers.elasticsearch()) as running:
        yield running


@pytest.fixture
def engine(
    node: servers.ElasticsearchNodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ElasticsearchEngine]:
    """The engine on that node, selected by the settings."""
    with engine_on(
        node.url, tmp_path, monkeypatch, breaker=CircuitBreaker(failures=2, pause=0.5), budget_ms=2_000
    ) as made:
        yield made


def change(shelf: Shelf, first: int, last: int, word: str) -> None:
    """Write questions and say so."""
    for number in range(first, last):
        shelf.put(question(number, f"Number {number} {word}"))
    outbox.enqueue("question", range(first, last))


def make_due() -> None:
    OutboxEntry.objects.update(available_at="2020-01-01T00:00:00Z")


def drained(engine: ElasticsearchEngine) -> None:
    """Drain as the worker does until nothing waits."""
    until = time.monotonic() + PATIENCE_S
    while outbox.pending_count():
        assert time.monotonic() < until, OutboxEntry.objects.first().last_error  # type: ignore[union-attr]
        make_due()
        try:
            ensure_ready(engine=engine)
            indexing.drain(engine=engine)
        except EngineError:
            time.sleep(0.2)


def answering(text: str) -> str:
    return client.search(SearchRequest(text=text)).engine


def test_a_node_that_is_killed_and_comes_back(
    node: servers.ElasticsearchNodes, engine: ElasticsearchEngine, shelf: Shelf
) -> None:
    ensure_ready(engine=engine)
    change(shelf, 0, 40, "before")
    drained(engine)
    assert answering("before") == "elasticsearch"

    node.kill_node(1)
    change(shelf, 20, 60, "during")
    shelf.remove("0", "1")
    outbox.enqueue("question", ["0", "1"])
    make_due()
    assert indexing.drain(engine=engine) == 0
    assert outbox.pending_count() == 42
    for _ in range(3):
        response = client.search(SearchRequest(text="during"))
        assert (response.engine, response.degraded) == ("database", True)
        assert response.total > 0
    assert client.breaker.state == "open"

    node.stop()
    node.start()
    drained(engine)
    assert reconcile(engine=engine) == []
    assert engine.count() == len(shelf.documents) == 58
    time.sleep(0.6)
    assert answering("during") == "elasticsearch"


def test_a_node_that_comes_back_empty_is_filled(
    node: servers.ElasticsearchNodes, engine: ElasticsearchEngine, shelf: Shelf
) -> None:
    ensure_ready(engine=engine)
    change(shelf, 0, 30, "before")
    drained(engine)

    node.stop()
    for path in node.data.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    node.start()
    assert not engine.health().has_index
    change(shelf, 30, 35, "after")
    drained(engine)
    assert engine.count() == 35
    assert reconcile(engine=engine) == []
