"""The frame of every page in a real browser: theme, menus, skip link, narrow screens, no script, accessibility."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.pages import DEEP_PAGES, MAIN_PAGES

pytestmark = pytest.mark.browser

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDER_THAN_THE_SCREEN = """
() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width && (box.right > wide + 1 || box.left < -1))
    .slice(0, 8).map(([one]) => `${one.tagName} ${one.getAttribute("class")}`)
    .concat(["the page scrolls sideways"]);
}
"""


@pytest.fixture(scope="module")
def phone(browser: Browser, base_url: str) -> Iterator[BrowserContext]:
    """A small phone."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, base_url=base_url)
    yield context
    context.close()


@pytest.fixture(scope="module")
def scriptless(browser: Browser, base_url: str) -> Iterator[BrowserContext]:
    """A small phone without JavaScript."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, base_url=base_url)
    yield context
    context.close()


def paper(page: Page) -> float:
    """The lightness of what the page is painted on, 0 to 1."""
    painted = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    number = painted.split("(")[1].split()[0].rstrip(",")
    return float(number) if "oklch" in painted or "oklab" in painted else float(number) / 255


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong on a page, told so that it can be mended; ``rules`` names the only ones to look for."""
    only = list(rules) or STANDARDS
    found = Axe().run(page, options={"runOnly": only})
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')[:300]}"
        for one in found.response["violations"]
        for node in one["nodes"][:4]
    ]


def go_deep(page: Page, language: str, name: str) -> None:
    """Opens a page by the first link that leads to one of its kind."""
    start, link = DEEP_PAGES[name]
    page.goto(f"/{language}{start}")
    address = page.locator(link).first.get_attribute("href")
    assert address
    page.goto(address)


def open_page(page: Page, language: str, name: str) -> None:
    """Opens one of the main pages or one that they lead to."""
    if name in DEEP_PAGES:
        go_deep(page, language, name)
    else:
        page.goto(f"/{language}{MAIN_PAGES[name]}")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", [*MAIN_PAGES, *DEEP_PAGES])
class TestEveryPage:
    def test_axe_finds_nothing_and_it_speaks_its_language(self, page, language, name):
        page.emulate_media(color_scheme="light")
        open_page(page, language, name)
        root = page.locator("html")
        expect(root).to_have_attribute("lang", language)
        expect(root).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        expect(page.locator("h1")).to_have_count(1)
        assert violations(page) == []

    def test_nothing_is_wider_than_a_small_phone(self, phone, language, name):
        page = phone.new_page()
        open_page(page, language, name)
        assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
        page.close()


@pytest.mark.parametrize("name", [*MAIN_PAGES, *DEEP_PAGES])
class TestEveryPageInOneLanguage:
    def test_it_can_be_read_in_the_dark(self, page, name):
        page.emulate_media(color_scheme="dark")
        open_page(page, "en", name)
        assert paper(page) < 0.5
        assert violations(page, "color-contrast") == []

    def test_the_policy_refuses_nothing(self, page, complaints, name):
        open_page(page, "ja", name)
        page.wait_for_load_state("networkidle")
        assert complaints == []


class TestTheme:
    def test_it_follows_the_system(self, browser, base_url):
        for scheme, light in (("light", True), ("dark", False)):
            context = browser.new_context(color_scheme=scheme, base_url=base_url)
            page = context.new_page()
            page.goto("/en/questions/")
            assert (paper(page) > 0.5) is light
            context.close()

    def test_a_choice_holds_on_the_next_page(self, page):
        page.emulate_media(color_scheme="light")
        page.goto("/en/questions/")
        page.locator("[data-theme-toggle]").click()
        assert paper(page) < 0.5
        page.goto("/en/topics/")
        assert paper(page) < 0.5
        page.locator("[data-theme-toggle]").click()
        assert paper(page) > 0.5

    def test_a_choice_is_there_before_the_first_paint(self, page):
        page.add_init_script("localStorage.setItem('theme', 'dark')")
        page.route("**/js/shell.js", lambda route: route.abort())
        page.goto("/en/questions/")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    def test_a_strange_choice_is_ignored(self, page):
        page.emulate_media(color_scheme="light")
        page.add_init_script("localStorage.setItem('theme', '\"><script>')")
        page.goto("/en/questions/")
        assert paper(page) > 0.5


class TestKeyboard:
    def test_the_first_key_skips_the_header(self, page):
        page.goto("/en/questions/")
        page.keyboard.press("Tab")
        expect(page.locator(".skip-link")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()

    def test_slash_leads_to_the_search(self, page):
        page.goto("/en/questions/")
        page.keyboard.press("/")
        expect(page.locator("#site-search")).to_be_focused()
        page.keyboard.type("a/b")
        expect(page.locator("#site-search")).to_have_value("a/b")

    def test_escape_closes_a_menu_and_gives_the_focus_back(self, page):
        page.goto("/en/questions/")
        menu = page.locator(".site-actions details.menu").first
        menu.locator("summary").click()
        expect(menu).to_have_attribute("open", "")
        page.keyboard.press("Escape")
        expect(menu).not_to_have_attribute("open", "")
        expect(menu.locator("summary")).to_be_focused()

    def test_a_click_elsewhere_closes_a_menu(self, page):
        page.goto("/en/questions/")
        menu = page.locator(".site-actions details.menu").first
        menu.locator("summary").click()
        page.locator("h1").click()
        expect(menu).not_to_have_attribute("open", "")


class TestNarrow:
    def test_the_menu_opens_without_a_script(self, scriptless):
        page = scriptless.new_page()
        page.goto("/en/questions/")
        links = page.locator("#site-nav a")
        expect(links.first).to_be_hidden()
        page.locator(".site-nav-toggle").click()
        expect(links.first).to_be_visible()
        links.filter(has_text="Topics").click()
        page.wait_for_url("**/en/topics/")
        page.close()

    def test_the_language_changes_without_a_script(self, scriptless):
        page = scriptless.new_page()
        page.goto("/en/questions/")
        page.locator(".site-actions details.menu summary").first.click()
        page.locator(".menu-panel a[hreflang=ar]").click()
        page.wait_for_url("**/ar/questions/")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        page.close()

    def test_the_search_works_without_a_script(self, scriptless):
        page = scriptless.new_page()
        page.goto("/en/questions/")
        page.locator("#site-search").fill("paper")
        page.locator("#site-search").press("Enter")
        page.wait_for_url("**/en/search/?q=paper")
        page.close()

    def test_what_needs_a_script_is_not_shown_without(self, scriptless):
        page = scriptless.new_page()
        page.goto("/en/questions/")
        expect(page.locator("[data-theme-toggle]")).to_be_hidden()
        page.close()

    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_the_header_is_no_taller_than_two_rows(self, phone, language):
        page = phone.new_page()
        page.goto(f"/{language}/questions/")
        assert page.locator(".site-header").bounding_box()["height"] < 125
        page.close()

    def test_open_menus_stay_on_the_screen(self, phone):
        page = phone.new_page()
        for language in ("en", "ar"):
            page.goto(f"/{language}/questions/")
            page.locator(".site-actions details.menu summary").first.click()
            box = page.locator(".menu-panel").first.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360
        page.close()


def test_times_are_in_words_of_the_page(page):
    page.goto("/ar/questions/")
    time = page.locator("time[data-relative]").first
    expect(time).to_have_attribute("datetime", time.get_attribute("datetime"))
    assert time.get_attribute("title")


def test_print_shows_the_text_alone(page):
    page.set_viewport_size({"width": 800, "height": 1100})
    go_deep(page, "en", "question")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    assert page.locator(".post .prose").first.bounding_box()["width"] > 600
    assert paper(page) > 0.5
