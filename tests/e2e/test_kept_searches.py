"""Saving a search, its list and the inbox in a real browser: without scripts, on a phone, in both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.test_frame import WIDER_THAN_THE_SCREEN, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def signed_in(browser: Browser, base_url: str) -> Iterator[Callable[..., Page]]:
    """Opens a page as the demo's customer; ``more`` goes to the browser's context."""
    opened: list[BrowserContext] = []

    def sign_in(language: str = "en", **more: object) -> Page:
        context = browser.new_context(base_url=base_url, viewport={"width": 360, "height": 740}, **more)
        opened.append(context)
        page = context.new_page()
        page.goto(f"/{language}/account/login/?next=/{language}/search/%3Fq=water")
        page.locator("input[name=login]").fill("lena")
        page.locator("input[name=password]").fill("hiroba-demo")
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/search/?q=water")
        return page

    yield sign_in
    for context in opened:
        context.close()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_a_search_is_kept_listed_and_deleted(signed_in, language, scheme):
    page = signed_in(language, color_scheme=scheme)
    page.locator(".save-search summary").click()
    box = page.locator(".save-search form").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    assert violations(page) == []
    page.locator("#save-name").fill("Water & <b>valves")
    page.locator(".save-search form button").click()
    page.wait_for_url(f"**/{language}/account/searches/")
    kept = page.locator(".saved-searches li")
    expect(kept.locator("h2 a")).to_have_text(["Water & <b>valves"])
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    assert violations(page) == []
    kept.locator("h2 a").click()
    page.wait_for_url(f"**/{language}/search/?q=water")
    page.goto(f"/{language}/account/searches/")
    page.locator(".saved-searches .button-danger").click()
    expect(page.locator(".empty h2")).to_be_visible()


def test_it_works_without_a_script(signed_in):
    page = signed_in("en", java_script_enabled=False)
    page.locator(".save-search summary").click()
    page.locator("#save-frequency").select_option("weekly")
    page.locator(".save-search form button").click()
    page.wait_for_url("**/en/account/searches/")
    expect(page.locator(".saved-searches select")).to_have_value("weekly")
    page.locator(".saved-searches .button-danger").click()
    expect(page.locator(".empty h2")).to_be_visible()


@pytest.mark.parametrize(("language", "scheme"), [("ja", "light"), ("ar", "dark")])
def test_an_empty_inbox_is_a_whole_page(signed_in, language, scheme):
    page = signed_in(language, color_scheme=scheme)
    page.goto(f"/{language}/inbox/")
    expect(page.locator("h1")).to_have_count(1)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    assert violations(page) == []


def test_a_stranger_is_led_to_sign_in_and_back_to_the_results(page):
    page.goto("/en/search/?q=water")
    page.get_by_role("link", name="Save this search").click()
    page.locator("input[name=login]").fill("lena")
    page.locator("input[name=password]").fill("hiroba-demo")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/en/search/?q=water")
    expect(page.locator(".save-search")).to_be_visible()
