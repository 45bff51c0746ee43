"""The worker, and where there is one the Elasticsearch node, are killed again and again: the index still agrees.

A short run of tests/search/chaos; benchmarks/README.md tells of the long one.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests import servers
from tests.conftest import cannot_run
from tests.search.chaos.driver import ROOT

ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


@pytest.fixture(scope="module", params=ENGINES)
def figures(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What a run of sixty changes came to."""
    if request.param == "elasticsearch":
        try:
            servers.build_elasticsearch()
        except servers.CannotRun as reason:
            cannot_run(reason)
    chaos = [
        "-m",
        "tests.search.chaos",
        "--engine",
        request.param,
        "--changes",
        "60",
        "--node-kills",
        "1",
        "--seed",
        "5",
    ]
    done = subprocess.run(
        [sys.executable, *chaos],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode in (0, 1), done.stderr[-3000:]
    assert done.stdout, done.stderr[-3000:]
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def test_workers_and_nodes_really_died(figures: dict[str, Any]) -> None:
    assert figures["worker killed"] + figures["worker died writing"] >= 3
    assert figures["node killed"] == (figures["engine"] == "elasticsearch")


def test_every_kind_of_change_was_made(figures: dict[str, Any]) -> None:
    assert set(figures["changes"]) == {"create", "edit", "hide", "show", "delete", "restore"}
    assert sum(figures["changes"].values()) == 60


def test_nothing_differs_without_a_repair(figures: dict[str, Any]) -> None:
    assert figures["differences"] == []


def test_what_is_there_is_found_and_nothing_else(figures: dict[str, Any]) -> None:
    assert figures["not found"] == []
    assert figures["resurrected"] == []
