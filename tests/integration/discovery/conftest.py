"""A portal without an index."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from search.engines import forget_engines


@pytest.fixture
def no_index(db: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """A portal whose index is not there: the database answers."""
    settings.SEARCH = {**settings.SEARCH, "ELASTICSEARCH_URL": None, "EMBEDDED_PATH": tmp_path / "nothing"}
    cache.clear()
    forget_engines()
    yield
    forget_engines()
