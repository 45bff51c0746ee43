"""Workers and writers at once, on the real databases: nothing is taken twice, and the index ends where the rows do."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="module", params=DATABASES)
def figures(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the scenarios of concurrency_script.py came to on a database."""
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "ELASTICSEARCH_URL")},
        "PORTAL_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
    }
    if request.param == "postgresql":
        environment["DATABASE_URL"] = request.getfixturevalue("postgresql_url")
    done = subprocess.run(
        [sys.executable, "-m", "tests.search.concurrency_script"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def test_each_line_is_claimed_by_one_worker(figures: dict[str, Any]) -> None:
    assert figures["claims"]["claimed"] == figures["claims"]["distinct"] == 200
    assert figures["claims"]["workers"] > 1


def test_no_version_is_given_twice_and_each_worker_s_rise(figures: dict[str, Any]) -> None:
    assert figures["versions"] == {"distinct": 160, "rising": True}


def test_a_line_is_there_once_its_change_is(figures: dict[str, Any]) -> None:
    assert figures["visibility_of_lines"] == {"before": 0, "after": 1}


def test_the_index_ends_where_the_database_does(figures: dict[str, Any]) -> None:
    assert figures["following"]["wrong"] == []
    assert figures["following"]["pending"] == 0
    assert figures["following"]["written"] > 0
