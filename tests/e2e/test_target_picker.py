"""Naming the earlier question in a real browser: candidates as one types, read in place, chosen by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .test_editor import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def kept(browser: Browser, base_url: str) -> Any:
    """What a browser keeps of a member who is signed in."""
    context = browser.new_context(base_url=base_url)
    sign_in(context.new_page())
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def member(browser: Browser, base_url: str, kept: Any) -> Iterator[BrowserContext]:
    """A browser of the demo's customer."""
    context = browser.new_context(base_url=base_url, storage_state=kept)
    yield context
    context.close()


def open_questions(page: Page) -> list[str]:
    """The addresses of questions in English that wait for an answer."""
    page.goto("/en/questions/?tab=unanswered&language=en")
    links = page.locator(".question-row-title a")
    return [str(link.get_attribute("href")) for link in links.all()]


@pytest.fixture
def picking(member: BrowserContext) -> Page:
    """The page on which a member says that a question was asked before."""
    page = member.new_page()
    number = re.search(r"/questions/(\d+)/", open_questions(page)[0])
    assert number
    page.goto(f"/en/questions/{number.group(1)}/duplicate/")
    return page


def test_candidates_come_as_one_types_and_are_read_in_place(picking: Page) -> None:
    picking.get_by_label("Find the other question").press_sequentially("leak alarm", delay=30)
    expect(picking.get_by_text("Which of these?")).to_be_visible()
    first = picking.locator("#targets .candidate").first
    expect(first.locator(".target-name")).to_contain_text(re.compile("leak", re.IGNORECASE))
    first.locator("summary").click()
    expect(first.locator(".candidate-text .prose").first).to_be_visible()


def test_an_address_that_is_pasted_is_the_one(picking: Page, base_url: str) -> None:
    picking.get_by_label("Find the other question").fill(f"{base_url}/en/questions/12/")
    expect(picking.locator("#targets input[type=radio]")).to_have_count(1)
    assert picking.locator("#targets input[type=radio]").get_attribute("value") == "12"


def test_nothing_found_says_so(picking: Page) -> None:
    picking.get_by_label("Find the other question").fill("999999999")
    expect(picking.get_by_text("No question like this.")).to_be_visible()


def test_it_is_done_by_keyboard_alone(picking: Page) -> None:
    words = picking.get_by_label("Find the other question")
    words.press_sequentially("battery", delay=30)
    expect(picking.get_by_text("Which of these?")).to_be_visible()
    words.press("Tab")
    picking.keyboard.press("Space")
    expect(picking.locator("#targets input[type=radio]:checked")).to_have_count(1)


def test_it_needs_no_script(browser: Browser, base_url: str, kept: Any, picking: Page) -> None:
    context = browser.new_context(base_url=base_url, storage_state=kept, java_script_enabled=False)
    page = context.new_page()
    page.goto(picking.url.removeprefix(base_url))
    page.get_by_label("Find the other question").fill("battery")
    page.get_by_role("search").get_by_role("button", name="Search").last.click()
    expect(page.locator("#targets input[type=radio]").first).to_be_attached()
    context.close()
