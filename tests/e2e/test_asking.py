"""The conversation before a question, by two visitors: a stranger whose browser runs no scripts, and a member."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.test_frame import WIDER_THAN_THE_SCREEN, violations

pytestmark = pytest.mark.browser

PASSWORD = "hiroba-demo"
KNOWN = "Does the adaptive mode need a probe in every zone?"
IN_ARABIC = "إنذار تسرب E-17"
Opened = Callable[..., BrowserContext]


@pytest.fixture
def opened(browser: Browser, base_url: str) -> Iterator[Opened]:
    """Opens browsers of their own."""
    contexts: list[BrowserContext] = []

    def make(**given: object) -> BrowserContext:
        contexts.append(browser.new_context(base_url=base_url, **given))
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str) -> None:
    page.goto("/en/account/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/account/login/" not in url)


def typed(page: Page, title: str) -> None:
    """Types a title and waits for what is there."""
    page.locator("#id_title").press_sequentially(title, delay=10)
    expect(page.locator(".candidate").first).to_be_visible()


class TestWithScript:
    def test_a_member_reads_in_place_says_none_and_posts_all_she_typed(self, opened: Opened) -> None:
        page = opened().new_page()
        sign_in(page, "lena")
        page.goto("/en/questions/ask/")
        page.fill("#id_body", "It *hums* as well.")
        typed(page, "Leak alarm every night")
        first = page.locator(".candidate").first
        expect(first.locator("summary")).to_contain_text("E-17")
        first.locator("summary").click()
        expect(first.locator(".prose")).to_contain_text("water softener")
        assert page.url.endswith("/en/questions/ask/")
        assert violations(page) == []
        page.locator("button[name=none]").click()
        expect(page.locator(".candidate")).to_have_count(0)
        expect(page.locator("input[name=declined]")).to_have_count(1)
        page.fill("#id_title", "Does the garden gnome need a leak alarm at night too?")
        page.locator(".ask-form > .button-row .button-primary").click()
        page.wait_for_url(lambda url: "/questions/ask/" not in url)
        expect(page.locator(".prose em").first).to_have_text("hums")

    def test_this_answers_it_ends_happily_and_leads_back_with_everything(self, opened: Opened) -> None:
        page = opened().new_page()
        sign_in(page, "kenji")
        page.goto("/en/questions/ask/")
        page.fill("#id_body", "Every night at **three**.")
        typed(page, "Leak alarm every night")
        page.locator(".candidate summary").first.click()
        page.locator(".candidate .button-good").first.click()
        expect(page.locator("h1")).to_have_text("Glad you found it")
        assert violations(page) == []
        page.locator("main a[href$='/questions/ask/']").click()
        expect(page.locator("#id_body")).to_have_value("Every night at **three**.")
        expect(page.locator("#id_title")).to_have_value("Leak alarm every night")

    def test_what_was_asked_before_is_shown_once_more_and_posted_all_the_same(self, opened: Opened) -> None:
        page = opened().new_page()
        sign_in(page, "lena")
        page.goto("/en/questions/ask/")
        page.fill("#id_title", KNOWN)
        page.fill("#id_body", "The answer there did not help.")
        page.locator(".ask-form > .button-row .button-primary").click()
        expect(page.locator(".similar-confirm h2")).to_be_visible()
        expect(page.locator("#id_body")).to_have_value("The answer there did not help.")
        assert violations(page) == []
        page.locator(".similar-confirm .button-primary").click()
        page.wait_for_url(lambda url: "/questions/ask/" not in url)
        expect(page.locator("h1")).to_have_text(KNOWN)

    def test_an_opened_result_of_the_search_is_told_of_by_itself(self, opened: Opened) -> None:
        page = opened().new_page()
        with page.expect_request(lambda request: "/search/seen/" in request.url):
            page.goto("/en/search/?q=leak+alarm")
        told: list[str] = []
        page.on("request", lambda request: told.append(request.url) if "/search/opened/" in request.url else None)
        with page.expect_request(lambda request: "/search/opened/" in request.url):
            page.locator(".result-title a").first.click()
        page.wait_for_url(lambda url: "/search/" not in url)
        assert "?" not in page.url
        page.wait_for_timeout(200)
        assert len(told) == 1, "once"


class TestWithoutScript:
    def test_a_stranger_reads_the_answer_and_is_thanked(self, opened: Opened) -> None:
        page = opened(java_script_enabled=False).new_page()
        page.goto("/en/questions/")
        page.locator(".site-actions .button-primary").click()
        page.fill("#id_title", "Leak alarm every night")
        page.press("#id_title", "Enter")
        first = page.locator(".candidate").first
        first.locator("summary").click()
        expect(first.locator(".prose")).to_contain_text("water softener")
        first.locator(".button-good").click()
        expect(page.locator("h1")).to_have_text("Glad you found it")

    def test_none_of_these_leads_through_sign_in_into_the_form(self, opened: Opened) -> None:
        page = opened(java_script_enabled=False).new_page()
        page.goto("/en/questions/ask/begin/")
        page.fill("#id_title", "Leak alarm every night")
        page.press("#id_title", "Enter")
        page.locator("button[name=declined]").click()
        page.fill("input[name=login]", "lena")
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        expect(page.locator("#id_title")).to_have_value("Leak alarm every night")
        expect(page.locator(".candidate")).to_have_count(0)

    def test_a_member_looks_from_the_form_and_keeps_her_words(self, opened: Opened) -> None:
        page = opened(java_script_enabled=False).new_page()
        sign_in(page, "kenji")
        page.goto("/en/questions/ask/")
        page.fill("#id_title", "Leak alarm every night")
        page.fill("#id_body", "Not a word is lost.")
        page.locator("button[name=look]").click()
        expect(page.locator(".candidate").first).to_contain_text("E-17")
        expect(page.locator("#id_body")).to_have_value("Not a word is lost.")
        page.locator("button[name=none]").click()
        expect(page.locator("#id_body")).to_have_value("Not a word is lost.")


class TestEverywhere:
    @pytest.mark.parametrize(("language", "title"), [("en", "Leak alarm every night"), ("ar", IN_ARABIC)])
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_axe_finds_nothing_on_a_phone(self, opened: Opened, language: str, title: str, scheme: str) -> None:
        page = opened(viewport={"width": 360, "height": 740}, has_touch=True, color_scheme=scheme).new_page()
        heard: list[str] = []
        page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
        page.goto(f"/{language}/questions/ask/begin/")
        typed(page, title)
        page.locator(".candidate summary").first.click()
        expect(page.locator(".candidate .candidate-text > :not(.loading)").first).to_be_visible()
        assert violations(page) == []
        assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
        assert heard == []

    def test_staff_read_what_came_of_it(self, opened: Opened) -> None:
        page = opened(viewport={"width": 360, "height": 740}).new_page()
        sign_in(page, "mira")
        page.goto("/staff/")
        assert violations(page) == []
        page.locator("a[href='/staff/deflection/']").first.click()
        expect(page.locator("h1")).to_be_visible()
        assert violations(page) == []
        assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
        table = page.request.get("/staff/deflection/?format=csv").text().removeprefix("\ufeff")
        assert next(iter(csv.reader(io.StringIO(table))))[0] == "from"
