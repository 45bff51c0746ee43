"""Settings, the selection of an engine, the registry, and loading documents by type."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from search import registry
from search.conf import search_settings
from search.documents import DocumentKey
from search.engine import EngineError, EngineUnavailable, Health, IndexMissing, WriterBusy
from search.engines import forget_engines, selected_engine
from search.engines.elastic import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.indexing import load_documents
from search.registry import IndexedType, indexed_type, register, registered, unregister
from search.setup import ensure_ready, warm_up
from tests.search.conftest import Shelf
from tests.search.documents import ARTICLE, PASSWORD, PRINTER


@pytest.fixture(autouse=True)
def fresh_engines() -> object:
    forget_engines()
    yield
    forget_engines()


# Settings


@override_settings(SEARCH={"EMBEDDED_PATH": "/somewhere/search"})
def test_everything_but_the_folder_has_a_default() -> None:
    found = search_settings()
    assert found.embedded_path == Path("/somewhere/search")
    assert (found.elasticsearch_url, found.index_prefix, found.budget) == (None, "portal", 0.3)


@override_settings(
    SEARCH={"EMBEDDED_PATH": "x", "ELASTICSEARCH_URL": "http://es:9200", "INDEX_PREFIX": "shop", "BUDGET_MS": 150}
)
def test_settings_are_read() -> None:
    found = search_settings()
    assert (found.elasticsearch_url, found.index_prefix, found.budget) == ("http://es:9200", "shop", 0.15)


@override_settings(SEARCH={"EMBEDDED_PATH": "x", "ELASTICSEARCH_URL": ""})
def test_an_empty_address_is_none() -> None:
    assert search_settings().elasticsearch_url is None


def test_missing_settings_say_where_to_read(settings) -> None:  # type: ignore[no-untyped-def]
    del settings.SEARCH
    with pytest.raises(ImproperlyConfigured, match=r"search/conf\.py"):
        search_settings()


def test_the_address_selects_the_engine(tmp_path: Path) -> None:
    with override_settings(SEARCH={"EMBEDDED_PATH": tmp_path}):
        embedded = selected_engine()
        assert isinstance(embedded, EmbeddedEngine)
        assert selected_engine() is embedded, "one in a process"
    with override_settings(SEARCH={"EMBEDDED_PATH": tmp_path, "ELASTICSEARCH_URL": "http://127.0.0.1:9"}):
        remote = selected_engine()
        assert isinstance(remote, ElasticsearchEngine)
        remote.close()


@pytest.mark.parametrize("engine", [EmbeddedEngine, ElasticsearchEngine])
def test_an_engine_has_everything_the_protocol_names(engine: type) -> None:
    from search.engine import SearchEngine

    names = {name for name in vars(SearchEngine) if not name.startswith("_")} | set(SearchEngine.__annotations__)
    assert {name for name in names if not hasattr(engine, name)} == set()


def test_errors_of_engines_are_one_family() -> None:
    for kind in (EngineUnavailable, IndexMissing, WriterBusy):
        assert issubclass(kind, EngineError)


# The registry


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_registered", {})


def made(name: str) -> IndexedType:
    return IndexedType(name=name, load=lambda ids: [], ids=lambda: iter(()))


@pytest.mark.usefixtures("empty")
def test_types_come_in_the_order_of_registration() -> None:
    for name in ("question", "article", "member"):
        register(made(name))
    assert [each.name for each in registered()] == ["question", "article", "member"]


@pytest.mark.usefixtures("empty")
def test_registering_again_replaces() -> None:
    first, second = made("question"), made("question")
    register(first)
    register(second)
    assert registered() == (second,)
    assert indexed_type("question") is second


@pytest.mark.usefixtures("empty")
def test_an_unregistered_type_is_not_known() -> None:
    register(made("question"))
    unregister("question")
    unregister("never there")
    assert indexed_type("question") is None


@pytest.mark.parametrize("name", ["", "two words", "a:b", "a-b", "1st"])
def test_a_type_s_name_is_a_plain_word(name: str) -> None:
    with pytest.raises(ValueError, match="plain word"):
        register(made(name))


def test_the_portal_registers_its_types() -> None:
    names = {each.name for each in registered()}
    assert {"question", "article", "member"} <= names
    assert all(each.fallback is not None for each in registered())


# Loading


def test_documents_of_several_types_are_loaded_type_by_type(only_shelves: None) -> None:
    questions, articles = Shelf("question"), Shelf("article")
    questions.put(PRINTER, PASSWORD)
    articles.put(ARTICLE)
    questions.register()
    articles.register()
    keys = [PRINTER.key, ARTICLE.key, PASSWORD.key, DocumentKey("article", "404"), DocumentKey("ballad", "1")]
    documents, gone, unreadable = load_documents(keys)
    assert set(documents) == {PRINTER, PASSWORD, ARTICLE}
    assert set(gone) == {DocumentKey("article", "404"), DocumentKey("ballad", "1")}
    assert unreadable == {}
    assert (questions.loads, articles.loads) == ([["1", "2"]], [["90", "404"]])


def test_of_a_batch_that_fails_each_document_is_tried(shelf: Shelf) -> None:
    shelf.put(PRINTER, PASSWORD)
    shelf.unreadable = {"1"}
    documents, gone, unreadable = load_documents([PRINTER.key, PASSWORD.key, DocumentKey("question", "404")])
    assert documents == [PASSWORD]
    assert gone == [DocumentKey("question", "404")]
    assert list(unreadable) == [PRINTER.key]


def test_nothing_to_load_loads_nothing(shelf: Shelf) -> None:
    assert load_documents([]) == ([], [], {})
    assert shelf.loads == []


# Setup


class Away:
    """An engine that cannot be reached."""

    name, remote, exclusive_writer = "away", True, False
    asked = 0

    def health(self) -> Health:
        return Health(False, False, "connection refused")

    def search(self, request: object, **kwargs: object) -> None:
        self.asked += 1
        raise EngineUnavailable("connection refused")


def test_an_engine_that_is_away_gets_no_index() -> None:
    with pytest.raises(EngineError, match="connection refused"):
        ensure_ready(engine=Away())  # type: ignore[arg-type]


def test_warming_up_gives_up_at_the_first_failure() -> None:
    engine = Away()
    warm_up(engine)  # type: ignore[arg-type]
    assert engine.asked == 1


def test_the_embedded_engine_needs_no_warming_up(embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "search", lambda *args, **kwargs: pytest.fail("asked"))
    warm_up(embedded)
