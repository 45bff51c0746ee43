"""What those who watch the portal ask: is it ready, and which figures does it give."""

import ipaddress
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest
from prometheus_client import CollectorRegistry, Gauge, generate_latest, multiprocess

from search import metrics, setup

_migrated = False
_gauges: list[Callable[[], Mapping[str, float]]] = [metrics.gauges]
_looking = threading.Lock()


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether pages can be served: ``reasons`` says why not; ``search`` tells of the engine, down or not."""

    ready: bool
    reasons: list[str]
    search: dict[str, object]


def database_reason() -> str:
    """Return why the database cannot be used yet, or an empty text.

    A migrated database stays so while this process lives, so the answer is looked up once, by one of those who ask.
    """
    with _looking:
        return "" if _migrated else _look_at_database()


def _look_at_database() -> str:
    global _migrated  # noqa: PLW0603
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"the database does not answer: {error}"
    if plan:
        return f"the database lacks {len(plan)} migrations"
    _migrated = True
    return ""


def readiness() -> Readiness:
    """Return whether the database is migrated and there is an index to search.

    An engine that is away is told but is no reason: pages answer without it.
    """
    reasons = [reason] if (reason := database_reason()) else []
    health = setup.index_health()
    if health.reachable and not health.has_index:
        reasons.append("there is no search index yet")
    return Readiness(ready=not reasons, reasons=reasons, search=asdict(health))


def register_gauges(read: Callable[[], Mapping[str, float]]) -> None:
    """Makes figures of an app known that are read from the database when asked; called in its ``ready()``."""
    if read not in _gauges:
        _gauges.append(read)


def figures() -> bytes:
    """Return the figures in Prometheus's text format: those of all processes of this portal, whichever is asked."""
    registry = CollectorRegistry()
    for name, value in (each for read in _gauges for each in read().items()):
        Gauge(name, "See docs/reference/metrics.md", registry=registry).set(value)
    folder = settings.METRICS_FOLDER
    if not folder:
        return bytes(generate_latest(registry) + generate_latest(metrics.REGISTRY))
    _forget_the_dead(Path(folder))
    multiprocess.MultiProcessCollector(registry, path=folder)
    return bytes(generate_latest(registry))


def _forget_the_dead(folder: Path) -> None:
    """Drop the gauges of processes that are gone. What they counted stays in the sums."""
    for path in folder.glob("gauge_live*.db"):
        pid = path.stem.rpartition("_")[2]
        if pid.isdigit() and not _lives(int(pid)):
            path.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def comes_from_inside(request: HttpRequest) -> bool:
    """Whether a request comes straight from this machine or network, and not through the public proxy."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_private
    except ValueError:
        return False
