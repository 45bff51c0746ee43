"""Following in a real browser: the button that changes in its place, without a script too, and the member's pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.test_editor import sign_in
from tests.e2e.test_frame import WIDER_THAN_THE_SCREEN, violations

pytestmark = pytest.mark.browser

PAGES = ("inbox/", "account/follows/", "account/notifications/")


@pytest.fixture(scope="module")
def kept(browser: Browser, base_url: str) -> Any:
    """What a browser keeps of a member who is signed in."""
    context = browser.new_context(base_url=base_url)
    sign_in(context.new_page())
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def device(browser: Browser, base_url: str, kept: Any) -> Iterator[Any]:
    """Makes browsers of the demo's customer."""
    made: list[BrowserContext] = []

    def new(**options: Any) -> Page:
        made.append(browser.new_context(base_url=base_url, storage_state=kept, **options))
        return made[-1].new_page()

    yield new
    for context in made:
        context.close()


def open_topic(page: Page) -> str:
    """Opens a topic that the member does not follow, and returns its path."""
    page.goto("/en/topics/")
    address = page.locator("main .card-link a, main .chip").first.get_attribute("href")
    assert address
    page.goto(address)
    leave = page.locator(".follow button[value=leave]")
    if leave.count():
        leave.click()
        expect(page.locator(".follow button[value=follow]")).to_be_visible()
    return address


def test_the_button_changes_in_its_place_and_the_page_stays(device):
    page = device()
    open_topic(page)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.evaluate("window.stayed = true")
    button = page.locator(".follow button")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(page.locator(".follow button")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".follow button")).to_contain_text("Following")
    expect(page.locator(".follow")).to_have_count(1)
    assert page.evaluate("window.stayed") is True, "the page was not loaded anew"
    assert violations(page) == []
    page.reload()
    expect(page.locator(".follow button")).to_have_attribute("aria-pressed", "true")
    page.locator(".follow button").press("Enter")
    expect(page.locator(".follow button")).to_have_attribute("aria-pressed", "false")
    assert complaints == []


def test_without_a_script_the_button_leads_back_to_the_page(device):
    page = device(java_script_enabled=False, viewport={"width": 360, "height": 740})
    address = open_topic(page)
    page.locator(".follow button[value=follow]").click()
    page.wait_for_url(f"**{address}")
    expect(page.locator("main")).to_contain_text("You follow this now.")
    page.goto("/en/account/follows/")
    page.locator(f'.note:has(a[href="{address}"]) button').click()
    expect(page.locator("main")).to_contain_text("You no longer follow this.")
    expect(page.locator(f'.note a[href="{address}"]')).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_members_pages_are_fit_for_everybody(device, language):
    """Accessible by light and dark, in their own direction, and no wider than a small phone."""
    page = device(viewport={"width": 360, "height": 740})
    for address in PAGES:
        page.emulate_media(color_scheme="light")
        page.goto(f"/{language}/{address}")
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        expect(page.locator("h1")).to_have_count(1)
        assert violations(page) == [], address
        assert page.evaluate(WIDER_THAN_THE_SCREEN) == [], address
        page.emulate_media(color_scheme="dark")
        page.reload()
        assert violations(page, "color-contrast") == [], address
