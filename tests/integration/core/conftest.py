"""A clock for periodic jobs."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.core import periodic

from .pace import START


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """No jobs but the test's, and a clock for all workers: ``at(minutes)``."""
    monkeypatch.setattr(periodic, "_jobs", {})

    def set_clock(minutes: float) -> None:
        monkeypatch.setattr(periodic, "now", lambda: START + timedelta(minutes=minutes))

    set_clock(0)
    return set_clock
