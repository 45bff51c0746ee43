"""The engines that the contract is run on: each test here runs once on every one of them."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engine import SearchEngine
from search.engines.elastic import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from tests.search.conftest import fill
from tests.search.documents import COMMUNITY

ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


@pytest.fixture(scope="module", params=ENGINES)
def module_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """An engine with an empty index of its own, for the tests of one file."""
    made = _made(request, tmp_path_factory.mktemp("search"))
    yield made
    made.drop()
    made.close()


@pytest.fixture
def engine(module_engine: SearchEngine) -> SearchEngine:
    """The engine with an empty index."""
    module_engine.commit_generation(module_engine.create_generation())
    return module_engine


@pytest.fixture(scope="module")
def community(module_engine: SearchEngine) -> SearchEngine:
    """The engine with the small community in it, to be read only."""
    module_engine.commit_generation(module_engine.create_generation())
    fill(module_engine, *COMMUNITY)
    return module_engine


def _made(request: pytest.FixtureRequest, path: Path) -> SearchEngine:
    if request.param == "embedded":
        return EmbeddedEngine(path / "index")
    url = os.environ.get("TEST_ELASTICSEARCH_URL") or request.getfixturevalue("elasticsearch_url")
    return ElasticsearchEngine(url, prefix=f"contract-{uuid.uuid4().hex[:12]}")
