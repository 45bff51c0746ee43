"""Run by test_concurrency.py in a process of its own, on the database of DATABASE_URL: prints figures as JSON."""

import json
import random
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from search import outbox, registry  # noqa: E402
from search.documents import SearchDocument  # noqa: E402
from search.engine import ApplyResult, EngineUnavailable  # noqa: E402
from search.indexing import drain  # noqa: E402
from search.models import OutboxEntry  # noqa: E402

PATIENCE_S = 60


def at_once(*tasks: Callable[[], None]) -> None:
    """Run tasks in threads, each with a database connection of its own; an error in one is an error here."""
    errors: list[BaseException] = []

    def run(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    if errors:
        raise errors[0]


def claims() -> dict[str, object]:
    """Four workers claim from one heap of lines."""
    OutboxEntry.objects.all().delete()  # the server's database is one for the whole run: others may have left lines
    outbox.enqueue("question", range(200))
    taken: list[list[int]] = [[], [], [], []]

    def work(mine: list[int]) -> None:
        while lines := outbox.claim(10, ignore_leases=False):
            mine += [line.pk for line in lines]
            time.sleep(0.005)

    at_once(*(lambda mine=mine: work(mine) for mine in taken))  # type: ignore[misc]
    OutboxEntry.objects.all().delete()
    every = [pk for mine in taken for pk in mine]
    return {"claimed": len(every), "distinct": len(set(every)), "workers": sum(bool(mine) for mine in taken)}


def versions() -> dict[str, object]:
    """Eight threads take versions."""
    given: list[list[int]] = [[] for _ in range(8)]
    at_once(*(lambda mine=mine: mine.extend(outbox.next_version() for _ in range(20)) for mine in given))  # type: ignore[misc]
    every = [version for mine in given for version in mine]
    return {"distinct": len(set(every)), "rising": all(mine == sorted(mine) for mine in given)}


def visibility_of_lines() -> dict[str, object]:
    """A line is there for the worker when its transaction has committed, and not before."""
    enqueued, look, looked = threading.Event(), threading.Event(), threading.Event()
    seen: list[int] = []

    def change() -> None:
        with transaction.atomic():
            outbox.enqueue("question", ["1"])
            enqueued.set()
            looked.wait(PATIENCE_S)

    def worker() -> None:
        enqueued.wait(PATIENCE_S)
        # SQLite lets nobody else write meanwhile, so there the worker only looks.
        seen.append(len(outbox.claim(10, ignore_leases=connection.vendor == "sqlite")))
        looked.set()
        look.set()

    at_once(change, worker)
    seen.append(len(outbox.claim(10, ignore_leases=False)))
    OutboxEntry.objects.all().delete()
    return {"before": seen[0], "after": seen[1]}


class Remembering:
    """An engine in a dictionary, with external versions; slow, and at times away."""

    name, remote, exclusive_writer = "remembering", True, False

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.held: dict[str, tuple[int, str | None]] = {}
        self.stale = 0

    @contextmanager
    def writing(self, *, wait: float = 0.0):  # type: ignore[no-untyped-def]
        yield

    def apply(self, upserts, deletes, *, version, generation=None):  # type: ignore[no-untyped-def]
        time.sleep(random.random() * 0.01)
        if random.random() < 0.1:
            raise EngineUnavailable("away")
        changes = [(document.id, document.title) for document in upserts] + [(key.id, None) for key in deletes]
        for identity, title in changes:
            with self.lock:
                if version >= self.held.get(identity, (0, None))[0]:
                    self.held[identity] = (version, title)
                else:
                    self.stale += 1
        return ApplyResult(len(changes))


def following() -> dict[str, object]:
    """Writers change rows while three workers drain to an engine that fails at times."""
    random.seed(7)
    rows: dict[str, str | None] = {str(number): None for number in range(12)}
    guard, engine, finished = threading.Lock(), Remembering(), threading.Event()

    def load(ids):  # type: ignore[no-untyped-def]
        with guard:
            found = {each: rows[each] for each in ids}
        time.sleep(random.random() * 0.01)
        return [SearchDocument(type="row", id=each, title=title) for each, title in found.items() if title]

    def change() -> None:
        for step in range(30):
            with transaction.atomic():
                with guard:
                    each = random.choice(list(rows))
                    rows[each] = None if random.random() < 0.2 else f"state {step} {random.random()}"
                outbox.enqueue("row", [each])

    def work() -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and not (finished.is_set() and outbox.pending_count() == 0):
            drain(20, engine=engine)  # type: ignore[arg-type]
            OutboxEntry.objects.filter(attempts__gt=0).update(available_at="2020-01-01T00:00:00Z")
            time.sleep(0.01)

    def writers() -> None:
        at_once(change, change, change)
        finished.set()

    registry.register(registry.IndexedType("row", load, lambda: iter(rows)))
    at_once(writers, work, work, work)
    held = {each: title for each, (_, title) in engine.held.items()}
    wrong = [each for each, title in rows.items() if held.get(each) != title]
    return {"wrong": wrong, "pending": outbox.pending_count(), "written": len(held)}


if __name__ == "__main__":
    # Only our tables, without what other apps do after a migration.
    executor = MigrationExecutor(connection)
    executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] == "search"])
    scenarios = [claims, versions, visibility_of_lines, following]
    json.dump({scenario.__name__: scenario() for scenario in scenarios}, sys.stdout)
