"""Several processes on one embedded index: one writes, all see, and the worker gives way."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from search import indexing, outbox
from search.documents import SearchDocument, SearchRequest
from search.engine import EngineError, WriterBusy
from search.engines import forget_engines
from search.engines.embedded import EmbeddedEngine
from tests.search.conftest import Shelf, fill
from tests.search.documents import PASSWORD, PRINTER

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from search.engines.embedded import EmbeddedEngine
from tests.search.documents import PRINTER
engine = EmbeddedEngine(Path(sys.argv[1]))
with engine.kept_open():
    with engine.writing(wait=10):
        engine.apply([PRINTER], [], version=1)
        print("writing", flush=True)
        sys.stdin.readline()
    print("between batches", flush=True)
    for line in sys.stdin:
        print("let go" if engine.yield_writer() else "kept", flush=True)
"""


class Other:
    """Another process that writes the index until it is told to go on."""

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin
        assert self.process.stdout
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        assert self.hear() == "writing"

    def hear(self) -> str:
        return self.stdout.readline().strip()

    def go_on(self) -> str:
        self.stdin.write("\n")
        self.stdin.flush()
        return self.hear()

    def end(self) -> None:
        self.stdin.close()
        self.process.kill()
        self.process.wait()
        self.stdout.close()


@pytest.fixture
def other(embedded: EmbeddedEngine, tmp_path: Path) -> Iterator[Other]:
    process = Other(tmp_path / "search")
    yield process
    process.end()


def eventually(happens: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def test_while_another_process_writes_nobody_else_does(embedded: EmbeddedEngine, other: Other) -> None:
    with pytest.raises(WriterBusy), embedded.writing():
        pytest.fail("two writers")


def test_what_another_process_wrote_is_found_without_a_restart(embedded: EmbeddedEngine, other: Other) -> None:
    assert embedded.search(SearchRequest(text="printer")).total == 1


@pytest.mark.django_db
def test_draining_leaves_the_work_to_the_process_that_writes(
    embedded: EmbeddedEngine, other: Other, shelf: Shelf
) -> None:
    shelf.put(PASSWORD)
    outbox.enqueue("question", ["2"])
    assert indexing.drain(engine=embedded) == 0
    assert outbox.pending_count() == 1


def test_a_writer_that_is_killed_lets_go(embedded: EmbeddedEngine, other: Other) -> None:
    other.process.kill()
    other.process.wait()
    with embedded.writing(wait=5):
        embedded.apply([PASSWORD], [], version=2)
    assert embedded.search(SearchRequest()).total == 2


def test_a_kept_writer_is_given_up_when_another_process_asks(embedded: EmbeddedEngine, other: Other) -> None:
    assert other.go_on() == "between batches"
    assert other.go_on() == "kept"
    with pytest.raises(WriterBusy), embedded.writing():
        pytest.fail("two writers")
    assert other.go_on() == "let go"
    fill(embedded, PASSWORD, version=2)
    assert embedded.search(SearchRequest()).total == 2


def test_a_waiting_writer_gets_its_turn(embedded: EmbeddedEngine, other: Other) -> None:
    threading.Timer(0.3, lambda: (other.go_on(), other.go_on())).start()
    with embedded.writing(wait=10):
        embedded.apply([PASSWORD], [], version=2)


def test_a_swap_in_one_process_is_seen_in_another(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    reader = EmbeddedEngine(tmp_path / "search")
    fill(embedded, PRINTER)
    assert reader.search(SearchRequest()).total == 1
    generation = embedded.create_generation()
    embedded.commit_generation(generation)
    assert reader.search(SearchRequest()).total == 0
    fill(embedded, PRINTER, PASSWORD, version=2)
    assert reader.search(SearchRequest()).total == 2
    assert len(list((tmp_path / "search" / "generations").iterdir())) == 1


def test_writing_outside_of_the_lock_is_refused(embedded: EmbeddedEngine) -> None:
    with pytest.raises(EngineError, match="inside writing"):
        embedded.apply([PRINTER], [], version=1)


def test_searches_go_on_while_this_process_writes(embedded: EmbeddedEngine) -> None:
    totals: list[int] = []
    with embedded.writing():
        reader = threading.Thread(target=lambda: totals.append(embedded.search(SearchRequest()).total))
        reader.start()
        reader.join(timeout=5)
    assert totals == [0]


def test_a_copied_folder_is_an_index_elsewhere(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    import shutil

    fill(embedded, PRINTER)
    shutil.copytree(tmp_path / "search", tmp_path / "copy")
    elsewhere = EmbeddedEngine(tmp_path / "copy")
    assert elsewhere.search(SearchRequest(text="printer")).total == 1
    fill(elsewhere, PASSWORD)
    assert (elsewhere.count(), embedded.count()) == (2, 1)
    elsewhere.close()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"generation": 7}', '{"generation": "../..", "shape": "x"}'])
def test_a_damaged_pointer_is_a_missing_index(embedded: EmbeddedEngine, tmp_path: Path, content: str) -> None:
    (tmp_path / "search" / "current").write_text(content)
    assert not embedded.health().has_index


class Rounds(threading.Event):
    """Stops the worker's loop, which runs in the test's own thread, after some rounds; things happen in between."""

    def __init__(self, last: int, happenings: dict[int, Callable[[], object]]) -> None:
        super().__init__()
        self.round, self.last, self.happenings = 0, last, happenings

    def wait(self, timeout: float | None = None) -> bool:
        self.round += 1
        self.happenings.get(self.round, lambda: None)()
        if self.round >= self.last:
            self.set()
        return self.is_set()


def say(shelf: Shelf, *documents: SearchDocument) -> None:
    """Put documents on the shelf and tell the outbox."""
    shelf.put(*documents)
    outbox.enqueue(shelf.name, [document.id for document in documents])


@pytest.mark.django_db(transaction=True)
def test_the_worker_makes_the_index_and_keeps_it_fresh(tmp_path: Path, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    with override_settings(SEARCH={"EMBEDDED_PATH": tmp_path / "worker"}):
        forget_engines()
        indexing.run_worker(Rounds(4, {2: lambda: say(shelf, PASSWORD)}), poll_seconds=0.01)
    forget_engines()
    reader = EmbeddedEngine(tmp_path / "worker")
    assert reader.search(SearchRequest()).total == 2
    assert outbox.pending_count() == 0
    with reader.writing():
        """The worker has let go of the lock."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("then_a_change", [True, False], ids=["with a change", "while nothing happens"])
def test_the_worker_builds_an_index_that_vanished(
    tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, then_a_change: bool
) -> None:
    if not then_a_change:
        monkeypatch.setattr(indexing, "CHECK_SECONDS", 0.0)
    shelf.put(PRINTER)
    path = tmp_path / "worker"
    happenings: dict[int, Callable[[], object]] = {2: (path / "current").unlink}
    if then_a_change:
        happenings[3] = lambda: say(shelf, PASSWORD)
    with override_settings(SEARCH={"EMBEDDED_PATH": path}):
        forget_engines()
        indexing.run_worker(Rounds(7, happenings), poll_seconds=0.01)
    forget_engines()
    assert EmbeddedEngine(path).search(SearchRequest()).total == (2 if then_a_change else 1)


@pytest.mark.django_db(transaction=True)
def test_the_worker_waits_for_an_engine_that_is_away(
    tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1"])
    nobody = {"ELASTICSEARCH_URL": "http://127.0.0.1:9", "EMBEDDED_PATH": tmp_path}
    rounds = Rounds(5, {})
    with override_settings(SEARCH=nobody):
        forget_engines()
        indexing.run_worker(rounds, poll_seconds=0.01)
    forget_engines()
    assert rounds.round == 5
    assert outbox.pending_count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_survives_whatever_goes_wrong(tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = iter([RuntimeError("bug"), EngineError("engine"), WriterBusy("busy"), OSError("disk")])
    stop = threading.Event()

    def failing_drain(**kwargs: object) -> int:
        try:
            raise next(failures)
        except StopIteration:
            stop.set()
            return 0

    monkeypatch.setattr(indexing, "drain", failing_drain)
    with override_settings(SEARCH={"EMBEDDED_PATH": tmp_path / "worker"}):
        forget_engines()
        indexing.run_worker(stop, poll_seconds=0.01)
    forget_engines()
    assert stop.is_set()
