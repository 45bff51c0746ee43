"""An index of a test's own, and members who keep searches."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.accounts.models import User
from portal.discovery.models import SavedSearch
from portal.discovery.services.saved_searches import saved_search_create
from search.engines import forget_engines
from search.indexing import drain
from search.setup import ensure_ready
from tests.factories.accounts import member


@pytest.fixture
def index(db: None, settings: Any, tmp_path: Path) -> Iterator[Callable[[], int]]:
    """An empty embedded index; calling it brings what waits in the outbox into it."""
    settings.SEARCH = {**settings.SEARCH, "ELASTICSEARCH_URL": None, "EMBEDDED_PATH": tmp_path / "search"}
    forget_engines()
    ensure_ready()
    yield drain
    forget_engines()


@pytest.fixture
def reader(db: None) -> User:
    """A member who keeps searches."""
    return member("reader", display_name="Rea <Der>")


@pytest.fixture
def keep() -> Callable[..., SavedSearch]:
    """Saves a search that looks again at once."""

    def kept(user: User, query: str = "q=valve", **more: Any) -> SavedSearch:
        return saved_search_create(user=user, query=query, **{"frequency": "immediately", **more})

    return kept
