"""The page of the API's reference in a real browser, and the API as a page's own script sees it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_frame import WIDER_THAN_THE_SCREEN, violations

pytestmark = pytest.mark.browser

DOCS = "/api/v1/docs"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_and_nothing_is_too_wide(browser: Browser, base_url: str, language: str) -> None:
    context = browser.new_context(base_url=base_url, locale=language, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(DOCS)
    assert page.locator("html").get_attribute("lang") == language
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    assert violations(page) == []
    context.close()


def test_the_contents_lead_to_their_places(page: Page, complaints: list[str]) -> None:
    page.goto(DOCS)
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Answers").click()
    expect(page.locator("#group-answers")).to_be_in_viewport()


def test_a_refusal_of_the_policy_is_none_of_the_pages(page: Page, complaints: list[str]) -> None:
    page.goto(DOCS)
    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => new URL(one.name).origin)")
    assert set(loaded) == {page.evaluate("location.origin")}


def test_a_script_of_our_own_pages_reads_but_its_cookies_write_nothing(page: Page) -> None:
    page.goto("/en/")
    told = page.evaluate("fetch('/api/v1/suggest?q=a&language=en').then((one) => one.json())")
    assert isinstance(told["results"], list)
    status = page.evaluate(
        "fetch('/api/v1/questions', {method: 'POST', body: '{}', credentials: 'include'}).then((one) => one.status)"
    )
    assert status == 401
