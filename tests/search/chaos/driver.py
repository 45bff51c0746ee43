"""What is killed when, and what is looked at in the end."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests import servers

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 120.0


class Community(Protocol):
    """What changes: rows.py or portal.py."""

    def change(self, chance: random.Random) -> str:
        """Change something in a transaction of its own, and say what kind of change it was."""
        ...

    def titles(self) -> set[str]:
        """Return the titles of everything that must be found."""
        ...


@dataclass
class Worker:
    """The worker's process. ``dies`` is how likely it kills itself within a write."""

    of: str
    seed: int
    dies: float = 0.35
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    suicides: int = 0
    killed: int = 0

    def look_after(self) -> None:
        """Start it where it does not run; count how it ended."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None and self.process.returncode == -signal.SIGALRM:
            self.suicides += 1
        self.starts += 1
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.search.chaos.worker", self.of, f"{self.seed}/{self.starts}", str(self.dies)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
            self.killed += 1

    def end(self) -> None:
        """Leave nothing behind."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@dataclass
class Chaos:
    """A run: so many changes with at most ``pace`` seconds between; ``node`` is None for the embedded engine."""

    community: Community
    worker: Worker
    node: servers.ElasticsearchNodes | None
    changes: int
    seed: int
    node_kills: int
    pace: float = 0.3
    kinds: Counter[str] = field(default_factory=Counter)
    nodes_killed: int = 0

    def run(self) -> dict[str, object]:
        """Change, kill, settle; return what happened."""
        chance = random.Random(self.seed)
        fatal = set(chance.sample(range(5, self.changes), self.node_kills)) if self.node else set()
        try:
            for number in range(self.changes):
                self.worker.look_after()
                self.kinds[self.community.change(chance)] += 1
                time.sleep(chance.uniform(0, self.pace))
                if chance.random() < 0.06 / max(1.0, self.pace / 0.3):
                    self.worker.kill()
                if number in fatal:
                    self.kill_node()
            self.settle()
        finally:
            self.worker.end()
        return self.figures()

    def kill_node(self) -> None:
        """Kill the node and begin to start it again; changes go on meanwhile."""
        assert self.node is not None
        self.node.wait()
        self.node.kill_node(1)
        self.nodes_killed += 1
        self.node.stop()
        self.node.launch()

    def settle(self) -> None:
        """Let a worker that nobody kills any more apply what waits."""
        from search import outbox

        if self.node is not None:
            self.node.wait()
        self.worker.kill()
        self.worker.dies = 0.0
        until = time.monotonic() + PATIENCE_S
        while outbox.pending_count():
            self.worker.look_after()
            if time.monotonic() > until:
                raise SystemExit(f"{outbox.pending_count()} changes wait: {waiting_for()}")
            time.sleep(0.1)

    def figures(self) -> dict[str, object]:
        from search.documents import SearchRequest
        from search.engines import selected_engine
        from search.reconcile import reconcile

        engine = selected_engine()
        differences = reconcile(engine=engine)
        wanted, found = self.community.titles(), set()
        for offset in range(0, len(wanted) + 100, 100):
            page = engine.search(SearchRequest(limit=100, offset=offset))
            found |= {each.document.title for each in page.found}
        engine.close()
        return {
            "engine": engine.name,
            "changes": dict(self.kinds),
            "worker killed": self.worker.killed,
            "worker died writing": self.worker.suicides,
            "node killed": self.nodes_killed,
            "differences": [f"{each.kind} {each.key.uid}" for each in differences],
            "not found": sorted(wanted - found),
            "resurrected": sorted(found - wanted),
        }


def waiting_for() -> list[str]:
    """Return why the first lines wait."""
    from search.models import OutboxEntry

    return list(OutboxEntry.objects.values_list("last_error", flat=True)[:3])


def environment(area: Path, url: str) -> None:
    """Point this process, and the workers it starts, at a data folder and an engine."""
    for name in [name for name in os.environ if name.startswith(("PORTAL_", "DATABASE_URL", "ELASTICSEARCH_URL"))]:
        del os.environ[name]
    os.environ |= {"PORTAL_DATA_DIR": str(area), "PORTAL_SECRET_KEY": "chaos", "PORTAL_RATE_LIMITS": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    if url:
        os.environ["ELASTICSEARCH_URL"] = url
