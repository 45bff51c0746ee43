"""Fixtures that every part of the tests shares: the real servers, each started once in a run and only when asked for.

A server that this machine cannot run skips its tests, and ``bin/test`` says so at the end; with TESTS_ALL_REQUIRED=1
(``bin/test --all-required``) it fails them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import NoReturn, TypeVar

import pytest
from django.core.cache import cache
from hypothesis import settings as hypothesis_settings

from tests import servers

# How long one example takes says more about what else the machine does than about the code.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")

T = TypeVar("T")


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
