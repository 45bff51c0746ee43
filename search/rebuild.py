"""Building the whole index anew beside the one that is searched, then moving over.

From the moment the new generation exists the worker writes every change to both. The rebuild reads each document
after that moment, with a version taken before, so that whichever of the two writes last, the newer state stays.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils import timezone

from search import outbox
from search.documents import DocumentKey
from search.engine import EngineError, SearchEngine
from search.engines import selected_engine
from search.indexing import BATCH, load_documents
from search.models import RebuildLease
from search.registry import registered

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
# How long a batch waits for the worker to let go of the index, and for how long it then stands back.
_PATIENCE = 60.0
_STAND_BACK = 0.4
_LEASE_ROW = 1


class RebuildRunning(Exception):
    """Another rebuild is at work."""


class RebuildIncomplete(Exception):
    """The new index lacks documents that the database has: it was dropped and the former one stays."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is: documents written, ids read, seconds since its start."""

    written: int
    read: int
    seconds: float


def rebuild(
    *, engine: SearchEngine | None = None, on_progress: Callable[[Progress], None] = lambda progress: None
) -> Progress:
    """Build, verify, swap; return the totals.

    Raises :class:`RebuildRunning`, :class:`RebuildIncomplete` or :class:`search.engine.EngineError`; searches go on
    against the former index then.
    """
    engine = engine or selected_engine()
    with _lease() as renew:
        generation = engine.create_generation()
        try:
            progress = _fill(engine, generation, renew, on_progress)
            _verify(engine, generation, renew)
            engine.commit_generation(generation)
        except BaseException:
            with suppress(EngineError):
                engine.abandon_generation(generation)
            raise
    return progress


def _fill(
    engine: SearchEngine, generation: str, renew: Callable[[], None], on_progress: Callable[[Progress], None]
) -> Progress:
    started = time.monotonic()
    progress = Progress(0, 0, 0.0)
    for indexed in registered():
        for keys in batches(DocumentKey(indexed.name, each) for each in indexed.ids()):
            renew()
            written = _write(engine, generation, keys)
            progress = Progress(progress.written + written, progress.read + len(keys), time.monotonic() - started)
            on_progress(progress)
    return progress


def _write(engine: SearchEngine, generation: str, keys: Sequence[DocumentKey]) -> int:
    """Write one batch. The right to write is taken before reading, so that no deletion comes in between."""
    with engine.writing(wait=_PATIENCE):
        version = outbox.next_version()
        documents, _, unreadable = load_documents(keys)
        result = engine.apply(documents, [], version=version, generation=generation)
    for key, reason in {**unreadable, **result.refused}.items():
        logger.error("The rebuild leaves %s out: %s", key.uid, reason)
    if engine.yield_writer():
        time.sleep(_STAND_BACK)
    return len(documents) - len(result.refused)


def _verify(engine: SearchEngine, generation: str, renew: Callable[[], None]) -> None:
    """Look for ids of the database that the new index lacks; write those again; raise if some stay away."""
    for indexed in registered():
        there = {entry.key.id for entry in engine.listing(indexed.name, generation=generation)}
        missing = [DocumentKey(indexed.name, each) for each in indexed.ids() if each not in there]
        for keys in batches(iter(missing)):
            renew()
            _write(engine, generation, keys)
        if missing:
            there = {entry.key.id for entry in engine.listing(indexed.name, generation=generation)}
            documents, _, _ = load_documents(key for key in missing if key.id not in there)
            # What waits in the outbox will be written, to the new index too, by the worker.
            waiting = outbox.pending_keys()
            lost = [document for document in documents if (document.type, document.id) not in waiting]
            if lost:
                raise RebuildIncomplete(f"{len(lost)} documents of type {indexed.name} are not in the new index")


def batches(keys: Iterator[DocumentKey]) -> Iterator[list[DocumentKey]]:
    """Yield the keys in lists of :data:`search.indexing.BATCH`."""
    while batch := list(islice(keys, BATCH)):
        yield batch


@contextmanager
def _lease() -> Iterator[Callable[[], None]]:
    """Hold the one place for a rebuild; gives a function that holds it for longer."""
    holder = uuid.uuid4().hex
    RebuildLease.objects.filter(expires_at__lt=timezone.now()).delete()
    try:
        with transaction.atomic():
            RebuildLease.objects.create(pk=_LEASE_ROW, holder=holder, expires_at=timezone.now() + LEASE)
    except IntegrityError:
        raise RebuildRunning("another rebuild of the search index is running") from None

    def renew() -> None:
        RebuildLease.objects.filter(holder=holder).update(expires_at=timezone.now() + LEASE)

    try:
        yield renew
    finally:
        RebuildLease.objects.filter(holder=holder).delete()
