"""Short ways to ask an engine in the contract's tests."""

from search.documents import SearchRequest, SimilarRequest, SuggestRequest
from search.engine import EngineResult, SearchEngine


def ids(result: EngineResult) -> list[str]:
    """The ids found, best first."""
    return [each.document.id for each in result.found]


def search(engine: SearchEngine, text: str = "", **fields: object) -> list[str]:
    """The ids found for a text."""
    return ids(engine.search(SearchRequest(text=text, **fields)))


def suggest(engine: SearchEngine, text: str, **fields: object) -> list[str]:
    """The ids suggested for a beginning."""
    return ids(engine.suggest(SuggestRequest(text=text, **fields)))


def similar(engine: SearchEngine, title: str, **fields: object) -> list[str]:
    """The ids of documents like a question being written."""
    return ids(engine.similar(SimilarRequest(title=title, **fields)))
