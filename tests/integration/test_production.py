"""The portal as a large community runs it: three variables, and the real servers behind them.

One portal is started on PostgreSQL, Elasticsearch and Redis; the tests follow one another, as a day of operation does.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import redis as redis_client

from tests import servers
from tests.conftest import required
from tests.portal_process import Portal

pytestmark = [pytest.mark.start, pytest.mark.postgresql, pytest.mark.elasticsearch, pytest.mark.redis]
PUMP = {"title": "The pump hums but no water comes", "body": "It hums for ten seconds.", "language": "en"}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.ElasticsearchNodes]:
    """A node of this module's own, because a test stops it."""
    with required(servers.elasticsearch()) as node:
        yield node


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A PostgreSQL of this module's own."""
    with required(servers.postgresql()) as url:
        yield url


@pytest.fixture(scope="module")
def portal(
    tmp_path_factory: pytest.TempPathFactory, cluster: servers.ElasticsearchNodes, database: str, redis_url: str
) -> Iterator[Portal]:
    """The portal on all three, started on nothing."""
    made = Portal(
        tmp_path_factory.mktemp("production"),
        DATABASE_URL=database,
        ELASTICSEARCH_URL=cluster.url,
        REDIS_URL=redis_url,
        PORTAL_RATE_LIMITS="0",
        PORTAL_WORKERS="2",
    )
    try:
        made.start()
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def token(portal: Portal) -> str:
    """A member's token."""
    assert portal.manage("create_member", "lena", "--email", "lena@example.org").returncode == 0
    return portal.manage("create_api_token", "lena").stdout.split()[-1]


def eventually(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Waits until something is true."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.2)


def answered_by(portal: Portal) -> tuple[str, bool]:
    """Which engine answers a search, and whether that is second best."""
    status, reply = portal.call("GET", "search?q=pump&language=en")
    assert status == 200, reply
    return reply["engine"].partition("-")[0], reply["degraded"]


def found(portal: Portal, words: str) -> list[str]:
    """Titles that a search gives."""
    status, reply = portal.call("GET", f"search?q={quote(words)}&language=en")
    assert status == 200, reply
    return [hit["title"].replace("<mark>", "").replace("</mark>", "") for hit in reply["results"]]


def test_it_starts_on_empty_servers(portal: Portal, database: str, cluster: servers.ElasticsearchNodes) -> None:
    assert not (portal.data / "portal.sqlite3").exists()
    with psycopg.connect(database) as connection:
        (count,) = connection.execute("SELECT count(*) FROM django_migrations").fetchone() or (0,)
    assert count > 100
    assert servers.answers(f"{cluster.url}/hiroba*/_count")
    # The very first searches warm the node up, and may take longer than a page waits.
    eventually(lambda: answered_by(portal) == ("elasticsearch", False))


def test_a_question_is_found_on_elasticsearch(portal: Portal, token: str) -> None:
    status, made = portal.call("POST", "questions", token, PUMP)
    assert status == 201, made
    eventually(lambda: PUMP["title"] in found(portal, "humming pumps"))
    assert portal.figure("portal_search_outbox_pending") == 0


def test_the_cache_is_redis(portal: Portal, redis_url: str) -> None:
    script = "from django.core.cache import cache; cache.set('probe', 'kept', 60); print(cache.get('probe'))"
    assert portal.manage("shell", "-c", script).stdout.strip().endswith("kept")
    with redis_client.Redis.from_url(redis_url) as client:
        assert any(b"probe" in key for key in client.scan_iter("*"))


def timed_search(portal: Portal) -> tuple[dict[str, Any], float]:
    """What a search told, and the milliseconds that it took seen from outside."""
    began = time.monotonic()
    status, reply = portal.call("GET", "search?q=pump&language=en")
    assert status == 200, reply
    return reply, (time.monotonic() - began) * 1000


def answers(portal: Portal, engine: str) -> float:
    """How many searches an engine has answered, as /metrics tells."""
    lines = portal.get("/metrics")[1].splitlines()
    name = f'portal_search_seconds_count{{engine="{engine}",kind="search"}} '
    return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))


def is_true(told: dict[str, Any], outside: float) -> bool:
    """Whether what an answer tells of itself fits together and fits what was measured."""
    assert told["degraded"] == (told["engine"] == "database"), told
    assert 0 < told["took_ms"] <= outside
    return True


def test_what_is_told_of_an_answer_is_true_through_an_engine_that_hangs(
    portal: Portal, cluster: servers.ElasticsearchNodes
) -> None:
    """The node takes connections and says nothing: readers wait for the budget, then for nothing, until it is back."""
    eventually(lambda: is_true(*timed_search(portal)) and not timed_search(portal)[0]["degraded"])
    before = answers(portal, "elasticsearch"), answers(portal, "database")
    pid = int((cluster.data / "node-1" / "pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        seen = [timed_search(portal) for _ in range(14)]
        assert all(is_true(*each) for each in seen)
        assert {told["engine"] for told, _ in seen} == {"database"}
        assert seen[0][0]["took_ms"] >= 280, "the wait for the engine counts"
        assert min(told["took_ms"] for told, _ in seen) < 280, "the circuit is open: nobody waits any more"
        assert portal.figure("portal_search_breaker_open") > 0
        assert answers(portal, "database") == before[1] + 14, "over both processes of the web server"
        assert answers(portal, "elasticsearch") == before[0]
    finally:
        os.kill(pid, signal.SIGCONT)
    eventually(lambda: timed_search(portal)[0]["engine"] == "elasticsearch")
    eventually(lambda: bool(timed_search(portal)) and portal.figure("portal_search_breaker_open") == 0)
    assert answers(portal, "elasticsearch") > before[0]


def test_pages_stay_when_elasticsearch_is_gone(portal: Portal, token: str, cluster: servers.ElasticsearchNodes) -> None:
    cluster.stop()
    status, reply = portal.call("GET", "search?q=pump&language=en")
    assert status == 200
    assert reply["degraded"] is True
    assert not reply["engine"].startswith("elasticsearch")
    assert portal.get("/en/search/?q=pump")[0] == 200
    assert portal.get("/readyz")[0] == 200, "an engine that is down shows in the body, not in the status"
    status, made = portal.call("POST", "questions", token, PUMP | {"title": "Written while the search was away"})
    assert status == 201, made
    assert portal.figure("portal_search_outbox_pending") > 0


def test_nothing_is_lost_when_it_comes_back(portal: Portal, cluster: servers.ElasticsearchNodes) -> None:
    cluster.start()
    eventually(lambda: "Written while the search was away" in found(portal, "written away"))
    eventually(lambda: portal.figure("portal_search_outbox_pending") == 0)
    eventually(lambda: portal.call("GET", "search?q=pump&language=en")[1]["engine"].startswith("elasticsearch"))
    done = portal.manage("search_reconcile")
    assert done.returncode == 0, done.stdout


def test_a_second_start_keeps_everything(portal: Portal, token: str) -> None:
    assert portal.interrupt() == 0
    assert portal.none_left()
    portal.start()
    assert PUMP["title"] in found(portal, "pump")
    status, me = portal.call("GET", "me", token)
    assert (status, me["username"]) == (200, "lena")


def test_mail_goes_out_by_smtp(portal: Portal, tmp_path: Path) -> None:
    with servers.mail_sink() as sink:
        portal.variables["EMAIL_URL"] = sink.url
        script = (
            "from django.core.mail import send_mail;send_mail('Ответ на ваш вопрос', 'نص', None, ['lena@example.org'])"
        )
        done = portal.manage("shell", "-c", script)
        assert done.returncode == 0, done.stderr
    (message,) = sink.messages
    assert message["To"] == "lena@example.org"
    assert message["Subject"] == "Ответ на ваш вопрос"
    assert message.get_content().strip() == "نص"


def test_a_mail_server_that_is_away_is_told(portal: Portal) -> None:
    portal.variables["EMAIL_URL"] = f"smtp://127.0.0.1:{servers.free_port()}"
    script = "from django.core.mail import send_mail; send_mail('a', 'b', None, ['lena@example.org'])"
    done = portal.manage("shell", "-c", script)
    assert done.returncode != 0
    assert "Connection refused" in done.stderr
