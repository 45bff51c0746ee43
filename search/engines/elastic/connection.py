"""The client, and its errors in this project's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from elasticsearch import ApiError, Elasticsearch, NotFoundError, SerializationError, TransportError
from elasticsearch_dsl.exceptions import ElasticsearchDslException

from search.engine import EngineError, EngineUnavailable, IndexMissing

# Seconds that writing and looking after indexes may take; a search has its own budget.
PATIENCE = 30.0


def connect(url: str) -> Elasticsearch:
    """Return a client for one address, or for several nodes separated by commas. Connects at the first call."""
    hosts = [each.strip() for each in url.split(",") if each.strip()]
    # A lost node is left for another one at once; a slow one is not asked again (the budget is one call's).
    return Elasticsearch(
        hosts, request_timeout=PATIENCE, max_retries=len(hosts) - 1, retry_on_timeout=False, retry_on_status=()
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turn the client's exceptions into :class:`search.engine.EngineError`."""
    try:
        yield
    except NotFoundError as error:
        if "index_not_found" in str(error) or "no such index" in str(error):
            raise IndexMissing("there is no index yet") from error
        raise EngineError(f"Elasticsearch did not find: {error}") from error
    except ApiError as error:
        unavailable = error.status_code in (408, 429) or error.status_code >= 500
        kind = EngineUnavailable if unavailable else EngineError
        raise kind(f"Elasticsearch answered {error.status_code}: {error}") from error
    except (TransportError, SerializationError, OSError) as error:
        raise EngineUnavailable(f"Elasticsearch does not answer: {error}") from error
    except (ElasticsearchDslException, UnicodeEncodeError) as error:
        raise EngineError(f"Elasticsearch was asked wrongly: {error}") from error
