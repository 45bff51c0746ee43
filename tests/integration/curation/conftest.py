"""Somebody who keeps the termbase."""

from typing import Any

import pytest

from tests.factories.curation import search_editor


@pytest.fixture
def desk(client: Any) -> Any:
    """A client signed in as ``editor``, who may keep the termbase and promoted results."""
    client.force_login(search_editor("editor"))
    return client
