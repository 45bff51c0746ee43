"""Three nodes, of which one dies in mid-search, the elected master that holds a copy of the index: readers see nothing.

What a reader sees is a page with what she looked for, whoever gave it. The nodes share two cores with everything else
here, so that single answers may miss the budget; that the engine answers all along but for moments is looked at too.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection
from elasticsearch import Elasticsearch

from search import client, indexing, outbox
from search.breaker import CircuitBreaker
from search.documents import SearchRequest, SimilarRequest, SuggestRequest
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

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db(transaction=True)]
READERS = 3
# Seconds of searching before and after the death, and how long single answers may be second best.
BEFORE_S, AFTER_S, MOMENT_S = 1.5, 8.0, 4.0


@pytest.fixture
def cluster() -> Iterator[servers.ElasticsearchNodes]:
    with required(servers.elasticsearch(nodes=3)) as running:
        yield running


@pytest.fixture
def engine(
    cluster: servers.ElasticsearchNodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ElasticsearchEngine]:
    """The engine with the addresses of all three nodes, selected by the settings."""
    with engine_on(",".join(cluster.urls), tmp_path, monkeypatch, breaker=CircuitBreaker(), budget_ms=1_500) as made:
        yield made


@dataclass
class Readers:
    """Threads that search without a pause and keep what they saw: when, how many hits, and from whom."""

    stop: threading.Event = field(default_factory=threading.Event)
    seen: list[tuple[float, str, int, str]] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        self.threads = [threading.Thread(target=self._read) for _ in range(READERS)]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _read(self) -> None:
        asking = {
            "search": lambda: client.search(SearchRequest(text="number")),
            "suggest": lambda: client.suggest(SuggestRequest(text="num")),
            "similar": lambda: client.similar(SimilarRequest(title="The printer with this number stopped")),
        }
        try:
            while not self.stop.is_set():
                for kind, ask in asking.items():
                    response = ask()
                    self.seen.append((time.monotonic(), kind, len(response.hits), response.engine))
        except BaseException as error:
            self.errors.append(error)
        finally:
            connection.close()


def master_holds_a_copy(cluster: servers.ElasticsearchNodes, prefix: str) -> int:
    """See to it that the elected master holds a copy of the index, and that there are two; return its number."""
    with Elasticsearch(cluster.urls) as asked:
        asked.cluster.health(wait_for_status="green", timeout="60s")
        master = asked.cat.master(format="json")[0]["node"]
        shards = asked.cat.shards(index=f"{prefix}*", format="json")
        assert len(shards) == 2, "a copy as soon as there is a second node"
        if master not in {shard["node"] for shard in shards}:
            replica = next(shard for shard in shards if shard["prirep"] == "r")
            move = {"index": replica["index"], "shard": 0, "from_node": replica["node"], "to_node": master}
            asked.cluster.reroute(commands=[{"move": move}])
            asked.cluster.health(wait_for_no_relocating_shards=True, wait_for_status="green", timeout="60s")
        return int(master.rpartition("-")[2])


def drained(engine: ElasticsearchEngine) -> None:
    """Drain as the worker does until nothing waits."""
    until = time.monotonic() + 60
    while outbox.pending_count():
        assert time.monotonic() < until, OutboxEntry.objects.first().last_error  # type: ignore[union-attr]
        OutboxEntry.objects.update(available_at="2020-01-01T00:00:00Z", leased_until=None)
        try:
            indexing.drain(engine=engine)
        except EngineError:
            time.sleep(0.2)


def test_a_node_dies_in_mid_search(
    cluster: servers.ElasticsearchNodes, engine: ElasticsearchEngine, shelf: Shelf
) -> None:
    shelf.put(*(question(number, f"The printer with number {number} stopped") for number in range(60)))
    ensure_ready(engine=engine)
    master = master_holds_a_copy(cluster, engine._prefix)
    for _ in range(20):
        engine.search(SearchRequest(text="number"))
    readers = Readers()
    readers.start()
    time.sleep(BEFORE_S)
    died = time.monotonic()
    cluster.kill_node(master)
    shelf.put(question(100, "Asked number hundred after the death"))
    outbox.enqueue("question", ["100"])
    time.sleep(AFTER_S)
    readers.end()

    assert readers.errors == []
    assert {kind for _, kind, hits, _ in readers.seen if not hits} == set(), "an answer without results"
    late = [(round(at - died, 1), kind) for at, kind, _, name in readers.seen if name != "elasticsearch"]
    second_best = [each for each in late if each[0] > MOMENT_S]
    assert len(second_best) <= len(readers.seen) / 50, f"long after the death: {second_best[:10]}"
    assert len(late) <= len(readers.seen) / 5, f"too many second-best answers: {len(late)} of {len(readers.seen)}"

    drained(engine)
    assert client.search(SearchRequest(text="hundred")).hits[0].id == "100"
    assert reconcile(engine=engine) == []
