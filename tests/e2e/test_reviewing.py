"""Edits suggested and decided, versions compared and brought back, in a real browser; the pages as axe sees them."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.test_frame import WIDER_THAN_THE_SCREEN, violations

pytestmark = pytest.mark.browser

PASSWORD = "hiroba-demo"
BODY = "Press the **red** button.\n\nThen wait ten minutes.\n\n- one\n- two\n\nاضغط على الزر الأحمر."


def entered(browser: Browser, base_url: str, username: str, **options: object) -> BrowserContext:
    """A browser in which a demo member is signed in."""
    context = browser.new_context(base_url=base_url, **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/en/account/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/account/login/" not in url)
    return context


@pytest.fixture(scope="module")
def people(browser: Browser, base_url: str) -> Iterator[dict[str, BrowserContext]]:
    """Who asks, and who reads it on a small phone and sees what is wrong."""
    made = {
        "asker": entered(browser, base_url, "lena"),
        "reader": entered(browser, base_url, "kenji", viewport={"width": 360, "height": 740}, has_touch=True),
    }
    yield made
    for context in made.values():
        context.close()


def fits(page: Page) -> None:
    """Asserts that a page can be used by everybody: nothing for axe to find, nothing beyond the screen."""
    assert violations(page) == [], page.url
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == [], page.url


def asked(page: Page) -> str:
    """Asks a question; the address of its page."""
    page.goto("/en/questions/ask/")
    page.fill("#id_title", f"How long does the lamp take {uuid4().hex[:8]}?")
    page.fill("#id_body", BODY)
    page.click("form.form button.button-primary")
    page.wait_for_url(lambda url: "/questions/ask/" not in url)
    return page.url


def test_an_edit_is_suggested_on_a_phone_decided_and_brought_back(people):
    """The whole way of one edit, and every page on it."""
    mine, theirs = people["asker"].new_page(), people["reader"].new_page()
    address = asked(mine)
    number = address.split("/questions/")[1].split("/")[0]
    theirs.goto(f"/en/questions/suggest/question/{number}/")
    fits(theirs)
    theirs.fill("#id_body", BODY.replace("ten", "twenty").replace("الأحمر", "الأزرق"))
    theirs.fill("#id_reason", "The right number of minutes")
    theirs.locator("main form .button-primary").first.click()
    theirs.wait_for_url("**/questions/suggestions/*/")
    expect(theirs.locator(".diff ins").filter(has_text="twenty")).to_have_count(1)
    fits(theirs)
    theirs.goto(f"{theirs.url}?view=rendered")
    expect(theirs.locator(".diff-rendered ins").filter(has_text="الأزرق")).to_have_count(1)
    fits(theirs)

    mine.goto(address)
    mine.get_by_role("link", name="The right number of minutes").click()
    fits(mine)
    mine.get_by_role("button", name="Accept", exact=True).click()
    expect(mine.locator("main")).to_contain_text("twenty minutes")
    expect(mine.locator(".credits").first).to_contain_text("Improved by 1 person")

    history = f"/en/questions/{number}/history/"
    mine.goto(history)
    expect(mine.locator(".history-entry")).to_have_count(2)
    fits(mine)
    mine.get_by_role("button", name="Compare the chosen two").click()
    mine.wait_for_url(f"**{history}compare/1/2/")
    fits(mine)
    theirs.goto(f"/ar/questions/{number}/history/compare/1/2/")
    assert theirs.evaluate("document.documentElement.dir") == "rtl"
    fits(theirs)
    theirs.goto(f"/ar/questions/{number}/history/")
    fits(theirs)

    mine.get_by_role("button", name="Bring this version back").click()
    expect(mine.locator("main")).to_contain_text("ten minutes")
    mine.goto(history)
    expect(mine.locator(".history-entry").first).to_contain_text("Brought version 1 back")


def test_without_scripts_an_edit_is_declined_with_a_reason(browser, base_url, people):
    mine = people["asker"].new_page()
    number = asked(mine).split("/questions/")[1].split("/")[0]
    state = people["reader"].storage_state()
    plain = browser.new_context(base_url=base_url, java_script_enabled=False, storage_state=state)
    page = plain.new_page()
    page.goto(f"/en/questions/suggest/question/{number}/")
    page.fill("#id_body", BODY.replace("ten", "nine"))
    page.fill("#id_reason", "Nine is what the box says")
    page.locator("main form .button-primary").first.click()
    expect(page.locator("h1")).to_contain_text("Suggested edit")
    suggestion = page.url
    mine.goto(suggestion)
    mine.get_by_role("button", name="Decline").click()
    mine.fill("#reject [name=words]", "no")
    mine.get_by_role("button", name="Decline").click()
    expect(mine.locator("#reject")).to_contain_text("Say why, in a few words.")
    fits(mine)
    mine.fill("#reject [name=words]", "It is ten on all lamps.")
    mine.get_by_role("button", name="Decline").click()
    page.goto(suggestion)
    expect(page.locator("main")).to_contain_text("It is ten on all lamps.")
    expect(page.get_by_role("button", name="Take it back")).to_have_count(0)
    page.goto("/en/questions/suggestions/?tab=mine")
    expect(page.locator("main")).to_contain_text("Nine is what the box says")
    plain.close()
