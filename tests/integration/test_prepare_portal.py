"""manage.py prepare_portal: each step happens when it is needed, and leaves its mark last."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from portal.core.management.commands import prepare_portal as prepare
from search import setup
from search.engine import EngineUnavailable, Health


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the commands that are called, instead of running them."""
    names: list[str] = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: names.append(name))
    return names


@pytest.mark.django_db
def test_a_migrated_database_is_left_alone(calls: list[str]) -> None:
    prepare.migrate_database()
    assert calls == []


@pytest.mark.django_db
def test_missing_migrations_are_applied(
    calls: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prepare.MigrationExecutor, "migration_plan", lambda self, targets: [1, 2, 3])
    prepare.migrate_database()
    assert calls == ["migrate"]
    assert "Preparing the database (3 migrations)" in capsys.readouterr().out


@pytest.fixture
def static_root(tmp_path: Path, settings: Any) -> Path:
    """Where static files go in this test."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.DEBUG = False
    (tmp_path / "static").mkdir()
    return tmp_path / "static"


def test_static_files_are_collected_once_for_a_digest(static_root: Path, calls: list[str]) -> None:
    prepare.collect_static_files("one")
    prepare.collect_static_files("one")
    assert calls == ["collectstatic"]
    prepare.collect_static_files("two")
    assert calls == ["collectstatic", "collectstatic"]
    assert (static_root / "collected.txt").read_text() == "two"


def test_an_interrupted_collection_is_done_again(static_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(name: str, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(prepare, "call_command", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepare.collect_static_files("one")
    assert not (static_root / "collected.txt").exists()


def test_a_developer_needs_no_collected_files(static_root: Path, calls: list[str], settings: Any) -> None:
    settings.DEBUG = True
    prepare.collect_static_files("one")
    assert calls == []


def engine(monkeypatch: pytest.MonkeyPatch, health: Health) -> list[str]:
    """Pretends an engine in some state; what is done with it is told."""
    done: list[str] = []
    monkeypatch.setattr(setup, "index_health", lambda: health)
    monkeypatch.setattr(setup, "ensure_ready", lambda: done.append("built"))
    monkeypatch.setattr(prepare, "drain", lambda: done.append("drained"))
    return done


def test_an_index_is_built_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    done = engine(monkeypatch, Health(reachable=True, has_index=False))
    prepare.build_index(io.StringIO())
    assert done == ["built", "drained"]


def test_an_index_that_is_there_gets_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    done = engine(monkeypatch, Health(reachable=True, has_index=True))
    prepare.build_index(io.StringIO())
    assert done == ["drained"]


def test_an_engine_that_is_away_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise EngineUnavailable("connection refused")

    engine(monkeypatch, Health(reachable=False, has_index=False))
    monkeypatch.setattr(setup, "ensure_ready", away)
    said = io.StringIO()
    prepare.build_index(said)
    assert "connection refused" in said.getvalue()
    assert len(said.getvalue().splitlines()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("demo", [True, False])
def test_the_demo_is_loaded_only_when_asked_for(
    calls: list[str], static_root: Path, monkeypatch: pytest.MonkeyPatch, demo: bool
) -> None:
    engine(monkeypatch, Health(reachable=True, has_index=True))
    call_command("prepare_portal", *(["--demo"] if demo else []), "--static-digest", "x")
    assert ("load_demo" in calls) is demo
