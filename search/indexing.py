"""The worker's side of the outbox: changes become documents in the index, in batches, none lost, none out of order.

Order: take the lines; take a version and commit it; read the documents; apply them with that version; only then
delete the lines. A worker that dies anywhere leaves lines that are done again, and doing again is harmless: an engine
keeps what is newer. A state read later never carries an earlier version, because the version is taken first.
"""

import logging
import math
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import close_old_connections

from search import outbox
from search.documents import DocumentKey, SearchDocument
from search.engine import EngineError, IndexMissing, SearchEngine, WriterBusy
from search.engines import selected_engine
from search.models import OutboxEntry
from search.registry import IndexedType, indexed_type

logger = logging.getLogger(__name__)

BATCH = 500
# How often the worker looks whether there still is an index.
CHECK_SECONDS = 5.0


def drain(limit: int = 10_000, *, engine: SearchEngine | None = None) -> int:
    """Apply what waits in the outbox, up to ``limit`` lines; return how many were settled.

    Returns 0 at once when nothing is due, or another process writes the index (it is told that this one waits). Lines
    of a failed batch stay, later.
    Raises :class:`IndexMissing` when there is no index to write to; nothing is lost then either.
    """
    engine = engine or selected_engine()
    settled = 0
    try:
        # Asking for the right to write makes a rebuild stand back: not for nothing.
        while settled < limit and outbox.is_due():
            with engine.writing():
                taken, done = _drain_batch(engine, min(BATCH, limit - settled))
            settled += done
            if taken < BATCH or not done:
                break
    except WriterBusy:
        logger.debug("another process writes the index")
    return settled


def _drain_batch(engine: SearchEngine, size: int) -> tuple[int, int]:
    """Return how many lines were taken and how many of them settled."""
    lines = outbox.claim(size, ignore_leases=engine.exclusive_writer)
    if not lines:
        return 0, 0
    version = outbox.next_version()
    by_key: dict[DocumentKey, list[OutboxEntry]] = defaultdict(list)
    for line in lines:
        by_key[DocumentKey(line.document_type, line.object_id)].append(line)
    upserts, deletes, unreadable = load_documents(by_key)
    try:
        result = engine.apply(upserts, deletes, version=version)
    except IndexMissing:
        outbox.postpone(lines, "there is no index", longest=outbox.LONGEST_ENGINE_DELAY)
        raise
    except EngineError as error:
        logger.warning("The search engine took no changes, %d wait: %s", len(lines), error)
        outbox.postpone(lines, str(error), longest=outbox.LONGEST_ENGINE_DELAY)
        return len(lines), 0
    failed = unreadable | result.refused
    for key, reason in failed.items():
        logger.error("The search index does not take %s: %s", key.uid, reason)
        outbox.postpone(by_key[key], reason)
    settled = [line for key, group in by_key.items() if key not in failed for line in group]
    outbox.settle(settled)
    return len(lines), len(settled)


def load_documents(
    keys: Iterable[DocumentKey],
) -> tuple[list[SearchDocument], list[DocumentKey], dict[DocumentKey, str]]:
    """Read documents as they are now: those there are, those that are gone, and those that cannot be read with why.

    A type that nobody registered any more counts as gone.
    """
    by_type: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_type[key.type].append(key.id)
    found: list[SearchDocument] = []
    gone: list[DocumentKey] = []
    unreadable: dict[DocumentKey, str] = {}
    for name, ids in by_type.items():
        indexed = indexed_type(name)
        documents, errors = _load(indexed, ids) if indexed else ([], {})
        there = {document.id for document in documents}
        found += documents
        gone += [DocumentKey(name, each) for each in ids if each not in there and each not in errors]
        unreadable |= {DocumentKey(name, each): reason for each, reason in errors.items()}
    return found, gone, unreadable


def _load(indexed: IndexedType, ids: Sequence[str]) -> tuple[list[SearchDocument], dict[str, str]]:
    """Load a batch; when that fails, one by one, so that one bad document does not hold up the others."""
    try:
        return list(indexed.load(ids)), {}
    except Exception:
        if len(ids) == 1:
            logger.exception("%s %s cannot be loaded for the search index", indexed.name, ids[0])
            return [], {ids[0]: "it cannot be loaded"}
    documents: list[SearchDocument] = []
    errors: dict[str, str] = {}
    for each in ids:
        loaded, failed = _load(indexed, [each])
        documents += loaded
        errors |= failed
    return documents, errors


def run_worker(stop_event: threading.Event, poll_seconds: float = 0.1) -> None:
    """Keep the index up to date until ``stop_event`` is set: what the portal's worker process calls.

    Makes the index when there is none, also when it vanishes later (a cluster replaced by an empty one). Survives
    every failure of engine and database, and lets another process (a rebuild) write when it asks to.
    """
    engine = selected_engine()
    looked_at = -math.inf
    with engine.kept_open():
        while not stop_event.is_set():
            settled = 0
            try:
                close_old_connections()
                if time.monotonic() - looked_at >= CHECK_SECONDS:
                    _look_after(engine, first=math.isinf(looked_at))
                    looked_at = time.monotonic()
                settled = drain(engine=engine)
                engine.yield_writer()
            except WriterBusy:
                logger.debug("another process writes the index")
            except IndexMissing:
                looked_at = -math.inf
            except EngineError as error:
                logger.warning("The search engine is not there: %s", error)
                looked_at = time.monotonic()
            except Exception:
                logger.exception("The search worker goes on after an error")
            stop_event.wait(0.01 if settled else poll_seconds)


def _look_after(engine: SearchEngine, *, first: bool) -> None:
    """Build the index if it is not there; a server that is new to us is warmed up."""
    from search.setup import ensure_ready, warm_up

    if ensure_ready(engine=engine) or first:
        warm_up(engine)
