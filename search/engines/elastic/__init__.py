"""The Elasticsearch 8 engine. Only this package imports ``elasticsearch`` and ``elasticsearch_dsl``."""

from search.engines.elastic.engine import ElasticsearchEngine

__all__ = ["ElasticsearchEngine"]
