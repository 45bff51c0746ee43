"""A second start does nothing twice, and a changed or damaged data folder is noticed."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from launch import preparation

from portal.settings.environment import Environment, read_environment


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A data folder that was prepared for the code as it is."""
    given = read_environment({"PORTAL_DATA_DIR": str(tmp_path)})
    (tmp_path / "search").mkdir()
    (tmp_path / "search" / "index").write_text("")
    make_database(tmp_path / "portal.sqlite3", preparation.migration_names())
    wanted = preparation.fingerprint(given, development=False)
    (tmp_path / preparation.MARKER).write_text(json.dumps(wanted))
    return given


def make_database(path: Path, names: set[str]) -> None:
    """An SQLite database that has had these migrations."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE django_migrations (app TEXT, name TEXT)")
        connection.executemany("INSERT INTO django_migrations VALUES (?, ?)", [name.split(".", 1) for name in names])


def prepared(environment: Environment, development: bool = False) -> bool:
    """Whether the second start may skip the preparation."""
    return preparation.is_prepared(environment, preparation.fingerprint(environment, development))


def test_a_prepared_folder_is_recognised(environment: Environment) -> None:
    assert prepared(environment)


def test_every_migration_of_ours_counts() -> None:
    names = preparation.migration_names()
    assert "accounts.0001_initial" in names
    assert "questions.0001_initial" in names
    assert not any("__init__" in name for name in names)


@pytest.mark.parametrize("lost", ["prepared.json", "portal.sqlite3", "search/index"])
def test_what_is_missing_is_noticed(environment: Environment, lost: str) -> None:
    (environment.data_dir / lost).unlink()
    assert not prepared(environment)


def test_a_half_migrated_database_is_noticed(environment: Environment) -> None:
    names = sorted(preparation.migration_names())
    make_database(environment.data_dir / "portal.sqlite3", set(names[1:]))
    assert not prepared(environment)


def test_a_file_that_is_no_database_is_noticed(environment: Environment) -> None:
    (environment.data_dir / "portal.sqlite3").write_text("not a database at all, but long enough to look at" * 40)
    assert not prepared(environment)


def test_a_damaged_marker_is_noticed(environment: Environment) -> None:
    (environment.data_dir / preparation.MARKER).write_text("{")
    assert not prepared(environment)


def test_development_and_production_are_prepared_apart(environment: Environment) -> None:
    assert not prepared(environment, development=True)


def test_asking_for_no_demo_is_another_preparation(environment: Environment) -> None:
    assert not prepared(dataclasses.replace(environment, demo=False))


@pytest.mark.parametrize(
    "elsewhere", [{"database_url": "postgresql://db/hiroba"}, {"elasticsearch_url": "http://search:9200"}]
)
def test_servers_elsewhere_are_asked_each_time(environment: Environment, elsewhere: dict[str, str]) -> None:
    assert not prepared(dataclasses.replace(environment, **elsewhere))  # type: ignore[arg-type]


def test_a_changed_style_sheet_changes_the_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = tmp_path / "portal" / "static" / "a.css"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("a{}")
    monkeypatch.setattr(preparation, "ROOT", tmp_path)
    before = preparation.static_digest()
    assert preparation.static_digest() == before
    sheet.write_text("a{color:red}")
    assert preparation.static_digest() != before


def test_a_failed_preparation_leaves_no_marker(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "follow", lambda *_: 1)
    with pytest.raises(preparation.CannotPrepare, match="ended with 1"):
        preparation.prepare(environment, {}, preparation.fingerprint(environment, False))
    assert not (environment.data_dir / preparation.MARKER).exists()


def test_the_demo_is_asked_for_only_when_wanted(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(
        preparation, "follow", lambda command, read, variables: asked.append(list(map(str, command))) or 0
    )
    for demo in (True, False):
        changed = dataclasses.replace(environment, demo=demo)
        preparation.prepare(changed, {}, preparation.fingerprint(changed, False))
        assert ("--demo" in asked[-1]) is demo
        assert prepared(changed)


def test_each_start_counts_anew(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "counter_17.db").write_bytes(b"of a former run")
    folder = preparation.empty_metrics_folder(tmp_path)
    assert folder == tmp_path / "metrics"
    assert list(folder.iterdir()) == []
