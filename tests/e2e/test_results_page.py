"""The results page in a real browser: by keys, narrowed and widened again, right-to-left, on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_frame import WIDER_THAN_THE_SCREEN, violations

pytestmark = pytest.mark.browser

RESULTS = ".result-title a"
NARROWED = "/{language}/search/?q=hub+is:question+-author:mira&language=en&language=ja&time=year"
EMPTY = "/{language}/search/?q=xylophone+is:accepted&topic=firmware"


def test_keys_move_between_results_and_open_one(page: Page) -> None:
    page.goto("/en/search/?q=hub")
    results = page.locator(RESULTS)
    page.keyboard.press("j")
    expect(results.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    expect(results.nth(2)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("k")
    expect(results.nth(0)).to_be_focused()
    page.keyboard.press("k")
    expect(results.nth(0)).to_be_focused()
    address = results.nth(0).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_a_slash_leads_to_the_field_and_typing_there_is_typing(page: Page) -> None:
    page.goto("/en/search/?q=hub")
    page.keyboard.press("j")
    page.keyboard.press("/")
    field = page.locator("#page-search")
    expect(field).to_be_focused()
    field.fill("")
    page.keyboard.type("j/k?")
    expect(field).to_have_value("j/k?")
    expect(page.locator("#search-keys")).not_to_be_visible()


def test_the_keys_are_listed_and_can_be_switched_off(page: Page) -> None:
    page.goto("/en/search/?q=hub")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    page.reload()
    for key in ("j", "?", "/"):
        page.keyboard.press(key)
    expect(page.locator("#search-keys")).not_to_be_visible()
    expect(page.locator(f"{RESULTS}:focus, #page-search:focus")).to_have_count(0)


def test_keys_with_a_modifier_stay_the_browsers(page: Page) -> None:
    page.goto("/en/search/?q=hub")
    for key in ("Control+j", "Alt+k", "Meta+/"):
        page.keyboard.press(key)
    expect(page.locator(f"{RESULTS}:focus, #page-search:focus")).to_have_count(0)


def test_a_filter_is_set_and_taken_off_again(page: Page) -> None:
    page.goto("/en/search/?q=hub+is:question")
    total = page.get_by_role("status").first.inner_text()
    page.locator("#filters").get_by_role("link", name=re.compile("Firmware")).click()
    page.wait_for_url("**topic=firmware**")
    expect(page.locator(".active-filters")).to_contain_text("Firmware")
    page.locator(".active-filters").get_by_role("link", name=re.compile("Firmware")).click()
    page.wait_for_url(lambda address: "topic" not in address)
    assert page.get_by_role("status").first.inner_text() == total
    page.locator(".active-filters").get_by_role("link", name=re.compile("Question")).click()
    expect(page.locator("#page-search")).to_have_value("hub")


@pytest.mark.parametrize("address", [NARROWED, EMPTY, "/{language}/search/?q=hub&page=30"])
@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("ar", "light")])
def test_every_state_is_accessible_and_fits_a_phone(page: Page, address: str, language: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address.format(language=language))
    page.locator("#search-tips summary").click()
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    assert violations(page) == []


def test_nothing_found_carries_the_words_to_the_form(page: Page) -> None:
    page.goto(EMPTY.format(language="en"))
    expect(page.get_by_role("link", name="Ask this question")).to_have_attribute(
        "href", "/en/questions/ask/?title=xylophone"
    )
