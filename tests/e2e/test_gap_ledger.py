"""The gap ledger in a browser: axe, narrow screens, right to left, and every act without a script."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.test_frame import WIDER_THAN_THE_SCREEN, violations

pytestmark = pytest.mark.browser
LEDGER = "/staff/search/?status=all"


@pytest.fixture(scope="module")
def staff(browser: Browser, base_url: str) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser in which the administrator of the demo is signed in."""
    opened: list[BrowserContext] = []

    def come_in(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=base_url, **options)  # type: ignore[arg-type]
        opened.append(context)
        page = context.new_page()
        page.goto("/en/account/login/")
        page.fill("[name=login]", "mira")
        page.fill("[name=password]", "hiroba-demo")
        page.click("main form button.button-primary")
        page.wait_for_url(lambda url: "login" not in url)
        page.close()
        return context

    yield come_in
    for context in opened:
        context.close()


def ledger(context: BrowserContext) -> Page:
    """Opens the list once the worker has found the demo's unanswered questions."""
    page = context.new_page()
    until = time.monotonic() + 40
    page.goto(LEDGER)
    while not page.locator(".question-row").count() and time.monotonic() < until:
        time.sleep(1)
        page.goto(LEDGER)
    return page


def first_gap(page: Page) -> None:
    """Opens the first gap of the list."""
    address = page.locator(".question-row-title a").first.get_attribute("href")
    assert address
    page.goto(address)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_too_wide(staff: Callable[..., BrowserContext], scheme: str) -> None:
    context = staff(color_scheme=scheme, viewport={"width": 360, "height": 740})
    page = ledger(context)
    assert violations(page) == []
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    first_gap(page)
    assert violations(page) == []
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []


def test_a_gap_is_closed_and_that_is_taken_back_without_a_script(staff: Callable[..., BrowserContext]) -> None:
    page = ledger(staff(java_script_enabled=False))
    first_gap(page)
    status = page.locator(".page-header .badge").nth(1)
    before = status.inner_text()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator(".message-success")).to_contain_text("Saved.")
    expect(status).to_have_text("Closed")
    page.locator(".message-success").get_by_role("button", name="Undo").click()
    expect(page.locator(".message-success")).to_contain_text("Taken back.")
    expect(status).to_have_text(before)


def test_a_wrong_address_is_told_at_its_field(staff: Callable[..., BrowserContext]) -> None:
    page = ledger(staff())
    first_gap(page)
    page.fill("[name=url]", "somewhere")
    page.get_by_role("button", name="Link it").click()
    expect(page.locator("[name=url]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=url]")).to_have_value("somewhere")
