"""The engines, and the one that the settings select."""

from functools import lru_cache

from search.conf import SearchSettings, search_settings
from search.engine import SearchEngine


def selected_engine() -> SearchEngine:
    """Return this process's engine: Elasticsearch where ``ELASTICSEARCH_URL`` is set, else the embedded one."""
    return _engine(search_settings())


@lru_cache(maxsize=4)
def _engine(settings: SearchSettings) -> SearchEngine:
    if settings.elasticsearch_url:
        from search.engines.elastic import ElasticsearchEngine

        return ElasticsearchEngine(settings.elasticsearch_url, prefix=settings.index_prefix)
    from search.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(settings.embedded_path)


def forget_engines() -> None:
    """Make the next :func:`selected_engine` build a new one (tests, and processes after a fork)."""
    _engine.cache_clear()
