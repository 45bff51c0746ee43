"""An index of a test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from search.engines import forget_engines
from search.indexing import drain
from search.setup import ensure_ready


@pytest.fixture
def index(db: None, settings: Any, tmp_path: Path) -> Iterator[Callable[[], int]]:
    """An empty embedded index; calling it brings what waits in the outbox into it."""
    settings.SEARCH = {**settings.SEARCH, "ELASTICSEARCH_URL": None, "EMBEDDED_PATH": tmp_path / "search"}
    cache.clear()
    forget_engines()
    ensure_ready()
    yield drain
    forget_engines()


@pytest.fixture
def no_index(db: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """A portal whose index is not there: the database answers."""
    settings.SEARCH = {**settings.SEARCH, "ELASTICSEARCH_URL": None, "EMBEDDED_PATH": tmp_path / "nothing"}
    cache.clear()
    forget_engines()
    yield
    forget_engines()
