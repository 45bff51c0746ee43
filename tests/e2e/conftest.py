"""A real Chromium against a real portal: the production settings, the demo content, on loopback.

One portal serves the whole run, so tests here read, or write only what no other test counts. PORTAL_TEST_URL names a
running portal to use instead, for quick work on pages.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests import servers
from tests.e2e.portal_server import CHROMIUM_FLAGS, chromium, portal, variables
from tests.e2e.scene import filled

# Two processors are shared with servers and other tests: what is waited for may take its time, what is wrong stays so.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """What pytest-playwright starts: the machine's own Chromium."""
    try:
        program = chromium()
    except servers.CannotRun as reason:
        if os.environ.get("TESTS_ALL_REQUIRED") == "1":
            pytest.fail(str(reason), pytrace=False)
        pytest.skip(str(reason))
    return {**browser_type_launch_args, "executable_path": program, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def portal_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the portal keeps its data; of a running one PORTAL_DATA_DIR says it."""
    running = os.environ.get("PORTAL_DATA_DIR") if os.environ.get("PORTAL_TEST_URL") else None
    return Path(running) if running else tmp_path_factory.mktemp("portal")


@pytest.fixture(scope="session")
def portal_url(portal_folder: Path) -> Iterator[str]:
    """The address of a portal that serves the demo content."""
    running = os.environ.get("PORTAL_TEST_URL")
    if running:
        yield running.rstrip("/")
        return
    with portal(portal_folder) as url:
        yield url


@pytest.fixture(scope="session")
def scene(portal_url: str, portal_folder: Path) -> dict[str, str]:
    """Addresses, below the language, of questions with everything that questions can have (``tests.e2e.scene``)."""
    return filled(variables(portal_folder, urlsplit(portal_url).port or 80))


@pytest.fixture(scope="session")
def base_url(portal_url: str) -> str:
    """Lets ``page.goto("/en/")`` find the portal."""
    return portal_url


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complained of on this page: refused by the policy, errors of scripts."""
    heard: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            heard.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard
    assert heard == []
