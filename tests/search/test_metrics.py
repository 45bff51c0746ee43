"""What is counted of searches, in one process and over several."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from search import client, metrics, outbox
from search.breaker import CircuitBreaker
from search.documents import SearchRequest, SearchResponse, SimilarRequest, SuggestRequest
from search.engines import forget_engines, selected_engine
from tests.search.conftest import Shelf, fill
from tests.search.documents import PASSWORD, PRINTER

ROOT = Path(__file__).resolve().parents[2]


def figure(name: str, **labels: str) -> float:
    """One figure of this process; 0 where nothing was counted yet."""
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def counted(ask: Callable[[], SearchResponse], kind: str, engine: str) -> tuple[float, float]:
    """How many answers, and how many empty ones, a call adds."""
    names = ("portal_search_seconds_count", "portal_search_empty_total")
    before = [figure(name, kind=kind, engine=engine) for name in names]
    ask()
    answers, empty = (figure(name, kind=kind, engine=engine) for name in names)
    return answers - before[0], empty - before[1]


@pytest.fixture
def community(settings, tmp_path: Path, shelf: Shelf):  # type: ignore[no-untyped-def]
    """Two questions in an embedded index."""
    settings.SEARCH = {"EMBEDDED_PATH": tmp_path / "search"}
    forget_engines()
    engine = selected_engine()
    engine.commit_generation(engine.create_generation())
    fill(engine, PRINTER, PASSWORD)
    shelf.put(PRINTER, PASSWORD)
    yield engine
    engine.close()
    forget_engines()


@pytest.mark.django_db
@pytest.mark.usefixtures("community")
@pytest.mark.parametrize(
    ("ask", "kind", "added"),
    [
        (lambda: client.search(SearchRequest(text="printer")), "search", (1, 0)),
        (lambda: client.search(SearchRequest(text="zeppelin")), "search", (1, 1)),
        (lambda: client.search(SearchRequest(text="printer", offset=20)), "search", (1, 0)),
        (lambda: client.search(SearchRequest(topics=("nothing",))), "search", (1, 0)),
        (lambda: client.suggest(SuggestRequest(text="pri")), "suggest", (1, 0)),
        (lambda: client.suggest(SuggestRequest(text="zep")), "suggest", (1, 1)),
        (lambda: client.similar(SimilarRequest(title="The printer shows an error")), "similar", (1, 0)),
        (lambda: client.similar(SimilarRequest(title="Zeppelin")), "similar", (1, 1)),
    ],
    ids=["found", "empty", "a later page", "a list", "suggested", "nothing to suggest", "alike", "nothing alike"],
)
def test_answers_and_empty_answers_are_counted(
    ask: Callable[[], SearchResponse], kind: str, added: tuple[float, float]
) -> None:
    assert counted(ask, kind, "embedded") == added


@pytest.mark.django_db
def test_what_the_database_answered_is_counted_as_that(settings, tmp_path: Path, shelf: Shelf) -> None:  # type: ignore[no-untyped-def]
    settings.SEARCH = {"EMBEDDED_PATH": tmp_path / "nothing"}
    forget_engines()
    shelf.put(PASSWORD)
    assert counted(lambda: client.search(SearchRequest(text="password")), "search", "database") == (1, 0)
    assert counted(lambda: client.search(SearchRequest(text="zeppelin")), "search", "database") == (1, 1)
    forget_engines()


def test_the_time_of_an_answer_falls_into_its_bucket() -> None:
    slow = metrics.measured("test")(lambda request: (time.sleep(0.03), SearchResponse(engine="slow"))[1])
    slow(SearchRequest(text="x"))
    assert figure("portal_search_seconds_bucket", kind="test", engine="slow", le="0.025") == 0
    assert figure("portal_search_seconds_bucket", kind="test", engine="slow", le="1.0") == 1
    assert figure("portal_search_seconds_sum", kind="test", engine="slow") >= 0.03


def test_counting_costs_microseconds() -> None:
    def nothing(request: SearchRequest) -> SearchResponse:
        return SearchResponse(engine="none")

    counted, request = metrics.measured("cost")(nothing), SearchRequest(text="x")
    fastest = min(seconds_of(counted, request) for _ in range(50))
    assert fastest < 0.0005, "half a millisecond is a hundred times what it should be"


def seconds_of(call: Callable[[SearchRequest], SearchResponse], request: SearchRequest) -> float:
    """Duration of one call."""
    began = time.perf_counter()
    call(request)
    return time.perf_counter() - began


def test_the_breaker_s_gauge_follows_its_state() -> None:
    now = [0.0]
    breaker = CircuitBreaker(failures=2, pause=5, clock=lambda: now[0], tell=metrics.breaker_became)
    breaker.failed()
    assert figure("portal_search_breaker_open") == 0
    breaker.failed()
    assert figure("portal_search_breaker_open") == 1
    now[0] = 6
    assert breaker.allows()
    assert figure("portal_search_breaker_open") == 0.5
    breaker.failed()
    assert figure("portal_search_breaker_open") == 1
    now[0] = 12
    breaker.allows()
    breaker.succeeded()
    assert figure("portal_search_breaker_open") == 0


@pytest.mark.django_db
def test_what_waits_is_read_from_the_database() -> None:
    outbox.enqueue("question", [1, 2, 3])
    gauges = metrics.gauges()
    assert gauges["portal_search_outbox_pending"] == 3
    assert 0 <= gauges["portal_search_outbox_oldest_seconds"] < 60


WEB_PROCESS = """
import sys
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["search"])
django.setup()
from search import metrics
from search.documents import SearchRequest, SearchResponse
found = metrics.measured("search")(lambda request: SearchResponse(engine="embedded"))
for _ in range(int(sys.argv[1])):
    found(SearchRequest(text="x"))
metrics.breaker_became(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
"""


class WebProcess:
    """A process that has answered some searches, and waits."""

    def __init__(self, folder: Path, answers: int, breaker: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WEB_PROCESS, str(answers), breaker],
            cwd=ROOT,
            env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.mark.django_db
def test_several_processes_give_one_set_of_figures(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    from portal.core.health import figures

    def told(name: str, **labels: str) -> float:
        families = text_string_to_metric_families(figures().decode())
        samples = [sample for family in families for sample in family.samples]
        [value] = [each.value for each in samples if each.name == name and labels.items() <= each.labels.items()]
        return value

    processes = [WebProcess(tmp_path, 3, "closed"), WebProcess(tmp_path, 4, "open")]
    try:
        settings.METRICS_FOLDER = str(tmp_path)
        assert told("portal_search_seconds_count", kind="search", engine="embedded") == 7
        assert told("portal_search_empty_total", kind="search") == 7
        assert told("portal_search_breaker_open") == 1, "one of them gets no answers from the engine"
        assert told("portal_search_outbox_pending") == 0
        processes[1].end()
        assert told("portal_search_seconds_count", kind="search", engine="embedded") == 7, "what was counted stays"
        assert told("portal_search_breaker_open") == 0, "the breaker of a dead process is nobody's"
    finally:
        for process in processes:
            process.end()


@pytest.mark.django_db
def test_one_process_alone_needs_no_folder(settings) -> None:  # type: ignore[no-untyped-def]
    from portal.core.health import figures

    settings.METRICS_FOLDER = ""
    lines = figures().decode().splitlines()
    assert "portal_search_outbox_pending 0.0" in lines
    assert any(line.startswith("portal_search_breaker_open ") for line in lines)
