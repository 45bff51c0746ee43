"""Rebuilding beside, under writes, and what happens when it goes wrong; on both engines."""

import os
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from search import indexing, outbox, rebuild
from search.documents import SearchRequest
from search.engine import EngineError, SearchEngine
from search.engines.elastic import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.models import RebuildLease
from search.rebuild import Progress, RebuildIncomplete, RebuildRunning
from search.setup import ensure_ready
from tests.search.conftest import Shelf, fill
from tests.search.documents import PASSWORD, PRINTER, question

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """Each engine, with nothing in it, not even an index."""
    made: SearchEngine
    if request.param == "embedded":
        made = EmbeddedEngine(tmp_path / "search")
    else:
        url = os.environ.get("TEST_ELASTICSEARCH_URL") or request.getfixturevalue("elasticsearch_url")
        made = ElasticsearchEngine(url, prefix=f"rebuild-{uuid.uuid4().hex[:12]}")
    yield made
    made.drop()
    made.close()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten documents a batch, so that few of them make several."""
    monkeypatch.setattr(rebuild, "BATCH", 10)


def found(engine: SearchEngine, text: str = "") -> set[str]:
    return {each.document.id for each in engine.search(SearchRequest(text=text, limit=100)).found}


class Interrupted(Shelf):
    """A shelf on which something happens when the rebuild has read half of the ids."""

    def __init__(self, happening: object) -> None:
        super().__init__()
        self.happening = happening
        self.happened = False

    def ids(self) -> Iterator[str]:
        every = list(self.documents)
        for place, each in enumerate(every):
            if place == len(every) // 2 and not self.happened:
                self.happened = True
                self.happening()  # type: ignore[operator]
            yield each


def test_the_first_build_makes_the_index(engine: SearchEngine, shelf: Shelf) -> None:
    shelf.put(PRINTER, PASSWORD)
    seen: list[Progress] = []
    progress = rebuild.rebuild(engine=engine, on_progress=seen.append)
    assert (progress.written, progress.read) == (2, 2)
    assert seen[-1] == progress
    assert found(engine) == {"1", "2"}


def test_an_empty_database_gives_an_empty_index(engine: SearchEngine, shelf: Shelf) -> None:
    rebuild.rebuild(engine=engine)
    assert engine.health().has_index
    assert found(engine) == set()


def test_what_the_database_has_no_more_is_gone_after_a_rebuild(engine: SearchEngine, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    rebuild.rebuild(engine=engine)
    fill(engine, question(99, "Left over"), version=outbox.next_version())
    rebuild.rebuild(engine=engine)
    assert found(engine) == {"1"}


@pytest.mark.usefixtures("small_batches", "only_shelves")
def test_changes_during_the_rebuild_are_in_the_new_index(engine: SearchEngine) -> None:
    def happening() -> None:
        shelf.put(replace(shelf.documents["3"], title="Changed scanner three"))
        shelf.put(replace(shelf.documents["38"], title="Changed scanner thirty-eight"))
        shelf.put(question(100, "New scanner"))
        shelf.remove("4", "37")
        outbox.enqueue("question", ["3", "38", "100", "4", "37"])
        indexing.drain(engine=engine)
        assert found(engine, "scanner") == {"3", "38", "100"}, "searchable at once, in the index that is searched"

    shelf = Interrupted(happening)
    shelf.put(*(question(n, f"Number {n}") for n in range(40)))
    shelf.happened = True
    shelf.register()
    rebuild.rebuild(engine=engine)
    shelf.happened = False
    rebuild.rebuild(engine=engine)
    assert found(engine) == set(shelf.documents)
    assert found(engine, "scanner") == {"3", "38", "100"}


@pytest.mark.usefixtures("small_batches", "only_shelves")
def test_a_change_not_yet_applied_at_the_swap_is_applied_after_it(engine: SearchEngine) -> None:
    def happening() -> None:
        shelf.put(replace(shelf.documents["0"], title="Changed scanner"))
        outbox.enqueue("question", ["0"])

    shelf = Interrupted(happening)
    shelf.put(*(question(n, f"Number {n}") for n in range(40)))
    shelf.register()
    rebuild.rebuild(engine=engine)
    indexing.drain(engine=engine)
    assert found(engine, "scanner") == {"0"}


@pytest.mark.usefixtures("small_batches")
def test_searches_go_on_through_the_swap(engine: SearchEngine, shelf: Shelf) -> None:
    shelf.put(*(question(n, f"Number {n}") for n in range(60)))
    rebuild.rebuild(engine=engine)
    stop, failures = threading.Event(), []

    def keep_searching() -> None:
        while not stop.is_set():
            try:
                total = engine.search(SearchRequest(text="number")).total
            except EngineError as error:
                failures.append(error)
            else:
                if total != 60:
                    failures.append(total)

    reader = threading.Thread(target=keep_searching)
    reader.start()
    try:
        for _ in range(3):
            rebuild.rebuild(engine=engine)
    finally:
        stop.set()
        reader.join()
    assert failures == []


def test_a_rebuild_that_fails_leaves_the_former_index(engine: SearchEngine, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    rebuild.rebuild(engine=engine)

    def fail(progress: Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rebuild.rebuild(engine=engine, on_progress=fail)
    assert found(engine) == {"1"}
    assert not RebuildLease.objects.exists()
    shelf.put(PASSWORD)
    rebuild.rebuild(engine=engine)
    assert found(engine) == {"1", "2"}


def test_an_index_that_lacks_documents_is_not_taken_into_use(
    engine: SearchEngine, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put(PRINTER)
    rebuild.rebuild(engine=engine)
    shelf.put(PASSWORD)
    monkeypatch.setattr(rebuild, "_write", lambda *args: 0)
    with pytest.raises(RebuildIncomplete, match="2 documents"):
        rebuild.rebuild(engine=engine)
    assert found(engine) == {"1"}


def test_a_broken_row_is_left_out_and_does_not_stop_the_rebuild(engine: SearchEngine, shelf: Shelf) -> None:
    shelf.put(PRINTER, PASSWORD)
    shelf.unreadable = {"2"}
    assert rebuild.rebuild(engine=engine).written == 1
    assert found(engine) == {"1"}


def test_two_rebuilds_do_not_run_at_once(embedded: EmbeddedEngine, shelf: Shelf) -> None:
    RebuildLease.objects.create(pk=1, holder="another", expires_at=timezone.now() + timedelta(seconds=30))
    with pytest.raises(RebuildRunning):
        rebuild.rebuild(engine=embedded)
    assert RebuildLease.objects.get().holder == "another"


def test_the_lease_of_a_dead_rebuild_expires(embedded: EmbeddedEngine, shelf: Shelf) -> None:
    RebuildLease.objects.create(pk=1, holder="dead", expires_at=timezone.now() - timedelta(seconds=1))
    rebuild.rebuild(engine=embedded)
    assert not RebuildLease.objects.exists()


def test_an_engine_without_an_index_gets_one_with_everything(engine: SearchEngine, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    assert ensure_ready(engine=engine)
    assert found(engine) == {"1"}
    assert not ensure_ready(engine=engine), "only once"


def test_an_index_of_another_shape_is_built_anew(
    engine: SearchEngine, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put(PRINTER)
    ensure_ready(engine=engine)
    if isinstance(engine, EmbeddedEngine):
        engine._shape = "embedded-0"
    else:
        monkeypatch.setattr("search.engines.elastic.mapping.SHAPE", "elasticsearch-0")
    assert not engine.health().has_index
    assert ensure_ready(engine=engine)
    assert found(engine) == {"1"}


def test_the_command_shows_progress_and_totals(
    embedded: EmbeddedEngine, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("search.management.commands.search_rebuild.selected_engine", lambda: embedded)
    shelf.put(PRINTER, PASSWORD)
    call_command("search_rebuild")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("2 documents,")
    assert lines[-1].startswith("2 documents in the new index (embedded)")


def test_the_command_fails_in_one_line(embedded: EmbeddedEngine, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.management.commands.search_rebuild.selected_engine", lambda: embedded)
    RebuildLease.objects.create(pk=1, holder="another", expires_at=timezone.now() + timedelta(seconds=30))
    with pytest.raises(CommandError, match="not rebuilt: another rebuild"):
        call_command("search_rebuild")
