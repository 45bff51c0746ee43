"""The engines that the contract is run on: each test here runs once on every one of them."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engine import SearchEngine
from search.engines.embedded import EmbeddedEngine
from tests.search.conftest import fill
from tests.search.documents import COMMUNITY


@pytest.fixture(params=["embedded"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine with an empty index of its own."""
    made: SearchEngine = EmbeddedEngine(tmp_path / uuid.uuid4().hex)
    made.commit_generation(made.create_generation())
    yield made
    made.drop()
    made.close()


@pytest.fixture
def community(engine: SearchEngine) -> SearchEngine:
    """The engine with the small community in it."""
    fill(engine, *COMMUNITY)
    return engine
