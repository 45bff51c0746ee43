"""What tests of questions share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command

from search.engines import forget_engines


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def engine(request: Any, settings: Any, tmp_path: Path) -> Iterator[str]:
    """An empty index of this test alone, on each engine, and no limits."""
    place = {**settings.SEARCH, "ELASTICSEARCH_URL": None, "EMBEDDED_PATH": tmp_path / "search"}
    if request.param == "elasticsearch":
        url = request.getfixturevalue("elasticsearch_url")
        place |= {"ELASTICSEARCH_URL": url, "INDEX_PREFIX": f"questions-{tmp_path.name[-8:].lower()}"}
    settings.SEARCH = place
    settings.PORTAL_LIMITS = False
    cache.clear()
    forget_engines()
    call_command("search_rebuild", verbosity=0)
    yield request.param
    forget_engines()
