"""An index for one evaluation: it has a prefix or a folder of its own and is gone afterwards.

While it is there, :mod:`search.client` asks it and nothing else in this process, so that the queries are planned,
corrected and expanded as they are for readers.
"""

import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from search.conf import overridden_settings, search_settings
from search.documents import SearchDocument
from search.engine import EngineError, SearchEngine
from search.engines import selected_engine
from search.setup import warm_up

ENGINES = ("embedded", "elasticsearch")
PREFIX = "evaluation"
# Seconds for one call: a slow answer is measured, the database never answers in the engine's place.
PATIENCE = 20.0
BATCH = 500
_WRITER_WAIT = 10.0


@contextmanager
def throwaway_index(engine: str) -> Iterator[SearchEngine]:
    """Give an engine without documents of its own, selected for this process, and drop all of it at the end.

    ``engine`` is one of :data:`ENGINES`. Raises :class:`search.engine.EngineError` when it does not answer or, for
    Elasticsearch, when no address is configured.
    """
    configured = search_settings()
    if engine == "elasticsearch" and not configured.elasticsearch_url:
        raise EngineError("no address of an Elasticsearch is set (ELASTICSEARCH_URL)")
    folder = Path(tempfile.mkdtemp(prefix=f"hiroba-{PREFIX}-"))
    try:
        own = replace(
            configured,
            elasticsearch_url=configured.elasticsearch_url if engine == "elasticsearch" else None,
            embedded_path=folder / "search",
            index_prefix=f"{PREFIX}-{uuid.uuid4().hex[:12]}",
            budget=PATIENCE,
        )
        with overridden_settings(own):
            selected = selected_engine()
            try:
                yield selected
            finally:
                with suppress(EngineError):
                    selected.drop()
                selected.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fill_index(
    engine: SearchEngine, documents: Sequence[SearchDocument], *, on_progress: Callable[[int], None] = lambda done: None
) -> None:
    """Put these documents, and no others, into the index. ``on_progress`` is told how many are in it."""
    generation = engine.create_generation()
    done = 0
    for batch in _batches(documents):
        with engine.writing(wait=_WRITER_WAIT):
            result = engine.apply(batch, [], version=1, generation=generation)
        if result.refused:
            key, reason = next(iter(result.refused.items()))
            raise EngineError(f"{len(result.refused)} documents were refused, the first is {key.id}: {reason}")
        done += len(batch)
        on_progress(done)
    engine.commit_generation(generation)
    warm_up(engine)


def _batches(documents: Iterable[SearchDocument]) -> Iterator[list[SearchDocument]]:
    left = iter(documents)
    while batch := list(islice(left, BATCH)):
        yield batch
