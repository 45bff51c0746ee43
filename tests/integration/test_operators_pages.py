"""/healthz, /readyz and /metrics: what an operator's machines ask."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from portal.core import health
from search import setup
from search.engine import Health

pytestmark = pytest.mark.django_db
WELL = Health(reachable=True, has_index=True)


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test asks the database anew, with a search engine that is well unless it says otherwise."""
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(setup, "index_health", lambda: WELL)


def test_healthz_passes_through_the_middleware(client: Client) -> None:
    reply = client.get("/healthz")
    assert (reply.status_code, reply.content) == (200, b"ok\n")
    assert "Content-Security-Policy" in reply.headers


def test_ready(client: Client) -> None:
    reply = client.get("/readyz")
    assert reply.status_code == 200
    assert reply.json()["ready"] is True
    assert reply.json()["reasons"] == []
    assert "no-store" in reply.headers["Cache-Control"]


def test_an_engine_that_is_down_shows_but_stops_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "index_health", lambda: Health(False, False, "connection refused"))
    reply = client.get("/readyz")
    assert reply.status_code == 200
    assert reply.json()["search"]["reachable"] is False
    assert reply.json()["search"]["detail"] == "connection refused"


def test_no_index_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "index_health", lambda: Health(True, False, "no index"))
    reply = client.get("/readyz")
    assert reply.status_code == 503
    assert reply.json()["reasons"] == ["there is no search index yet"]


def test_missing_migrations_are_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: [("x", False), ("y", False)])
    reply = client.get("/readyz")
    assert reply.status_code == 503
    assert reply.json()["reasons"] == ["the database lacks 2 migrations"]
    monkeypatch.undo()
    assert health.database_reason() == ""


def test_a_database_that_is_away_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: object, targets: object) -> None:
        raise OperationalError("no route to host")

    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", away)
    reply = client.get("/readyz")
    assert reply.status_code == 503
    assert "no route to host" in reply.json()["reasons"][0]


def test_the_database_is_looked_at_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").status_code == 200

    def never(self: object, targets: object) -> None:
        raise AssertionError("asked again")

    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", never)
    assert client.get("/readyz").status_code == 200


def test_metrics_tell_what_waits_for_the_index(client: Client) -> None:
    reply = client.get("/metrics")
    assert reply.status_code == 200
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert "portal_search_outbox_pending 0.0" in reply.content.decode().splitlines()


@pytest.mark.parametrize(
    "asked",
    [
        {"REMOTE_ADDR": "8.8.8.8"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "8.8.8.8"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=8.8.8.8"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "no address"},
    ],
)
def test_metrics_are_not_for_the_world(client: Client, asked: dict[str, str]) -> None:
    assert client.get("/metrics", **asked).status_code == 403


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_they_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200
