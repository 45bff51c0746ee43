"""The editor in a real browser: the bar by keyboard, pictures pasted and chosen, members behind an @, code to copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.test_editor import kept, sign_in  # noqa: F401  # a fixture
from tests.factories.files import photo

pytestmark = pytest.mark.browser

PASTE = """async (area, [name, type, side]) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side / 2 });
  const paper = canvas.getContext("2d");
  for (let n = 0; n < 400; n++) {
    paper.fillStyle = `hsl(${n} 70% 50%)`;
    paper.fillRect((n * 37) % side, (n * 53) % side, side / 9, side / 9);
  }
  const blob = await new Promise((done) => canvas.toBlob(done, type, 0.9));
  const brought = new DataTransfer();
  brought.items.add(new File([blob], name, { type }));
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: brought, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def member(browser: Browser, base_url: str, kept: Any) -> Iterator[BrowserContext]:  # noqa: F811
    """A browser of the demo's customer."""
    context = browser.new_context(base_url=base_url, storage_state=kept)
    yield context
    context.close()


@pytest.fixture
def reading(member: BrowserContext) -> Page:
    """A question's page, with an empty answer below it."""
    page = member.new_page()
    page.goto("/en/search/?q=Zone+2+shows+E-12+after+mowing")
    page.get_by_role("link", name="Zone 2 shows E-12 after mowing").first.click()
    page.wait_for_url("**/zone-2-*/")
    page.locator("#your-answer textarea").fill("")
    return page


@pytest.fixture
def area(reading: Page) -> Locator:
    """The text of the answer."""
    return reading.locator("#your-answer textarea")


class TestBar:
    def test_it_is_one_stop_of_the_tab_key_and_arrows_go_along_it(self, reading, area):
        bar = reading.locator("#your-answer [role=toolbar]")
        expect(bar).to_have_accessible_name("Formatting")
        assert bar.locator("button[tabindex='0']").count() == 1
        area.focus()
        reading.keyboard.press("Shift+Tab")
        expect(bar.get_by_role("button", name="Bold")).to_be_focused()
        reading.keyboard.press("ArrowRight")
        expect(bar.get_by_role("button", name="Stress")).to_be_focused()
        reading.keyboard.press("End")
        expect(bar.get_by_role("button", name="Picture or file")).to_be_focused()
        reading.keyboard.press("ArrowRight")
        expect(bar.get_by_role("button", name="Bold")).to_be_focused()

    def test_from_right_to_left_the_arrows_turn_round(self, member):
        page = member.new_page()
        page.goto("/ar/questions/ask/")
        buttons = page.locator("[role=toolbar] button")
        buttons.first.focus()
        page.keyboard.press("ArrowLeft")
        expect(buttons.nth(1)).to_be_focused()

    @pytest.mark.parametrize(
        ("keys", "after"),
        [
            ("Control+b", "**word**"),
            ("Control+i", "*word*"),
            ("Control+e", "`word`"),
            ("Control+Shift+e", "```\nword\n```"),
            ("Control+Shift+Period", "> word"),
            ("Control+Shift+8", "- word"),
            ("Control+Shift+7", "1. word"),
            ("Control+k", "[word](https://)"),
        ],
    )
    def test_keys_do_the_same(self, area, keys, after):
        area.fill("word")
        area.select_text()
        area.press(keys)
        expect(area).to_have_value(after)

    def test_enter_goes_on_with_a_list_and_ends_it(self, area):
        area.press_sequentially("1. one")
        area.press("Enter")
        area.press_sequentially("two")
        area.press("Enter")
        expect(area).to_have_value("1. one\n2. two\n3. ")
        area.press("Enter")
        expect(area).to_have_value("1. one\n2. two\n")


class TestPictures:
    def test_a_pasted_photo_is_shrunk_sent_and_shown(self, reading, area):
        area.evaluate(PASTE, ["my hub.jpg", "image/jpeg", 3000])
        expect(area).to_have_value(re.compile(r"^!\[my hub\]\(/uploads/[\w-]{22}/my%20hub\.jpg\)\n$"))
        shown = reading.locator("#your-answer [data-editor-output] img")
        expect(shown).to_have_attribute("width", "2000")
        expect(shown).to_have_js_property("complete", True)
        assert shown.evaluate("picture => picture.naturalWidth") == 2000
        expect(reading.locator("#your-answer .editor-file")).to_have_count(0)

    def test_a_chosen_one_loses_its_place(self, reading, area):
        with reading.expect_file_chooser() as choosing:
            reading.locator("#your-answer").get_by_role("button", name="Picture or file").click()
        choosing.value.set_files({"name": "beach.jpg", "mimeType": "image/jpeg", "buffer": photo()})
        expect(area).to_have_value(re.compile(r"/beach\.jpg\)"))
        address = re.search(r"/uploads/\S+\.jpg", area.input_value())[0]
        assert b"Secret" not in reading.request.get(address).body()

    def test_what_is_refused_is_said_and_leaves_no_mark(self, reading, area):
        with reading.expect_file_chooser() as choosing:
            reading.locator("#your-answer").get_by_role("button", name="Picture or file").click()
        choosing.value.set_files({"name": "page.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
        expect(reading.locator("#your-answer .field-error")).to_contain_text("page.svg")
        expect(area).to_have_value("")

    def test_a_lost_connection_is_said_and_the_text_stays(self, reading, area):
        reading.route("**/questions/uploads/", lambda route: route.abort())
        area.fill("My words")
        area.press("End")
        area.evaluate(PASTE, ["hub.png", "image/png", 60])
        expect(reading.locator("#your-answer .field-error")).to_contain_text("hub.png")
        expect(area).to_have_value(re.compile(r"^My words\s*$"))

    def test_a_paste_of_words_stays_words(self, area):
        area.evaluate(
            """(area) => {
              const brought = new DataTransfer();
              brought.setData("text/plain", "A1");
              brought.items.add(new File(["x"], "cell.png", { type: "image/png" }));
              const paste = new ClipboardEvent("paste", { clipboardData: brought, bubbles: true, cancelable: true });
              area.dataset.taken = String(!area.dispatchEvent(paste));
            }"""
        )
        expect(area).to_have_attribute("data-taken", "false")


class TestMembers:
    def test_they_are_offered_and_taken_by_the_keyboard(self, reading, area):
        area.press_sequentially("Thank you, @ken", delay=30)
        offered = reading.locator("#your-answer [role=listbox]")
        expect(offered.get_by_role("option").first).to_contain_text("@kenji")
        expect(area).to_have_attribute("aria-activedescendant", re.compile(r"members-\d+-0"))
        area.press("Enter")
        expect(area).to_have_value("Thank you, @kenji ")
        expect(offered).to_be_hidden()
        expect(reading.locator("#your-answer [data-editor-output] a")).to_have_text("@kenji")

    def test_not_in_code_and_not_after_escape(self, reading, area):
        area.press_sequentially("`@ken", delay=30)
        reading.wait_for_timeout(600)
        expect(reading.locator("#your-answer [role=listbox]")).to_be_hidden()
        area.fill("")
        area.press_sequentially("@ken", delay=30)
        expect(reading.locator("#your-answer [role=option]").first).to_be_visible()
        area.press("Escape")
        expect(reading.locator("#your-answer [role=listbox]")).to_be_hidden()
        expect(area).to_have_value("@ken")


class TestRest:
    def test_code_says_its_language_and_can_be_copied(self, reading, area, member):
        member.grant_permissions(["clipboard-read", "clipboard-write"])
        area.fill("```python\nx = 1\ny = 2\n```")
        block = reading.locator("#your-answer .code-block")
        expect(block.locator("pre")).to_have_attribute("data-language", "Python")
        block.get_by_role("button", name="Copy").click()
        assert reading.evaluate("navigator.clipboard.readText()") == "x = 1\ny = 2"

    def test_a_comment_gets_the_same_editor_when_somebody_comes_to_it(self, reading):
        reading.locator("a.comment-begin").first.click()
        adding = reading.locator(".comment-add:has(textarea:focus)")
        expect(adding.locator("textarea")).to_be_focused()
        expect(adding.locator("[role=toolbar]")).to_be_visible()
        adding.locator("textarea").fill("Which **one**?")
        expect(adding.locator("[data-editor-output] strong")).to_have_text("one")

    def test_on_a_phone_nothing_is_wider_than_the_screen(self, reading, area):
        reading.set_viewport_size({"width": 360, "height": 740})
        area.fill("```\n" + "a long line of code " * 20 + "\n```")
        expect(reading.locator("#your-answer .code-block")).to_be_visible()
        assert reading.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def test_without_a_script_files_and_a_preview_go_through_the_form(self, browser, base_url, kept):  # noqa: F811
        context = browser.new_context(base_url=base_url, storage_state=kept, java_script_enabled=False)
        page = context.new_page()
        page.goto("/en/questions/ask/")
        page.locator("[name=title]").fill("Does it work without scripts?")
        page.locator("[name=body]").fill("**Look:**")
        page.locator("[name=files]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
        page.get_by_role("button", name="Attach and preview").click()
        expect(page.locator(".prose strong")).to_have_text("Look:")
        expect(page.locator(".prose img")).to_have_count(1)
        expect(page.locator("[name=title]")).to_have_value("Does it work without scripts?")
        context.close()
