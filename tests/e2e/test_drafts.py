"""Drafts in a real browser: type, lose the connection, come back; two tabs; another device; a conflict on a phone."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.test_editor import sign_in

pytestmark = pytest.mark.browser

numbers = itertools.count(time.time_ns() % 10**9)
ASK = "/en/questions/ask/"


@pytest.fixture
def device(browser: Browser, base_url: str) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers in which the demo's customer is signed in, as if each were another device."""
    made: list[BrowserContext] = []

    def new(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=base_url, **options)  # type: ignore[arg-type]
        made.append(context)
        sign_in(context.new_page())
        return context

    yield new
    for context in made:
        context.close()


def asking(context: BrowserContext) -> Page:
    """Opens the page on which a question is written, with nothing begun."""
    page = context.new_page()
    page.goto(ASK)
    note = page.locator("[data-draft-note]")
    if note.count():
        with page.expect_navigation():
            note.get_by_role("button", name="Discard").click()
    return page


def typed(page: Page, text: str) -> None:
    """Types a question's text."""
    page.locator("[data-editor] textarea").fill(text)


def said(page: Page, words: str) -> None:
    """Waits for what the page says of the draft."""
    expect(page.locator("[data-draft-status]")).to_contain_text(words)


def test_it_is_saved_confirmed_and_found_on_another_device(device):
    here = asking(device())
    words = f"Written on the train {next(numbers)}."
    here.locator("[name=title]").fill("Does the hub forget?")
    typed(here, words)
    said(here, "Draft saved")
    there = device().new_page()
    there.goto(ASK)
    expect(there.locator("[data-draft-note]")).to_contain_text(words)
    there.get_by_role("link", name="Continue your draft").click()
    expect(there.locator("[data-editor] textarea")).to_have_value(words)
    expect(there.locator("[name=title]")).to_have_value("Does the hub forget?")


def test_a_lost_connection_loses_nothing(device):
    context = device()
    page = asking(context)
    typed(page, "Before the tunnel.")
    said(page, "Draft saved")
    context.set_offline(True)
    words = f"In the tunnel {next(numbers)}."
    typed(page, words)
    said(page, "Offline: kept on this device")
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(ASK)
    expect(again.locator("[data-editor] textarea")).to_have_value(words)
    said(again, "Draft saved")
    other = device().new_page()
    other.goto(ASK)
    expect(other.locator("[data-draft-note]")).to_contain_text(words)


def test_of_two_tabs_neither_overwrites_the_other(device):
    context = device()
    first = asking(context)
    typed(first, "From the first tab.")
    said(first, "Draft saved")
    second = context.new_page()
    second.goto(f"{ASK}?draft=ask")
    typed(second, "From the second tab.")
    said(second, "Draft saved")
    typed(first, "From the first tab, and more.")
    clash = first.locator(".editor + .draft-clash")
    expect(clash).to_contain_text("another tab")
    expect(clash.locator("pre")).to_have_text("From the second tab.")
    clash.get_by_role("button", name="Keep mine").click()
    said(first, "Draft saved")
    first.goto("/en/account/drafts/")
    expect(first.locator(".drafts")).to_contain_text("From the first tab, and more.")
    first.get_by_text("There is another version of this draft").click()
    expect(first.locator(".draft-text")).to_have_text("From the second tab.")


def test_what_was_posted_is_no_draft_any_more(device):
    context = device()
    page = asking(context)
    number = next(numbers)
    page.locator("[name=title]").fill(f"Ended {number}: is the draft gone?")
    typed(page, f"It should be {number}.")
    said(page, "Draft saved")
    page.locator("main form .button-primary").first.click()
    page.wait_for_url("**/questions/*/ended-*/")
    page.goto(ASK)
    expect(page.locator("[data-editor] textarea")).to_have_value("")
    expect(page.locator("[data-draft-note]")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length") == 0


def met(context: BrowserContext) -> tuple[Page, str]:
    """Lets two edits of one text meet; returns the page on which the slower one decides, and the edit's address."""
    page = asking(context)
    number = next(numbers)
    page.locator("[name=title]").fill(f"Met {number}: which valve is it?")
    typed(page, "The first line.\n\nThe second line.")
    page.locator("main form .button-primary").first.click()
    page.wait_for_url("**/questions/*/met-*/")
    address = page.url.split("/met-")[0] + "/edit/"
    slow, quick = context.new_page(), context.new_page()
    for tab in (slow, quick):
        tab.goto(address)
    typed(quick, "The first line, quickly.\n\nThe second line.")
    quick.locator("[data-send]").click()
    quick.wait_for_url("**/met-*/")
    typed(slow, "The first line, slowly.\n\nThe second line, too.")
    slow.locator("[data-send]").click()
    conflict = slow.locator(".merge-conflict")
    expect(conflict).to_have_count(1)
    for words in ("The first line.", "The first line, quickly.", "The first line, slowly."):
        expect(conflict).to_contain_text(words)
    return slow, address


def test_two_edits_that_met_are_decided_on_a_phone(device):
    slow, _address = met(device(viewport={"width": 360, "height": 740}))
    conflict = slow.locator(".merge-conflict")
    assert slow.evaluate("document.documentElement.scrollWidth") <= 360
    conflict.locator("textarea").fill("The first line, at its own pace.")
    expect(conflict.locator("[value=edit]")).to_be_checked()
    slow.get_by_role("button", name="Save it so").click()
    slow.wait_for_url("**/met-*/")
    expect(slow.locator(".post .prose").first).to_contain_text("The first line, at its own pace.")
    expect(slow.locator(".post .prose").first).to_contain_text("The second line, too.")


def test_a_decision_between_two_edits_outlives_a_lost_connection(device):
    context = device()
    slow, address = met(context)
    slow.locator(".merge-conflict textarea").fill("The first line, kept.")
    said(slow, "Draft saved")
    context.set_offline(True)
    slow.locator(".merge-conflict textarea").fill("The first line, kept in the tunnel.")
    said(slow, "Offline: kept on this device")
    slow.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.locator(".merge-conflict textarea")).to_have_value("The first line, kept in the tunnel.")
    expect(again.locator(".merge-conflict [value=edit]")).to_be_checked()
    again.get_by_role("button", name="Save it so").click()
    again.wait_for_url("**/met-*/")
    expect(again.locator(".post .prose").first).to_contain_text("The first line, kept in the tunnel.")
    again.goto("/en/account/drafts/")
    expect(again.locator("main")).not_to_contain_text("kept in the tunnel")
