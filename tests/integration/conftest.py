"""What tests of several areas share."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mail_sink import Sink, mail_sink


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server that takes what the portal sends."""
    with mail_sink(settings) as taken:
        yield taken
