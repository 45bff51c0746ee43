"""Writing in a real browser: the bar, the preview, the draft, earlier questions while asking, one click one post."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser

MEMBER, PASSWORD = "lena", "hiroba-demo"
numbers = itertools.count(time.time_ns() % 10**9)


def sign_in(page: Page) -> None:
    """Signs the demo's customer in."""
    page.goto("/en/account/login/")
    page.locator("[name=login]").fill(MEMBER)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


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


@pytest.fixture
def asking(member: BrowserContext) -> Page:
    """The page on which a question is written."""
    page = member.new_page()
    page.goto("/en/questions/ask/")
    return page


class TestBar:
    @pytest.mark.parametrize(
        ("button", "before", "after"),
        [
            ("Bold", "word", "**word**"),
            ("Stress", "word", "*word*"),
            ("Code", "word", "`word`"),
            ("Heading", "word", "### word"),
            ("Quote", "one\ntwo", "> one\n> two"),
            ("List", "one\ntwo", "- one\n- two"),
            ("Numbered list", "one\ntwo", "1. one\n2. two"),
            ("Link", "word", "[word](https://)"),
            ("Link", "https://example.org/a", "[](https://example.org/a)"),
            ("Code", "one\ntwo", "```\none\ntwo\n```"),
        ],
    )
    def test_a_button_marks_what_is_selected(self, asking, button, before, after):
        area = asking.locator("[data-editor] textarea")
        area.fill(before)
        area.select_text()
        asking.locator("[data-editor-bar]").get_by_role("button", name=button, exact=True).click()
        expect(area).to_have_value(after)

    def test_a_list_is_taken_back_by_the_same_button(self, asking):
        area = asking.locator("[data-editor] textarea")
        area.fill("- one\n- two")
        area.select_text()
        asking.locator("[data-editor-bar]").get_by_role("button", name="List", exact=True).click()
        expect(area).to_have_value("one\ntwo")

    def test_it_can_be_undone(self, asking):
        area = asking.locator("[data-editor] textarea")
        area.press_sequentially("word")
        area.select_text()
        area.press("Control+b")
        expect(area).to_have_value("**word**")
        area.press("Control+z")
        expect(area).to_have_value("word")


class TestPreview:
    def test_it_shows_what_readers_will_see(self, asking):
        asking.locator("[data-editor] textarea").fill("**strong** words")
        expect(asking.locator("[data-editor-output] strong")).to_have_text("strong")

    def test_what_is_hostile_is_gone(self, asking):
        asking.locator("[data-editor] textarea").fill("<img src=x onerror=alert(1)><script>alert(2)</script>**x**")
        output = asking.locator("[data-editor-output]")
        expect(output.locator("strong")).to_have_text("x")
        assert output.locator("script, [onerror]").count() == 0

    def test_emptied_text_empties_it(self, asking):
        area = asking.locator("[data-editor] textarea")
        area.fill("**x**")
        expect(asking.locator("[data-editor-output] strong")).to_have_count(1)
        area.fill("")
        expect(asking.locator("[data-editor-output] strong")).to_have_count(0)


class TestDraft:
    def test_it_survives_a_reload(self, asking):
        asking.locator("[name=title]").fill("A title that is kept")
        asking.locator("[data-editor] textarea").fill("Words that are kept")
        asking.wait_for_timeout(800)
        asking.reload()
        expect(asking.locator("[name=title]")).to_have_value("A title that is kept")
        expect(asking.locator("[data-editor] textarea")).to_have_value("Words that are kept")

    def test_what_was_posted_does_not_come_back(self, asking):
        number = next(numbers)
        asking.locator("[name=title]").fill(f"Drafts {number}: does the hub forget what it was told?")
        asking.locator("[data-editor] textarea").fill("It should, once it has said it.")
        asking.wait_for_timeout(800)
        asking.locator("main form .button-primary").first.click()
        asking.wait_for_url("**/questions/*/drafts-*/")
        asking.goto("/en/questions/ask/")
        expect(asking.locator("[name=title]")).to_have_value("")
        expect(asking.locator("[data-editor] textarea")).to_have_value("")


class TestAsking:
    def test_earlier_questions_appear_while_the_title_is_typed(self, asking):
        asking.locator("[name=title]").press_sequentially("hub ring stays amber", delay=20)
        expect(asking.locator("#similar summary").first).to_contain_text("amber")

    def test_on_a_phone_they_stand_below_the_title(self, member):
        page = member.new_page()
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto("/en/questions/ask/")
        title = page.locator("[name=title]").bounding_box()
        similar = page.locator("#similar").bounding_box()
        text = page.locator("[data-editor] textarea").bounding_box()
        assert title["y"] < similar["y"] < text["y"]

    def test_two_clicks_make_one_question(self, asking, base_url):
        number = next(numbers)
        title = f"Double {number}: why does my valve click twice?"
        asking.locator("[name=title]").fill(title)
        asking.locator("[data-editor] textarea").fill("Once would do.")
        asking.locator("main form .button-primary").first.dblclick()
        asking.wait_for_url("**/questions/*/double-*/")
        asking.goto("/en/questions/?tab=newest")
        expect(asking.get_by_role("link", name=title)).to_have_count(1)

    def test_a_refused_form_says_what_and_keeps_the_words(self, asking):
        asking.locator("[name=title]").fill("Hm")
        asking.locator("[data-editor] textarea").fill("Words that must stay")
        asking.locator("main form .button-primary").first.click()
        expect(asking.locator(".error-summary")).to_be_focused()
        expect(asking.locator("[data-editor] textarea")).to_have_value("Words that must stay")


class TestVote:
    def question(self, page: Page) -> None:
        page.goto("/en/questions/?tab=newest")
        page.get_by_role("link", name="Zone 2 shows E-12 after mowing").first.click()
        page.wait_for_url("**/zone-2-*/")

    def test_it_counts_without_leaving_the_page_and_can_be_taken_back(self, member):
        page = member.new_page()
        self.question(page)
        score = page.locator(".vote-score").first
        before = int(score.inner_text())
        page.locator(".vote-button").first.click()
        expect(score).to_have_text(str(before + 1))
        expect(page.locator(".vote-button").first).to_have_attribute("aria-pressed", "true")
        page.locator(".vote-button").first.click()
        expect(score).to_have_text(str(before))

    def test_it_counts_without_a_script(self, browser, base_url, kept):
        context = browser.new_context(base_url=base_url, storage_state=kept, java_script_enabled=False)
        page = context.new_page()
        self.question(page)
        before = int(page.locator(".vote-score").first.inner_text())
        page.locator(".vote-button").first.click()
        page.wait_for_load_state()
        expect(page.locator(".vote-score").first).to_have_text(str(before + 1))
        page.locator(".vote-button").first.click()
        page.wait_for_load_state()
        expect(page.locator(".vote-score").first).to_have_text(str(before))
        context.close()

    def test_a_failure_is_said(self, member):
        page = member.new_page()
        self.question(page)
        page.route("**/questions/vote/**", lambda route: route.fulfill(status=500, body="oops"))
        page.locator(".vote-button").first.click()
        expect(page.locator(".toast")).to_have_text("That did not work. Please try again.")


class TestUnderAnArticle:
    @pytest.fixture
    def article(self, member: BrowserContext) -> Page:
        """An article with its comments open."""
        page = member.new_page()
        page.goto("/en/knowledge/")
        page.locator("main .card-link a").first.click()
        page.locator("#comments textarea").wait_for()
        return page

    def test_a_comment_is_written_as_anywhere_else_and_posted_once(self, article):
        form, words = article.locator("#comments form").last, f"number {next(numbers)}"
        area = form.locator("textarea")
        area.fill(words)
        area.select_text()
        form.get_by_role("button", name="Bold", exact=True).click()
        expect(area).to_have_value(f"**{words}**")
        expect(form.locator("[data-editor-output] strong")).to_have_text(words)
        expect(form.get_by_role("button", name="Mention a member")).to_have_count(0)
        form.get_by_role("button", name="Post comment").dblclick()
        expect(article.locator("#comments .comment strong", has_text=words)).to_have_count(1)

    def test_without_a_script_it_is_looked_at_first(self, browser, base_url, kept, article):
        context = browser.new_context(base_url=base_url, storage_state=kept, java_script_enabled=False)
        plain, words = context.new_page(), f"number {next(numbers)}"
        plain.goto(article.url)
        plain.locator("#comments textarea").fill(f"**{words}**")
        plain.get_by_role("button", name="Preview").click()
        expect(plain.locator("main .prose strong")).to_have_text(words)
        plain.get_by_role("button", name="Post comment").click()
        expect(plain.locator("#comments .comment strong", has_text=words)).to_have_count(1)
        context.close()
