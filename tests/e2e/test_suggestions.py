"""Suggestions while one types, in a real browser: nothing stale, every key, input methods, the reader's last searches.

The portal answers; where a test needs an answer to be late, the browser's route holds the portal's own one back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.test_frame import violations

pytestmark = pytest.mark.browser

ADDRESS = "**/search/suggest/?*"
TYPED_AT_ONCE = """(field, text) => {
  for (const letter of text) {
    field.value += letter;
    field.dispatchEvent(new InputEvent("input", { bubbles: true, data: letter }));
  }
}"""
"""Letter after letter without a pause: keys sent from outside come as slowly as the machine is busy."""


def asked(route: Route) -> str:
    """What a request for suggestions asks for."""
    return parse_qs(urlsplit(route.request.url).query)["q"][0]


def list_of(html_titles: list[str]) -> str:
    """A list as the portal makes it."""
    options = "".join(
        f'<a class="search-suggestion" role="option" href="/en/topics/">{each}</a>' for each in html_titles
    )
    return f'<div data-said="{len(html_titles)}"><div role="group" aria-label="Questions">{options}</div></div>'


@pytest.fixture
def field(page: Page):
    """The search field of the header on an English page."""
    page.goto("/en/questions/")
    return page.locator("#site-search")


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Waits, a while, for what the page does by itself."""
    deadline = time.monotonic() + 20
    while not holds() and time.monotonic() < deadline:
        page.wait_for_timeout(20)
    assert holds()


def options(page: Page):
    return page.locator(".site-search [role=option]")


class TestNothingStale:
    def test_an_answer_that_comes_late_is_dropped(self, page, field):
        held: list[Route] = []

        def answer(route: Route) -> None:
            if asked(route) == "pri":
                held.append(route)
            else:
                route.fulfill(body=list_of([f"for {asked(route)}"]), content_type="text/html")

        page.route(ADDRESS, answer)
        field.press_sequentially("pri")
        until(page, lambda: len(held) == 1)
        field.press_sequentially("nter")
        expect(options(page)).to_have_text(["for printer"])
        for route in held:
            route.fulfill(body=list_of(["for pri"]), content_type="text/html")
        page.wait_for_timeout(250)
        expect(options(page)).to_have_text(["for printer"])

    def test_what_is_shown_always_answers_what_stands_in_the_field(self, page, field):
        """Answers come in the wrong order and at odd moments; every letter is watched."""
        delays = {"pa": 400, "pap": 30, "pape": 260, "paper": 80, "paper ": 10}

        def answer(route: Route) -> None:
            route.fulfill(body=list_of([f"for {asked(route)}"]), content_type="text/html")

        page.route(ADDRESS, answer)
        page.evaluate(
            """delays => {
              const real = window.fetch;
              window.fetch = async (url, options) => {
                const answer = await real(url, { headers: options?.headers });
                await new Promise(done => setTimeout(done, delays[new URL(url).searchParams.get("q")] ?? 0));
                return answer;
              };
              window.wrong = [];
              const field = document.querySelector("#site-search");
              const watch = () => {
                for (const option of document.querySelectorAll(".site-search [role=option]"))
                  if (option.checkVisibility() && option.textContent !== `for ${field.value.trim()}`)
                    window.wrong.push(`${option.textContent} while ${field.value}`);
                requestAnimationFrame(watch);
              };
              watch();
            }""",
            delays,
        )
        for letter in "paper":
            field.press_sequentially(letter)
            page.wait_for_timeout(140)
        expect(options(page)).to_have_text(["for paper"])
        field.press("Backspace")
        field.press("Backspace")
        expect(options(page)).to_have_text(["for pap"])
        page.wait_for_timeout(500)
        expect(options(page)).to_have_text(["for pap"])
        assert page.evaluate("window.wrong") == []

    def test_an_emptied_field_shows_nothing_even_when_the_answer_comes_then(self, page, field):
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route(ADDRESS, hold)
        field.press_sequentially("printer")
        until(page, lambda: len(held) >= 1)
        field.fill("")
        for route in held:
            route.fulfill(body=list_of(["late"]), content_type="text/html")
        page.wait_for_timeout(200)
        expect(options(page)).to_have_count(0)
        expect(field).to_have_attribute("aria-expanded", "false")

    def test_fast_typing_asks_once(self, page, field):
        seen: list[str] = []
        page.route(ADDRESS, lambda route: (seen.append(asked(route)), route.fulfill(body=list_of(["x"]))))
        field.evaluate(TYPED_AT_ONCE, "printer")
        expect(options(page)).to_have_count(1)
        assert seen == ["printer"]


class TestTheRealList:
    def test_kinds_with_their_best_and_the_beginning_marked(self, page, complaints, field):
        field.press_sequentially("hub")
        expect(options(page).first).to_be_visible()
        assert 1 <= options(page).count() <= 8
        assert page.locator(".site-search [role=group]").count() >= 1
        expect(page.locator(".site-search [role=option] mark").first).to_have_text("hub", ignore_case=True)
        expect(page.locator(".site-search [role=status]")).to_contain_text(str(options(page).count()))
        assert violations(page) == []

    @pytest.mark.parametrize(
        ("language", "typed"), [("ru", "хаб"), ("ja", "水や"), ("ja", "みずや"), ("ar", "الم"), ("en", "schedlue")]
    )
    def test_each_script_finds_something(self, page, language, typed):
        page.goto(f"/{language}/questions/")
        page.locator("#site-search").press_sequentially(typed)
        expect(options(page).first).to_be_visible()
        box = page.locator(".search-suggestions").first.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= page.viewport_size["width"]

    def test_on_a_phone_by_touch(self, browser: Browser, base_url: str):
        context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, base_url=base_url)
        page = context.new_page()
        page.goto("/ar/questions/")
        page.locator("#site-search").tap()
        page.locator("#site-search").press_sequentially("hub")
        option = options(page).first
        expect(option).to_be_visible()
        box = option.bounding_box()
        assert box["height"] >= 40
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360
        target = option.get_attribute("href")
        option.tap()
        page.wait_for_url(lambda url: unquote(urlsplit(url).path) == unquote(target))
        context.close()


class TestKeyboard:
    @pytest.fixture(autouse=True)
    def three(self, page: Page) -> None:
        page.route(ADDRESS, lambda route: route.fulfill(body=list_of(["one", "two", "three"])))

    def test_arrows_home_and_end_choose_and_the_text_stays(self, page, field):
        field.press_sequentially("pa")
        expect(options(page)).to_have_count(3)
        expect(field).to_have_attribute("aria-expanded", "true")
        chosen = page.locator(".site-search [role=option][aria-selected=true]")
        steps = [
            ("ArrowDown", "one"), ("ArrowDown", "two"), ("End", "three"), ("Home", "one"), ("ArrowUp", None),
            ("ArrowUp", "three"), ("ArrowDown", None), ("ArrowDown", "one"),
        ]  # fmt: skip
        for key, expected in steps:
            field.press(key)
            expect(chosen).to_have_text([expected] if expected else [])
            active = field.get_attribute("aria-activedescendant")
            assert active == (chosen.get_attribute("id") if expected else None)
        expect(field).to_have_value("pa")
        expect(field).to_be_focused()

    def test_home_and_end_move_in_the_text_while_nothing_is_chosen(self, page, field):
        field.press_sequentially("pa")
        expect(options(page)).to_have_count(3)
        field.press("Home")
        assert field.evaluate("field => field.selectionStart") == 0

    def test_enter_opens_the_chosen_one_and_searches_without_one(self, page, field):
        field.press_sequentially("pa")
        expect(options(page)).to_have_count(3)
        field.press("ArrowDown")
        field.press("Enter")
        page.wait_for_url("**/en/topics/")
        page.goto("/en/questions/")
        page.locator("#site-search").press_sequentially("pa")
        expect(options(page)).to_have_count(3)
        page.locator("#site-search").press("Enter")
        page.wait_for_url("**/en/search/?q=pa")

    def test_escape_closes_and_an_arrow_opens_again(self, page, field):
        field.press_sequentially("pa")
        expect(options(page)).to_have_count(3)
        field.press("Escape")
        expect(page.locator(".site-search [role=listbox]")).to_be_hidden()
        expect(field).to_have_value("pa")
        field.press("ArrowDown")
        expect(options(page)).to_have_count(3)

    def test_markup_in_a_title_is_text(self, page, field):
        page.route(ADDRESS, lambda route: route.fulfill(body=list_of(["&lt;img src=x&gt;"])))
        field.press_sequentially("pa")
        expect(options(page)).to_have_text(["<img src=x>"])
        expect(page.locator(".site-search [role=option] img")).to_have_count(0)


class TestInputMethods:
    def test_the_keys_of_an_input_method_are_its_own(self, page):
        page.goto("/ja/questions/")
        field = page.locator("#site-search")
        field.focus()
        session = page.context.new_cdp_session(page)
        session.send("Input.imeSetComposition", {"text": "みずや", "selectionStart": 3, "selectionEnd": 3})
        expect(options(page).first).to_be_visible()
        field.evaluate(
            """field => { for (const key of ["ArrowDown", "Enter", "Escape"]) field.dispatchEvent(
                 new KeyboardEvent("keydown", { key, isComposing: true, bubbles: true, cancelable: true })) }"""
        )
        expect(options(page).first).to_be_visible()
        expect(page.locator(".site-search [aria-selected=true]")).to_have_count(0)
        expect(field).to_have_value("みずや")
        session.send("Input.insertText", {"text": "水や"})
        expect(field).to_have_value("水や")
        expect(options(page).first).to_be_visible()
        assert page.url.endswith("/ja/questions/")


class TestQuiet:
    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_a_refusal_leaves_a_plain_form(self, page, field, status):
        seen: list[str] = []
        page.route(
            ADDRESS,
            lambda route: (
                seen.append(asked(route)),
                route.fulfill(status=status, body="<html>no</html>", headers={"Retry-After": "60"}),
            ),
        )
        field.press_sequentially("paper")
        until(page, lambda: seen == ["paper"])
        page.wait_for_timeout(300)
        field.press_sequentially("s")
        until(page, lambda: status == 429 or len(seen) == 2)
        page.wait_for_timeout(300)
        expect(options(page)).to_have_count(0)
        assert seen == (["paper"] if status == 429 else ["paper", "papers"]), "after a 429 it waits"
        field.press("Enter")
        page.wait_for_url("**/en/search/?q=papers")

    def test_offline_it_says_nothing(self, page, complaints, field):
        page.route(ADDRESS, lambda route: route.abort())
        field.press_sequentially("paper")
        page.wait_for_timeout(300)
        expect(options(page)).to_have_count(0)
        expect(field).to_have_value("paper")


class TestLastSearches:
    def search(self, page: Page, text: str) -> None:
        page.goto("/en/questions/")
        page.locator("#site-search").fill(text)
        page.locator("#site-search").press("Enter")
        page.wait_for_url("**/en/search/?q=*")

    def test_they_are_offered_while_the_field_is_empty_and_can_be_forgotten(self, page, complaints):
        for text in ("hub", "<b>lamp", "hub"):
            self.search(page, text)
        page.goto("/en/questions/")
        page.locator("#site-search").focus()
        expect(options(page)).to_have_text(["hub", "<b>lamp"])
        assert violations(page) == []
        page.locator("#site-search").press("ArrowDown")
        page.locator("#site-search").press("ArrowDown")
        page.locator("#site-search").press("Enter")
        page.wait_for_url("**/en/search/?q=%3Cb%3Elamp")
        page.goto("/en/questions/")
        page.locator("#site-search").focus()
        page.locator(".site-search .search-suggestions button").click()
        expect(options(page)).to_have_count(0)
        assert page.evaluate("localStorage.getItem('recent-searches')") is None

    @pytest.mark.parametrize("kept", ["{", "[1, null]", '"x"', "{}"])
    def test_what_somebody_else_stored_there_does_no_harm(self, page, complaints, kept):
        page.add_init_script(f"localStorage.setItem('recent-searches', {kept!r})")
        page.goto("/en/questions/")
        page.locator("#site-search").focus()
        expect(options(page)).to_have_count(0)
        page.locator("#site-search").press_sequentially("hub")
        expect(options(page).first).to_be_visible()

    def test_they_leave_with_the_reader(self, page):
        page.goto("/en/account/login/")
        page.locator("input[name=login]").fill("mira")
        page.locator("input[name=password]").fill("hiroba-demo")
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        self.search(page, "hub")
        assert page.evaluate("localStorage.getItem('recent-searches')") == '["hub"]'
        page.locator(".site-actions details.menu[data-menu] summary").last.click()
        page.locator('form[action$="/account/logout/"] button').click()
        page.wait_for_function("localStorage.getItem('recent-searches') === null")
