"""Members who keep searches."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.accounts.models import User
from portal.discovery.models import SavedSearch
from portal.discovery.services.saved_searches import saved_search_create
from tests.factories.accounts import member


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
