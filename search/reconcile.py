"""Comparing the index with the database, document by document, and mending what differs."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search import outbox
from search.documents import DocumentKey
from search.engine import SearchEngine
from search.engines import selected_engine
from search.indexing import drain, load_documents
from search.rebuild import batches
from search.registry import registered

MISSING = "missing"
OUTDATED = "outdated"
LEFT_OVER = "left over"
_POLL = 0.2


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """``kind``: ``missing`` from the index, ``outdated`` in it, or ``left over`` (the database has it no more)."""

    key: DocumentKey
    kind: str


class OutboxWaiting(Exception):
    """Changes wait and nothing applies them: index and database differ by them, and nothing else can be said yet."""


def reconcile(*, repair: bool = False, patience: float = 30.0, engine: SearchEngine | None = None) -> list[Difference]:
    """Return the differences that are left, after mending them when ``repair`` is set.

    Waits up to ``patience`` seconds for the outbox first. A difference counts only when it is seen twice with nothing
    waiting for that document in between, so that changes during the comparison are no differences.
    """
    engine = engine or selected_engine()
    settle_outbox(engine, patience)
    differences = _confirmed(engine, _differences(engine), patience)
    if repair and differences:
        for difference in differences:
            outbox.enqueue(difference.key.type, [difference.key.id])
        settle_outbox(engine, patience)
        differences = _confirmed(engine, differences, patience)
    return differences


def settle_outbox(engine: SearchEngine, patience: float) -> None:
    """Apply what waited when this was called, or see a worker do it. Raises :class:`OutboxWaiting` when time is up."""
    last = outbox.last_line()
    until = time.monotonic() + patience
    while outbox.waiting_up_to(last):
        drain(engine=engine)
        engine.yield_writer()
        if not outbox.waiting_up_to(last):
            return
        if time.monotonic() > until:
            raise OutboxWaiting(f"{outbox.waiting_up_to(last)} changes wait in the outbox and are not applied")
        time.sleep(_POLL)


def _differences(engine: SearchEngine) -> list[Difference]:
    found: list[Difference] = []
    for indexed in registered():
        stored = {entry.key.id: entry.content_hash for entry in engine.listing(indexed.name)}
        for keys in batches(DocumentKey(indexed.name, each) for each in indexed.ids()):
            documents, _, _ = load_documents(keys)
            for document in documents:
                content_hash = stored.pop(document.id, None)
                if content_hash is None:
                    found.append(Difference(document.key, MISSING))
                elif content_hash != document.content_hash():
                    found.append(Difference(document.key, OUTDATED))
        found += [Difference(DocumentKey(indexed.name, each), LEFT_OVER) for each in stored]
    return sorted(found)


def _confirmed(engine: SearchEngine, suspected: Sequence[Difference], patience: float) -> list[Difference]:
    """Return those of the suspected documents that still differ once what waited for them is applied."""
    if not suspected:
        return []
    settle_outbox(engine, patience)
    return sorted(_looked_at_again(engine, [difference.key for difference in suspected]))


def _looked_at_again(engine: SearchEngine, keys: Sequence[DocumentKey]) -> Iterator[Difference]:
    wanted = set(keys)
    stored = {
        entry.key: entry.content_hash
        for kind in {key.type for key in keys}
        for entry in engine.listing(kind)
        if entry.key in wanted
    }
    documents, gone, _ = load_documents(keys)
    for document in documents:
        if document.key not in stored:
            yield Difference(document.key, MISSING)
        elif stored[document.key] != document.content_hash():
            yield Difference(document.key, OUTDATED)
    for key in gone:
        if key in stored:
            yield Difference(key, LEFT_OVER)
