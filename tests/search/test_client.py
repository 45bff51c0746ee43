"""What pages get: from the engine, or, when it is slow, dead or empty, from the database, within the budget."""

import http.server
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from search import client, metrics, outbox
from search.breaker import CircuitBreaker
from search.documents import SearchRequest, SimilarRequest, SuggestRequest
from search.engine import EngineError
from search.engines import forget_engines, selected_engine
from search.engines.elastic import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.setup import index_health
from tests.search.conftest import Shelf, fill
from tests.search.documents import COMMUNITY, HIDDEN, PASSWORD, PRINTER, PRINTER_RU, question

BUDGET_MS, BUSY_MS = 300, 3000  # the second: what a busy machine may add; a wait without an end is much longer


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has a closed circuit and an engine of its own."""
    monkeypatch.setattr(client, "breaker", CircuitBreaker(failures=3, pause=60))
    forget_engines()
    yield
    forget_engines()


@pytest.fixture
def local(settings, tmp_path: Path, shelf: Shelf) -> Iterator[EmbeddedEngine]:  # type: ignore[no-untyped-def]
    """The embedded engine, selected by the settings, with the small community in it and on the shelf."""
    settings.SEARCH = {"EMBEDDED_PATH": tmp_path / "search"}
    engine = selected_engine()
    assert isinstance(engine, EmbeddedEngine)
    engine.commit_generation(engine.create_generation())
    fill(engine, *COMMUNITY)
    shelf.put(*(document for document in COMMUNITY if document.type == "question"))
    yield engine
    engine.close()


def remote(settings: object, tmp_path: Path, url: str, budget: int = BUDGET_MS) -> None:
    """Select Elasticsearch at an address."""
    settings.SEARCH = {  # type: ignore[attr-defined]
        "ELASTICSEARCH_URL": url,
        "EMBEDDED_PATH": tmp_path / "search",
        "INDEX_PREFIX": "client",
        "BUDGET_MS": budget,
    }


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def refused() -> str:
    """An address where nobody listens."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{server.getsockname()[1]}"


class Dripping(http.server.BaseHTTPRequestHandler):
    """Sends one byte of its answer every tenth of a second: no single wait is long."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(150):
            try:
                self.wfile.write(b" ")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    def log_message(self, *args: object) -> None:
        """Keep the test's output clean."""


class Broken(Dripping):
    """Answers every question with an error of the server."""

    status = 503

    def do_POST(self) -> None:
        body = b'{"error": "no shard available", "status": 503}'
        self.send_response(self.status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Nonsense(Broken):
    """Is no Elasticsearch at all."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "7")
        self.end_headers()
        self.wfile.write(b"<html/>")


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """A web server that behaves as the test's parameter says."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), request.param) as running:
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_the_embedded_engine_answers_in_full(local: EmbeddedEngine) -> None:
    response = client.search(SearchRequest(text="forgotten password", reads=("en",)))
    assert (response.engine, response.degraded) == ("embedded", False)
    assert response.took_ms > 0
    first = response.hits[0]
    assert (first.type, first.id, first.language, first.author) == ("question", "2", "en", "tom")
    assert (first.score, first.topics, first.status) == (12, ("accounts",), "open")
    assert first.title_html == "How do I reset a <mark>forgotten</mark> <mark>password</mark>?"
    assert dict(response.facets["type"])["question"] >= 1


def test_a_hit_carries_what_a_list_shows(local: EmbeddedEngine) -> None:
    hit = client.search(SearchRequest(text="E-104", languages=("en",))).hits[0]
    assert (hit.source_id, hit.accepted, hit.official, hit.answers_count) == ("501", True, False, 1)
    assert (hit.created_at, hit.updated_at) == (PRINTER.created_at, PRINTER.updated_at)
    assert hit.relevance > 0


def test_suggestions_and_similar_questions(local: EmbeddedEngine) -> None:
    suggested = client.suggest(SuggestRequest(text="forgotten pass", language="en"))
    assert [hit.id for hit in suggested.hits] == ["2"]
    assert (suggested.engine, suggested.degraded) == ("embedded", False)
    alike = client.similar(SimilarRequest(title="Принтер молчит и не печатает", language="ru"))
    assert alike.hits[0].id == "4"
    assert "<mark>Принтер</mark>" in alike.hits[0].title_html


def test_a_misspelt_query_finds_what_was_meant_and_says_so(local: EmbeddedEngine) -> None:
    response = client.search(SearchRequest(text="pritner"))
    assert {hit.id for hit in response.hits} == {"1", "90"}
    assert (response.corrected, response.did_you_mean) == ("printer", "printer")
    assert all("<mark>printer</mark>" in hit.title_html for hit in response.hits)


def test_a_literal_search_finds_what_was_typed_and_offers_more(local: EmbeddedEngine) -> None:
    found = client.search(SearchRequest(text="pritner", literal=True))
    assert (found.total, found.corrected, found.did_you_mean) == (0, None, "printer")


def test_untouched_words_of_a_correction_stay_to_the_letter(local: EmbeddedEngine) -> None:
    response = client.search(SearchRequest(text="My  Pritner shows E-104!"))
    assert response.corrected == "My  Printer shows E-104!"
    assert response.hits[0].id == "1"


@pytest.mark.parametrize(
    "text", ["printer", "xylophone", "", "!!", "prototpye", "How do I reset a forgotten password?"]
)
def test_no_correction_without_need_or_success(local: EmbeddedEngine, text: str) -> None:
    response = client.search(SearchRequest(text=text))
    assert (response.did_you_mean, response.corrected) == (None, None)


def test_a_correction_is_told_only_when_what_leads_holds_it(local: EmbeddedEngine) -> None:
    falcons = [question(number, "Falcon wing repair", "How to mend the wing of a falcon") for number in range(60, 63)]
    fill(local, *falcons, question(70, "Coat hanger"), version=9)
    right = client.search(SearchRequest(text="Where is a falcon wing repair hangar?"))
    assert ("70" in [hit.id for hit in right.hits], right.corrected, right.did_you_mean) == (True, None, None)
    assert client.search(SearchRequest(text="coat hangar")).corrected == "coat hanger"
    newest = client.search(SearchRequest(text="falcon repair hangar", sort="newest"))
    assert newest.corrected == "falcon repair hanger"


def test_a_correction_that_the_filters_leave_nothing_of_is_not_told(local: EmbeddedEngine) -> None:
    response = client.search(SearchRequest(text="pritner", languages=("ja",)))
    assert (response.total, response.did_you_mean, response.corrected) == (0, None, None)


@pytest.mark.parametrize(
    ("typed", "first", "corrected"),
    [
        ("ghbynth", "4", "принтер"),
        ("зфыыцщкв", "2", "password"),
        ("gfhjkm", None, None),
        ("hg'hfuhj", "8", "الطابعات"),
        ("pasuwa-do", "5", "パスワード"),
        ("error ghbynth", "1", "error принтер"),
    ],
)
def test_a_query_typed_with_another_layout(
    local: EmbeddedEngine, typed: str, first: str | None, corrected: str | None
) -> None:
    response = client.search(SearchRequest(text=typed))
    assert response.corrected == corrected
    assert first is None or first in [hit.id for hit in response.hits]


@pytest.mark.parametrize(
    ("typed", "first"), [("ghbyn", "4"), ("зфыы", "2"), ("كخقلخففثى حش", "2"), ("rfr ghbyn", None), ("qqq", None)]
)
def test_suggestions_for_what_is_typed_with_another_layout(
    local: EmbeddedEngine, typed: str, first: str | None
) -> None:
    found = [hit.id for hit in client.suggest(SuggestRequest(text=typed, language="en")).hits]
    assert first in found if first else not found


def test_a_misspelt_title_has_similar_questions(local: EmbeddedEngine) -> None:
    found = client.similar(SimilarRequest(title="Forgoten pasword", language="en"))
    assert [hit.id for hit in found.hits][:1] == ["2"]


@pytest.mark.parametrize(("typed", "found"), [("paperjam", "1"), ("непечатает", "4"), ("pass word reset", "2")])
def test_words_joined_or_split(local: EmbeddedEngine, typed: str, found: str) -> None:
    assert found in [hit.id for hit in client.search(SearchRequest(text=typed)).hits]


def test_without_an_index_the_database_answers(local: EmbeddedEngine) -> None:
    local.drop()
    response = client.search(SearchRequest(text="forgotten password"))
    assert (response.engine, response.degraded) == ("database", True)
    assert [hit.id for hit in response.hits] == ["2"]
    assert client.breaker.state == "closed"


def test_a_damaged_index_is_no_error_page(local: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise EngineError("segment file is gone")

    monkeypatch.setattr(local, "search", broken)
    assert client.search(SearchRequest(text="forgotten password")).engine == "database"


def test_an_engine_that_refuses_connections(  # type: ignore[no-untyped-def]
    settings, tmp_path: Path, refused: str, shelf: Shelf
) -> None:
    remote(settings, tmp_path, refused)
    shelf.put(PRINTER, PASSWORD)
    response = client.search(SearchRequest(text="password"))
    assert (response.engine, response.degraded, response.total) == ("database", True, 1)
    assert response.hits[0].title_html == "How do I reset a forgotten <mark>password</mark>?"
    assert response.took_ms < BUDGET_MS + BUSY_MS


def test_an_engine_that_hangs_costs_no_more_than_the_budget(  # type: ignore[no-untyped-def]
    settings, tmp_path: Path, silent: str, shelf: Shelf
) -> None:
    remote(settings, tmp_path, silent)
    shelf.put(PASSWORD)
    response = client.search(SearchRequest(text="password"))
    assert response.degraded
    assert BUDGET_MS * 0.9 <= response.took_ms < BUDGET_MS + BUSY_MS


@pytest.mark.parametrize("server", [Dripping], indirect=True)
def test_an_engine_that_drips_costs_no_more_than_the_budget(  # type: ignore[no-untyped-def]
    settings, tmp_path: Path, server: str, shelf: Shelf
) -> None:
    remote(settings, tmp_path, server)
    response = client.search(SearchRequest(text="password"))
    assert response.degraded
    assert response.took_ms < BUDGET_MS + BUSY_MS


@pytest.mark.parametrize("server", [Broken, Nonsense], indirect=True)
def test_an_engine_that_answers_errors_or_nonsense(  # type: ignore[no-untyped-def]
    settings, tmp_path: Path, server: str, shelf: Shelf
) -> None:
    remote(settings, tmp_path, server)
    shelf.put(PASSWORD)
    for response in (
        client.search(SearchRequest(text="password")),
        client.suggest(SuggestRequest(text="password")),
        client.similar(SimilarRequest(title="password")),
    ):
        assert (response.engine, response.degraded, len(response.hits)) == ("database", True, 1)


def test_after_three_failures_nobody_waits_any_more(  # type: ignore[no-untyped-def]
    settings, tmp_path: Path, silent: str, shelf: Shelf
) -> None:
    remote(settings, tmp_path, silent, budget=500)
    for _ in range(3):
        client.search(SearchRequest(text="password"))
    assert client.breaker.state == "open"
    assert client.search(SearchRequest(text="password")).took_ms < 450, "less than one wait"


@pytest.mark.elasticsearch
def test_when_the_engine_is_back_it_answers_again(  # type: ignore[no-untyped-def]
    settings, tmp_path: Path, silent: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, request
) -> None:
    now = [0.0]
    monkeypatch.setattr(client, "breaker", CircuitBreaker(failures=1, pause=5, clock=lambda: now[0]))
    remote(settings, tmp_path, silent, budget=100)
    assert client.search(SearchRequest(text="password")).degraded
    url = os.environ.get("TEST_ELASTICSEARCH_URL") or request.getfixturevalue("elasticsearch_url")
    remote(settings, tmp_path, url, budget=10_000)
    engine = selected_engine()
    assert isinstance(engine, ElasticsearchEngine)
    engine.commit_generation(engine.create_generation())
    fill(engine, PASSWORD)
    try:
        assert client.search(SearchRequest(text="password")).degraded, "the circuit is still open"
        now[0] += 5
        response = client.search(SearchRequest(text="password"))
        assert (response.engine, response.degraded, response.total) == ("elasticsearch", False, 1)
        assert client.breaker.state == "closed"
    finally:
        engine.drop()


def test_the_database_answers_only_what_the_caller_may_see(local: EmbeddedEngine) -> None:
    local.drop()
    assert client.search(SearchRequest(text="prototype")).hits == ()
    assert [hit.id for hit in client.search(SearchRequest(text="prototype", visibility=("space:3",))).hits] == [
        HIDDEN.id
    ]


def test_the_database_keeps_to_exclusions_types_and_pages(local: EmbeddedEngine) -> None:
    local.drop()
    everything = [hit.id for hit in client.search(SearchRequest(limit=100)).hits]
    assert [hit.id for hit in client.search(SearchRequest(limit=2, offset=3)).hits] == everything[3:5]
    assert client.search(SearchRequest(types=("article",))).hits == ()
    excluded = client.search(SearchRequest(exclude=(("question", "1"),), limit=100))
    assert {hit.id for hit in excluded.hits} == set(everything) - {"1"}


@pytest.mark.parametrize(("sort", "first"), [("votes", "2"), ("newest", "13"), ("active", "13")])
def test_the_database_keeps_to_the_order(local: EmbeddedEngine, sort: str, first: str) -> None:
    local.drop()
    assert client.search(SearchRequest(sort=sort, limit=100)).hits[0].id == first  # type: ignore[arg-type]


def test_a_fallback_that_fails_too_leaves_an_empty_page(local: EmbeddedEngine, shelf: Shelf) -> None:
    local.drop()
    shelf.fallback = lambda request: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    shelf.register()
    response = client.search(SearchRequest(text="password"))
    assert (response.hits, response.total, response.degraded) == ((), 0, True)


def test_markup_in_a_document_is_text(local: EmbeddedEngine) -> None:
    fill(local, question(50, "<script>alert('zebra')</script>", "<img src=x onerror=zebra> & <b>zebra</b>"), version=9)
    hit = client.search(SearchRequest(text="zebra")).hits[0]
    assert hit.title_html == "&lt;script&gt;alert(&#x27;<mark>zebra</mark>&#x27;)&lt;/script&gt;"
    assert "<img" not in hit.excerpt_html
    assert "<b>" not in hit.excerpt_html


def test_a_hit_in_another_language_is_marked_too(local: EmbeddedEngine) -> None:
    hit = client.search(SearchRequest(text="принтера", reads=("ru",))).hits[0]
    assert hit.id == PRINTER_RU.id
    assert hit.title_html.startswith("<mark>Принтер</mark>")


def test_health_of_the_selected_engine(local: EmbeddedEngine) -> None:
    assert index_health().has_index
    local.drop()
    assert not index_health().has_index


def test_health_of_an_engine_that_is_away(settings, tmp_path: Path, refused: str) -> None:  # type: ignore[no-untyped-def]
    remote(settings, tmp_path, refused)
    health = index_health()
    assert not health.reachable
    assert "does not answer" in health.detail


@pytest.mark.django_db
def test_gauges() -> None:
    outbox.enqueue("question", [1, 2, 3])
    gauges = metrics.gauges()
    assert gauges["portal_search_outbox_pending"] == 3
    assert gauges["portal_search_outbox_oldest_seconds"] >= 0
