"""Fixtures that every part of the tests shares: the real servers, each started once in a run and only when asked for.

A server that this machine cannot run skips its tests, and ``bin/test`` says so at the end; with TESTS_ALL_REQUIRED=1
(``bin/test --all-required``) it fails them.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

from tests import servers

# How long one example takes says more about what else the machine does than about the code.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")

T = TypeVar("T")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds what ``bin/test`` asks of the run on the servers."""
    parser.addoption("--only-database", action="store_true", help="only the tests that touch the run's own database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --only-database, leaves out what would be the same test again whatever the database."""
    if config.getoption("--only-database"):
        left = [item for item in items if not touches_database(item)]
        items[:] = [item for item in items if touches_database(item)]
        config.hook.pytest_deselected(items=left)


def touches_database(item: pytest.Item) -> bool:
    """Whether a test works on the database of its run: by its mark, its fixtures or its class."""
    fixtures = {"db", "transactional_db"}
    kind = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or not fixtures.isdisjoint(getattr(item, "fixturenames", ()))
        or (kind is not None and issubclass(kind, TransactionTestCase))
    )


def pytest_collection_finish() -> None:
    """Takes what collecting made out of the garbage collector's sight: it stays to the end of the run."""
    gc.collect()
    gc.freeze()


@contextlib.contextmanager
def required(server: contextlib.AbstractContextManager[T]) -> Iterator[T]:
    """Runs a server; where it cannot run, skips, or fails when everything is required."""
    with contextlib.ExitStack() as stack:
        try:
            running = stack.enter_context(server)
        except servers.CannotRun as reason:
            cannot_run(reason)
        yield running


def cannot_run(reason: servers.CannotRun) -> NoReturn:
    """Skips the test, or fails it where everything is required."""
    if os.environ.get("TESTS_ALL_REQUIRED") == "1":
        pytest.fail(str(reason), pytrace=False)
    pytest.skip(str(reason))


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """URL of a real Elasticsearch node, one for the whole run: give your indexes names of your own."""
    with required(servers.elasticsearch()) as node:
        yield node.url


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """URL of a real, empty PostgreSQL database."""
    with required(servers.postgresql()) as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """URL of a real Redis server."""
    with required(servers.redis()) as url:
        yield url


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Each test begins with an empty cache: what another test left there names rows that are gone.

    So do the termbase and the promoted results that the process holds; they are read once they are said to change.
    """
    from portal.curation.selectors.promotions import promotions_live
    from search import synonyms
    from search.synonyms.live import followed as termbase

    cache.clear()
    termbase.hold(synonyms.Termbase())
    promotions_live.hold(())


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_keepdb: bool, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Sets the run's database up, and keeps a copy of it as the migrations left it; returns where the copy is.

    There is none on other databases than SQLite, nor with --reuse-db, where other runs left their traces.
    """
    place = tmp_path_factory.mktemp("migrated") / "portal.sqlite3"
    if connection.vendor == "sqlite" and not django_db_keepdb:
        with django_db_blocker.unblock(), contextlib.closing(sqlite3.connect(place)) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
            connection.close()
    return place
