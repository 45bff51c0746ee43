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
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from search import outbox
from search.documents import DocumentKey
from search.engine import EngineError, SearchEngine
from search.engines import selected_engine
from search.indexing import load_documents
from search.models import RebuildLease
from search.registry import IndexedType, registered

logger = logging.getLogger(__name__)

Item = TypeVar("Item")
LEASE = timedelta(seconds=60)
# How long a batch waits for the worker to let go of the index, and for how long it then stands back.
_PATIENCE = 60.0
_STAND_BACK = 0.4
_LEASE_ROW = 1
# Documents a batch: a second of work at most, since changes wait for it where one process writes.
BATCH = 100
# Seconds between renewals of the lease.
_RENEWAL = 5.0
# How many documents of each type are read once more to compare their content.
_SAMPLE = 500


class RebuildRunning(Exception):
    """Another rebuild is at work."""


class RebuildIncomplete(Exception):
    """The new index differs from the database: it was dropped and the former one stays."""


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
    with _lease() as renew, engine.kept_open():
        generation = engine.create_generation()

        def tend() -> None:
            """Called between pieces of work: holds the place, and lets a worker write that waits to."""
            renew()
            if engine.yield_writer():
                time.sleep(_STAND_BACK)

        try:
            progress = _fill(engine, generation, tend, on_progress)
            _verify(engine, generation, tend)
            engine.commit_generation(generation)
        except BaseException:
            with suppress(EngineError):
                engine.abandon_generation(generation)
            raise
    return progress


def _fill(
    engine: SearchEngine, generation: str, tend: Callable[[], None], on_progress: Callable[[Progress], None]
) -> Progress:
    started = time.monotonic()
    progress = Progress(0, 0, 0.0)
    for indexed in registered():
        for keys in batches(DocumentKey(indexed.name, each) for each in indexed.ids()):
            written = _write(engine, generation, keys)
            progress = Progress(progress.written + written, progress.read + len(keys), time.monotonic() - started)
            on_progress(progress)
            tend()
    return progress


def _write(engine: SearchEngine, generation: str, keys: Sequence[DocumentKey]) -> int:
    """Write one batch. The right to write is taken before reading, so that no deletion comes in between."""
    with engine.writing(wait=_PATIENCE):
        version = outbox.next_version()
        documents, gone, unreadable = load_documents(keys)
        result = engine.apply(documents, gone, version=version, generation=generation)
    for key, reason in {**unreadable, **result.refused}.items():
        logger.error("The rebuild leaves %s out: %s", key.uid, reason)
    return len(documents) - len(result.refused.keys() - set(gone))


def _verify(engine: SearchEngine, generation: str, tend: Callable[[], None]) -> None:
    """Compare the new index with the database; write again what differs; raise if something still does.

    Every id is compared, and the content of about :data:`_SAMPLE` documents of each type.
    """
    for indexed in registered():
        suspects = list(_suspects(engine, generation, indexed, tend))
        for keys in batches(iter(suspects)):
            _write(engine, generation, keys)
            tend()
        if suspects and (wrong := _still_wrong(engine, generation, suspects)):
            raise RebuildIncomplete(f"{len(wrong)} documents of type {indexed.name} are not right in the new index")


def _suspects(
    engine: SearchEngine, generation: str, indexed: IndexedType, tend: Callable[[], None]
) -> Iterator[DocumentKey]:
    """Yield what the new index lacks, what it holds too much, and what of a sample reads otherwise there."""
    stored: dict[str, int] = {}
    for entries in batches(engine.listing(indexed.name, generation=generation)):
        stored |= {entry.key.id: entry.content_hash for entry in entries}
        tend()
    step = max(1, len(stored) // _SAMPLE)
    sample: dict[DocumentKey, int] = {}
    for place, each in enumerate(indexed.ids()):
        content_hash = stored.pop(each, None)
        if content_hash is None:
            yield DocumentKey(indexed.name, each)
        elif place % step == 0:
            sample[DocumentKey(indexed.name, each)] = content_hash
    yield from (DocumentKey(indexed.name, each) for each in stored)
    for keys in batches(iter(sample)):
        documents, _, _ = load_documents(keys)
        yield from (document.key for document in documents if document.content_hash() != sample[document.key])
        tend()


def _still_wrong(engine: SearchEngine, generation: str, suspects: Sequence[DocumentKey]) -> set[DocumentKey]:
    """Return which suspects the new index still lacks, holds though they are gone, or holds otherwise.

    Not those that wait in the outbox: the worker will write them, to the new index too.
    """
    wanted = set(suspects)
    stored = {
        entry.key: entry.content_hash
        for kind in {key.type for key in wanted}
        for entry in engine.listing(kind, generation=generation)
        if entry.key in wanted
    }
    documents, gone, _ = load_documents(suspects)
    wrong = {document.key for document in documents if stored.get(document.key) != document.content_hash()}
    wrong |= wanted.intersection(gone) & stored.keys()
    waiting = outbox.pending_keys()
    return {key for key in wrong if (key.type, key.id) not in waiting}


def batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    """Yield the items in lists of :data:`BATCH`."""
    while batch := list(islice(items, BATCH)):
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

    renewed_at = time.monotonic()

    def renew() -> None:
        nonlocal renewed_at
        if time.monotonic() - renewed_at < _RENEWAL:
            return
        renewed_at = time.monotonic()
        RebuildLease.objects.filter(holder=holder).update(expires_at=timezone.now() + LEASE)

    try:
        yield renew
    finally:
        RebuildLease.objects.filter(holder=holder).delete()
