"""Making sure that there is an index to search: at the worker's start, and what ``/readyz`` asks."""

import logging
from contextlib import suppress

from search.documents import SearchRequest, SimilarRequest, SuggestRequest
from search.engine import EngineError, Health, SearchEngine
from search.engines import selected_engine
from search.rebuild import RebuildRunning, rebuild

logger = logging.getLogger(__name__)

_WARMING = ("how do I reset the password", "не печатает принтер", "パスワードの再設定", "كلمة المرور")


def ensure_ready(*, engine: SearchEngine | None = None) -> bool:
    """Build the index if there is none of this code's shape; say whether one was built.

    On a new engine, an emptied cluster or after an upgrade that changed the fields, this reads all documents.
    Raises :class:`search.engine.EngineError` when the engine is away.
    """
    engine = engine or selected_engine()
    health = engine.health()
    if not health.reachable:
        raise EngineError(health.detail)
    if health.has_index:
        return False
    logger.info("Building the search index (%s): %s", engine.name, health.detail)
    try:
        progress = rebuild(engine=engine)
    except RebuildRunning:
        return False
    logger.info("The search index holds %d documents, built in %.1f s", progress.written, progress.seconds)
    return True


def warm_up(engine: SearchEngine) -> None:
    """Ask a remote engine some questions: a server just started takes seconds for its first ones, readers have 300 ms.

    Failures do not matter here.
    """
    if not engine.remote:
        return
    with suppress(EngineError):
        for text in _WARMING * 4:
            engine.search(SearchRequest(text=text, reads=("en",)))
            engine.suggest(SuggestRequest(text=text))
            engine.similar(SimilarRequest(title=text))


def index_health() -> Health:
    """Return the selected engine's state, without changing anything."""
    try:
        return selected_engine().health()
    except EngineError as error:
        return Health(False, False, str(error))
