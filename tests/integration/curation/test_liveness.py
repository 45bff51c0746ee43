"""What one process publishes, another one searches by, soon and without asking the database for each search."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.factories.curation import entry

ROOT = Path(__file__).resolve().parents[3]
INTERVAL_S = 0.5


def database_url() -> str:
    """The address of the database that this test runs on."""
    given: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


@pytest.fixture
def searcher(transactional_db: None, tmp_path: Path) -> Iterator[Any]:
    """Another process that searches; it is stopped at the end."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "PORTAL_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
    }
    command = [sys.executable, "-m", "tests.integration.curation.liveness_script"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    yield lambda: process.stdout.readline().strip().split("|")
    process.kill()
    process.communicate(timeout=20)


def test_a_publication_reaches_another_process_within_the_interval(searcher: Any) -> None:
    assert searcher()[0] == "1", "nothing is known at the first search"
    for word, known in (("couch", ["couch"]), ("settee", ["couch", "settee"])):
        entry(en=["sofa", word])
        published = time.monotonic()
        *found, searches, queries, seconds = searcher()
        assert found == known
        assert time.monotonic() - published <= INTERVAL_S + 15, "the interval, and what two busy cores add"
        assert int(queries) <= float(seconds) / INTERVAL_S + 4, "one small query an interval, one more for each change"
        assert int(searches) > int(queries)
