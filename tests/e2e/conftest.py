"""A real Chromium against a real portal: the production settings, the demo content, on loopback.

One portal serves the whole run, so tests here read, or write only what no other test counts. PORTAL_TEST_URL names a
running portal to use instead, for quick work on pages.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests import servers
from tests.e2e.portal_server import CHROMIUM_FLAGS, chromium, portal


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
def portal_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal that serves the demo content."""
    running = os.environ.get("PORTAL_TEST_URL")
    if running:
        yield running.rstrip("/")
        return
    with portal(tmp_path_factory.mktemp("portal")) as url:
        yield url


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
