"""Comments and replies where they are begun: one form for the page, put in place by the script, and its draft."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.test_editor import kept  # noqa: F401  # a fixture
from tests.e2e.test_journeys import ask, unique
from tests.e2e.test_writing import member  # noqa: F401  # a fixture

pytestmark = pytest.mark.browser


def begin(page: Page, words: str) -> None:
    """Presses the first reply and writes."""
    page.locator(".comment a.comment-begin").first.click()
    page.locator(".comment .comment-add textarea").first.fill(words)


@pytest.fixture
def thread(member: BrowserContext) -> Page:  # noqa: F811
    """A new question's page with a comment on it."""
    reading = member.new_page()
    reading.goto(ask(reading, unique("Which light is meant")))
    reading.locator("article[id^=question-] > .post-body > a.comment-begin").click()
    area = reading.locator("article[id^=question-] .comment-add textarea").first
    area.fill("Which colour has the light?")
    reading.get_by_role("button", name="Post comment").click()
    expect(reading.locator(".comment").first).to_be_visible()
    return reading


def test_the_form_takes_the_place_of_what_began_it_and_folds(thread: Page) -> None:
    begin(thread, "It is red.")
    fold = thread.locator(".comment .comment-add").first
    expect(fold.get_by_label("Your reply")).to_have_value("It is red.")
    fold.locator("summary").click()
    expect(fold.locator("textarea")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("textarea")).to_have_value("It is red.")
    assert thread.locator(".comment .comment-add").count() == 1


def test_two_replies_are_two_forms_with_names_of_their_own(thread: Page) -> None:
    thread.reload()
    thread.locator("a.comment-begin").first.click()
    thread.locator("a.comment-begin").first.click()
    ids = thread.locator(".comment-add textarea").evaluate_all("all => all.map((one) => one.id)")
    tokens = thread.locator(".comment-add [name=once]").evaluate_all("all => all.map((one) => one.value)")
    assert len(set(ids)) == len(set(tokens)) == 2


def test_a_reply_that_was_begun_is_back_after_the_page_was_left(thread: Page) -> None:
    begin(thread, "It is red, and it blinks.")
    expect(thread.locator(".comment-add [data-draft-status]").first).to_contain_text("Draft saved")
    thread.reload()
    thread.get_by_role("button", name="Continue your draft").click()
    area = thread.locator(".comment .comment-add textarea").first
    expect(area).to_have_value("It is red, and it blinks.")
    expect(area).to_be_visible()
    thread.get_by_role("button", name="Post reply").click()
    expect(thread.locator(".comment .comment .comment-body").last).to_contain_text("It is red, and it blinks.")
    thread.reload()
    expect(thread.locator(".comment-add")).to_have_count(0)


def test_opened_in_another_tab_it_is_a_page_of_its_own(thread: Page) -> None:
    address = thread.locator(".comment a.comment-begin").first.get_attribute("href") or ""
    thread.goto(address)
    expect(thread.get_by_role("heading", name="Your reply")).to_be_visible()
    expect(thread.locator("blockquote")).to_contain_text("Which colour has the light?")


def test_on_a_phone_it_fits(browser: Browser, base_url: str, kept: Any, thread: Page) -> None:  # noqa: F811
    context: BrowserContext = browser.new_context(
        base_url=base_url, storage_state=kept, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(thread.url.split("#")[0])
    begin(page, "A long line of words " * 8)
    expect(page.locator(".comment-add [role=toolbar]").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
