"""A rebuild while others write: nothing missing, nothing coming back, no change kept waiting; on both engines."""

import os
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from search import indexing, outbox, rebuild
from search.documents import DocumentKey, SearchDocument, SearchRequest
from search.engine import SearchEngine, WriterBusy
from search.engines.elastic import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.models import OutboxEntry
from search.reconcile import reconcile
from tests.search.conftest import Shelf, fill
from tests.search.documents import PRINTER, question

pytestmark = pytest.mark.django_db
ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


def made_engine(request: pytest.FixtureRequest, kind: str, path: Path) -> SearchEngine:
    """An engine with nothing in it, not even an index."""
    if kind == "embedded":
        return EmbeddedEngine(path / "search")
    url = os.environ.get("TEST_ELASTICSEARCH_URL") or request.getfixturevalue("elasticsearch_url")
    return ElasticsearchEngine(url, prefix=f"writes-{uuid.uuid4().hex[:12]}")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    made = made_engine(request, request.param, tmp_path)
    yield made
    made.drop()
    made.close()


@pytest.fixture
def elastic(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    made = made_engine(request, "elasticsearch", tmp_path)
    yield made
    made.drop()
    made.close()


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten documents a batch, so that few of them make several."""
    monkeypatch.setattr(rebuild, "BATCH", 10)


@pytest.fixture
def filled(shelf: Shelf, engine: SearchEngine) -> Shelf:
    """Forty questions on the shelf and in the index."""
    shelf.put(*(question(number, f"Number {number}") for number in range(40)))
    rebuild.rebuild(engine=engine)
    return shelf


def found(engine: SearchEngine) -> dict[str, str]:
    """Everything that a search finds: titles by id."""
    page = engine.search(SearchRequest(limit=100)).found
    return {each.document.id: each.document.title for each in page}


def shelved(shelf: Shelf) -> dict[str, str]:
    return {each.id: each.title for each in shelf.documents.values()}


def say(shelf: Shelf, engine: SearchEngine, *ids: str) -> None:
    """Tell the outbox, and let the worker do its work."""
    outbox.enqueue(shelf.name, ids)
    indexing.drain(engine=engine)


def being_built(engine: SearchEngine, *documents: SearchDocument) -> None:
    """Write behind the worker's back to the index that is being built, and to it only."""
    if isinstance(engine, EmbeddedEngine):
        name = engine._folder.building()
    else:
        assert isinstance(engine, ElasticsearchEngine)
        [name] = [index for index, aliases in engine._indexes().items() if engine._building in aliases]
    with engine.writing():
        engine.apply(documents, [], version=outbox.next_version(), generation=name)


def once(happening: Callable[[], object], at_progress: int) -> Callable[[rebuild.Progress], None]:
    """What makes something happen when the rebuild has read so many ids."""

    def on_progress(progress: rebuild.Progress) -> None:
        if progress.read == at_progress:
            happening()

    return on_progress


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_changes_of_every_kind_at_every_step(filled: Shelf, engine: SearchEngine, seed: int) -> None:
    chance = random.Random(seed)
    deleted: dict[str, SearchDocument] = {}

    def change(progress: rebuild.Progress) -> None:
        for _ in range(4):
            each = chance.choice(list(filled.documents))
            filled.put(replace(filled.documents[each], title=f"Edited {progress.read} {chance.random()}"))
            gone = chance.choice(list(filled.documents))
            deleted[gone] = filled.documents[gone]
            filled.remove(gone)
            back = chance.choice(list(deleted))
            if chance.random() < 0.5:
                filled.put(deleted.pop(back))
            new = f"{progress.read}{chance.randrange(1000)}"
            filled.put(question(int(new), f"New {new}"))
            outbox.enqueue("question", [each, gone, back, new])
            if chance.random() < 0.7:
                indexing.drain(engine=engine)

    rebuild.rebuild(engine=engine, on_progress=change)
    indexing.drain(engine=engine)
    assert found(engine) == shelved(filled)
    assert reconcile(engine=engine) == []


def test_the_former_index_answers_until_the_new_one_is_verified(
    filled: Shelf, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify, seen = rebuild._verify, []

    def watched(*args: object) -> None:
        seen.append(len(found(engine)))
        verify(*args)  # type: ignore[arg-type]
        seen.append(len(found(engine)))

    fill(engine, question(99, "Only in the former index"), version=outbox.next_version())
    monkeypatch.setattr(rebuild, "_verify", watched)
    rebuild.rebuild(engine=engine)
    assert seen == [41, 41]
    assert len(found(engine)) == 40


def test_what_the_new_index_holds_too_much_is_taken_out(filled: Shelf, engine: SearchEngine) -> None:
    ghost = question(77, "A ghost")
    rebuild.rebuild(engine=engine, on_progress=once(lambda: being_built(engine, ghost), 20))
    assert found(engine) == shelved(filled)


def test_what_the_new_index_holds_otherwise_is_written_again(filled: Shelf, engine: SearchEngine) -> None:
    garbled = replace(filled.documents["3"], title="Garbled")
    rebuild.rebuild(engine=engine, on_progress=once(lambda: being_built(engine, garbled), 20))
    assert found(engine)["3"] == "Number 3"


def test_an_index_that_stays_wrong_is_not_taken_into_use(
    filled: Shelf, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content that cannot be mended: the new index is dropped, the former one goes on."""
    write, wrong = rebuild._write, replace(filled.documents["3"], title="Garbled")

    def garbling(*args: object) -> int:
        written = write(*args)  # type: ignore[arg-type]
        being_built(engine, wrong)
        return written

    monkeypatch.setattr(rebuild, "_write", garbling)
    with pytest.raises(rebuild.RebuildIncomplete, match="1 documents"):
        rebuild.rebuild(engine=engine)
    assert found(engine) == shelved(filled)


@pytest.mark.elasticsearch
def test_a_deletion_between_reading_and_writing_does_not_come_back(elastic: SearchEngine, shelf: Shelf) -> None:
    """On the embedded engine nobody deletes in between: the rebuild reads while it holds the right to write."""
    shelf.put(*(question(number, f"Number {number}") for number in range(30)))
    rebuild.rebuild(engine=elastic)
    load, done = shelf.load, []

    def load_then_delete(ids: object) -> list[SearchDocument]:
        documents = load(ids)
        if "15" in ids and not done:  # type: ignore[operator]
            done.append("15")
            shelf.remove("15")
            say(shelf, elastic, "15")
        return documents

    shelf.load = load_then_delete  # type: ignore[method-assign]
    shelf.register()
    rebuild.rebuild(engine=elastic)
    assert done
    assert "15" not in found(elastic)


@pytest.mark.elasticsearch
def test_a_batch_that_meets_a_dropped_index_is_settled_by_the_other_one(
    elastic: SearchEngine, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker looked before the swap and writes after it."""
    shelf.put(PRINTER)
    rebuild.rebuild(engine=elastic)
    assert isinstance(elastic, ElasticsearchEngine)
    [current] = elastic._live_indexes()
    looks = iter([[f"{elastic._prefix}-{1:020d}", current]])
    look = elastic._live_indexes
    monkeypatch.setattr(elastic, "_live_indexes", lambda: next(looks, None) or look())
    outbox.enqueue("question", ["1"])
    assert indexing.drain(engine=elastic) == 1
    assert not OutboxEntry.objects.exists()


# The embedded engine has one writer over all processes. A second engine on the same folder is another process.


@pytest.fixture
def other(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    made = EmbeddedEngine(tmp_path / "search")
    yield made
    made.close()


def test_nothing_to_write_asks_nobody_to_stand_back(embedded: EmbeddedEngine, shelf: Shelf, tmp_path: Path) -> None:
    other = EmbeddedEngine(tmp_path / "search")
    with embedded.writing():
        assert indexing.drain(engine=other) == 0
        assert not (tmp_path / "search" / "writer.wanted").exists()
        outbox.enqueue("question", ["1"])
        assert indexing.drain(engine=other) == 0
        assert (tmp_path / "search" / "writer.wanted").exists()


def test_a_rebuild_within_a_worker_leaves_it_the_right_to_write(
    embedded: EmbeddedEngine, other: EmbeddedEngine, shelf: Shelf
) -> None:
    with embedded.kept_open():
        rebuild.rebuild(engine=embedded)
        fill(embedded, PRINTER, version=outbox.next_version())
        with pytest.raises(WriterBusy), other.writing():
            pytest.fail("two writers")
    with other.writing():
        """Let go in the end."""


@pytest.mark.django_db(transaction=True)
def test_a_worker_gets_its_turn_while_a_rebuild_runs(
    embedded: EmbeddedEngine, other: EmbeddedEngine, shelf: Shelf
) -> None:
    shelf.put(*(question(number, f"Number {number}") for number in range(200)))
    load, seen, rebuilt = shelf.load, [], threading.Event()

    def slow_load(ids: object) -> list[SearchDocument]:
        time.sleep(0.1)
        return load(ids)

    shelf.load = slow_load  # type: ignore[method-assign]
    shelf.register()

    def worker() -> None:
        shelf.put(question(500, "Asked while it runs"))
        outbox.enqueue("question", ["500"])
        while not rebuilt.is_set() and not seen:
            if indexing.drain(engine=other):
                seen.append(rebuilt.is_set())
            other.yield_writer()
            time.sleep(0.05)
        connection.close()

    thread = threading.Thread(target=worker)

    def start(progress: rebuild.Progress) -> None:
        if progress.read == 50:
            thread.start()

    rebuild.rebuild(engine=embedded, on_progress=start)
    rebuilt.set()
    thread.join()
    assert seen == [False], "the change was applied before the rebuild ended"
    assert "500" in {entry.key.id for entry in embedded.listing("question")}


def test_a_listing_comes_in_pages_of_one_state(
    embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch, shelf: Shelf
) -> None:
    monkeypatch.setattr("search.engines.embedded._LISTING_PAGE", 7)
    fill(embedded, *(question(number, f"Number {number}") for number in range(50)), version=1)
    entries = embedded.listing("question")
    seen = [next(entries)]
    with embedded.writing():
        embedded.apply([question(50, "Later")], [DocumentKey("question", str(n)) for n in range(20)], version=2)
    seen += entries
    assert {entry.key.id for entry in seen} == {str(number) for number in range(50)}
    assert len(seen) == 50
    assert len(list(embedded.listing("question"))) == 31
