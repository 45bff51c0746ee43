"""Any history of changes, failures, deaths and rebuilds ends with an index that is what the database is."""

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from search import indexing, outbox, rebuild, registry
from search.documents import SearchDocument, SearchRequest
from search.engine import EngineUnavailable
from search.engines.embedded import EmbeddedEngine
from search.models import OutboxEntry
from search.reconcile import reconcile
from tests.search.conftest import Shelf
from tests.search.documents import question

ROOT = Path(__file__).resolve().parents[2]
IDS = st.integers(0, 6)
WORDS = st.sampled_from(["alpha", "beta", "gamma", "delta"])


class Death(BaseException):
    """The worker is killed here."""


class Mortal(EmbeddedEngine):
    """An engine that is away, or whose worker dies, when the test says so."""

    away = False
    dies: str = ""

    def apply(self, upserts, deletes, *, version, generation=None):  # type: ignore[no-untyped-def]
        if self.away:
            raise EngineUnavailable("away")
        if self.dies == "before":
            raise Death
        result = super().apply(upserts, deletes, version=version, generation=generation)
        if self.dies == "after":
            raise Death
        return result


class History(RuleBasedStateMachine):
    """What members do, what the worker does, and what goes wrong, in any order."""

    @initialize()
    def begin(self) -> None:
        OutboxEntry.objects.all().delete()
        self.folder = tempfile.TemporaryDirectory(prefix="hiroba-history-")
        self.path = Path(self.folder.name) / "search"
        self.engine = Mortal(self.path)
        self.engine.commit_generation(self.engine.create_generation())
        self.former = registry._registered
        registry._registered = {}
        self.shelf = Shelf()
        self.shelf.register()

    def teardown(self) -> None:
        try:
            self.recover()
            assert reconcile(engine=self.engine, patience=5) == []
            indexed = {found.document for found in self.engine.search(SearchRequest(limit=100)).found}
            assert indexed == set(self.shelf.documents.values())
        finally:
            registry._registered = self.former
            self.engine.close()
            self.folder.cleanup()

    @rule(number=IDS, word=WORDS)
    def change(self, number: int, word: str) -> None:
        self.shelf.put(question(number, f"Title {word}"))
        outbox.enqueue("question", [number])

    @rule(number=IDS)
    def remove(self, number: int) -> None:
        self.shelf.remove(str(number))
        outbox.enqueue("question", [number])

    @rule(number=IDS, hidden=st.booleans())
    def hide_or_show(self, number: int, hidden: bool) -> None:
        if document := self.shelf.documents.get(str(number)):
            self.shelf.put(replace(document, visibility=("public", "staff") if hidden else ("public",)))
            outbox.enqueue("question", [number])

    @rule(limit=st.integers(1, 5))
    def drain(self, limit: int) -> None:
        indexing.drain(limit, engine=self.engine)

    @rule()
    def engine_goes_away(self) -> None:
        self.engine.away = True

    @rule()
    def recover(self) -> None:
        self.engine.away = False
        self.engine.dies = ""
        OutboxEntry.objects.update(available_at="2020-01-01T00:00:00Z")

    @rule(moment=st.sampled_from(["before", "after"]))
    def worker_dies(self, moment: str) -> None:
        self.engine.dies = moment
        try:
            indexing.drain(engine=self.engine)
        except Death:
            """Another worker starts: it knows nothing of this one's open files."""
        self.engine.close()
        self.engine = Mortal(self.path)

    @rule()
    def rebuild(self) -> None:
        if not self.engine.away:
            rebuild.rebuild(engine=self.engine)

    @rule(number=IDS)
    def index_is_damaged(self, number: int) -> None:
        """A document vanishes from the index without anyone saying so: reconcile is to find it."""
        self.recover()
        indexing.drain(engine=self.engine)
        with self.engine.writing():
            self.engine.apply([], [question(number, "").key], version=outbox.next_version())
        differences = reconcile(engine=self.engine, patience=5)
        there = str(number) in self.shelf.documents
        assert [each.key.id for each in differences] == ([str(number)] if there else [])
        assert reconcile(engine=self.engine, patience=5, repair=True) == []

    @invariant()
    def nothing_found_was_never_written(self) -> None:
        if hasattr(self, "engine"):
            for found in self.engine.search(SearchRequest(limit=100)).found:
                assert isinstance(found.document, SearchDocument)
                assert found.document.title.startswith("Title ")


@pytest.mark.django_db
def test_any_history_ends_with_an_index_that_is_what_the_database_is() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )


KILLED = """
import os, sys, django
django.setup()
from pathlib import Path
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from search import outbox, registry, indexing
from search.engines.embedded import EmbeddedEngine
from tests.search.documents import question

class Killed(EmbeddedEngine):
    def apply(self, upserts, deletes, *, version, generation=None):
        if MOMENT == "before applying":
            os.kill(os.getpid(), 9)
        if MOMENT == "while applying":
            import search.engines.embedded as embedded
            made = embedded._indexed
            embedded._indexed = lambda document, version: (
                os.kill(os.getpid(), 9) if document.id == "30" else made(document, version)
            )
        result = super().apply(upserts, deletes, version=version, generation=generation)
        if MOMENT == "after applying":
            os.kill(os.getpid(), 9)
        return result

MOMENT, path = sys.argv[1], Path(sys.argv[2])
executor = MigrationExecutor(connection)
executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] == "search"])
registry._registered.clear()
rows = {str(number): question(number, f"Title {number}") for number in range(60)}
registry.register(registry.IndexedType("question", lambda ids: [rows[i] for i in ids if i in rows], lambda: iter(rows)))
engine = Killed(path)
if not engine.health().has_index:
    engine.commit_generation(engine.create_generation())
if not outbox.pending_count() and not engine.count():
    outbox.enqueue("question", rows)
indexing.drain(engine=engine)
from search.reconcile import reconcile
print(engine.count(), outbox.pending_count(), len(reconcile(engine=engine)))
"""


@pytest.mark.parametrize("moment", ["before applying", "while applying", "after applying"])
def test_a_worker_killed_at_any_moment_is_made_good_by_the_next(tmp_path: Path, moment: str) -> None:
    """A real process and a real SIGKILL; the next one finds the lock free and finishes the work."""
    import os

    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "ELASTICSEARCH_URL")},
        "PORTAL_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
    }

    def run(moment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", KILLED, moment, str(tmp_path / "search")]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    assert run(moment).returncode == -9
    done = run("never")
    assert done.stdout.split() == ["60", "0", "0"], done.stderr[-2000:]
