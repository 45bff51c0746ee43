"""What tests of several areas share."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from search.engines import forget_engines
from search.indexing import drain
from search.setup import ensure_ready
from tests.mail_sink import Sink, mail_sink


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server that takes what the portal sends."""
    with mail_sink(settings) as taken:
        yield taken


@pytest.fixture
def index(db: None, settings: Any, tmp_path: Path) -> Iterator[Callable[[], int]]:
    """An empty embedded index; calling it brings what waits in the outbox into it."""
    settings.SEARCH = {**settings.SEARCH, "ELASTICSEARCH_URL": None, "EMBEDDED_PATH": tmp_path / "search"}
    forget_engines()
    ensure_ready()
    yield drain
    forget_engines()
