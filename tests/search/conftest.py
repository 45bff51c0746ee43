"""An engine of its own for each test, and a registry whose documents live in a dictionary."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search import registry
from search.documents import SearchDocument, SearchRequest
from search.engine import SearchEngine
from search.engines.embedded import EmbeddedEngine


class Shelf:
    """A database in small: documents of one type, registered with the search while a test runs."""

    def __init__(self, name: str = "question") -> None:
        self.name = name
        self.documents: dict[str, SearchDocument] = {}
        self.loads: list[list[str]] = []
        self.unreadable: set[str] = set()

    def put(self, *documents: SearchDocument) -> None:
        self.documents.update({document.id: document for document in documents})

    def remove(self, *ids: str) -> None:
        for each in ids:
            self.documents.pop(each, None)

    def load(self, ids: object) -> list[SearchDocument]:
        wanted = list(ids)  # type: ignore[call-overload]
        self.loads.append(wanted)
        if broken := self.unreadable.intersection(wanted):
            raise ValueError(f"these rows are broken: {sorted(broken)}")
        return [self.documents[each] for each in wanted if each in self.documents]

    def ids(self) -> Iterator[str]:
        yield from list(self.documents)

    def fallback(self, request: SearchRequest) -> list[SearchDocument]:
        words = request.text.lower().split()
        allowed = [d for d in self.documents.values() if set(d.visibility) & set(request.visibility)]
        found = [d for d in allowed if all(word in f"{d.title} {d.body}".lower() for word in words)]
        return found[: request.offset + request.limit]

    def register(self) -> None:
        registry.register(registry.IndexedType(self.name, self.load, self.ids, self.fallback))


@pytest.fixture
def only_shelves(monkeypatch: pytest.MonkeyPatch) -> None:
    """No types of the portal's apps: what is registered, the test registered."""
    monkeypatch.setattr(registry, "_registered", {})


@pytest.fixture
def shelf(only_shelves: None) -> Shelf:
    """Questions on a shelf."""
    questions = Shelf()
    questions.register()
    return questions


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    """An embedded engine with an empty index."""
    engine = EmbeddedEngine(tmp_path / "search")
    engine.commit_generation(engine.create_generation())
    yield engine
    engine.close()


def fill(engine: SearchEngine, *documents: SearchDocument, version: int = 1) -> None:
    """Write documents to the current index."""
    with engine.writing(wait=5):
        engine.apply(documents, [], version=version)
