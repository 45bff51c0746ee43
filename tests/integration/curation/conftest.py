"""An index of a test's own, and somebody who keeps the termbase."""

from typing import Any

import pytest

from tests.factories.curation import search_editor
from tests.integration.discovery.conftest import index

__all__ = ["index"]


@pytest.fixture
def desk(client: Any) -> Any:
    """A client signed in as ``editor``, who may keep the termbase and promoted results."""
    client.force_login(search_editor("editor"))
    return client
