"""What people come for, done in a real browser: find, ask, answer, accept, vote, comment, sign up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser

PASSWORD = "hiroba-demo"
FOUND_S = 15
"""Seconds within which the worker must have told the index of a new question, on a busy machine."""

Door = Callable[[str], Page]


@pytest.fixture
def come_in(browser: Browser, base_url: str) -> Iterator[Door]:
    """Opens a browser of its own for a demo member, signed in."""
    contexts: list[BrowserContext] = []

    def door(username: str) -> Page:
        context = browser.new_context(base_url=base_url, locale="en")
        contexts.append(context)
        page = context.new_page()
        page.goto("/en/account/login/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/account/login/" not in url)
        return page

    yield door
    for context in contexts:
        context.close()


def ask(page: Page, title: str, body: str = "It blinks **twice** and stops.") -> str:
    """Asks a question as its member; the address of its page."""
    page.goto("/en/questions/ask/")
    page.fill("#id_title", title)
    page.fill("#id_body", body)
    page.click("form.form button.button-primary")
    page.wait_for_url(lambda url: "/questions/ask/" not in url)
    expect(page.locator("h1")).to_have_text(title)
    return page.url


def unique(words: str) -> str:
    return f"{words} {uuid4().hex[:8]}?"


class TestFinding:
    def test_a_reader_finds_an_earlier_answer_and_its_words_are_marked(self, page: Page, complaints: list[str]) -> None:
        page.goto("/en/")
        page.fill("#hero-search", "leak alarm although nothing is wet")
        page.press("#hero-search", "Enter")
        page.wait_for_url("**/en/search/**")
        first = page.locator(".result").first
        expect(first.locator("mark").first).to_be_visible()
        first.locator("h2 a").click()
        expect(page.locator("#answers")).to_be_visible()

    def test_suggestions_come_while_typing_and_the_keyboard_opens_one(self, page: Page) -> None:
        page.goto("/en/questions/")
        page.type("#site-search", "leak ala", delay=20)
        option = page.locator("[role=option]").first
        expect(option).to_be_visible()
        page.press("#site-search", "ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        page.press("#site-search", "Enter")
        page.wait_for_url(lambda url: url.rstrip("/") != "/en/questions")
        expect(page.locator("h1")).to_contain_text("E-17")

    def test_earlier_questions_stand_beside_the_form_while_the_title_is_typed(self, come_in: Door) -> None:
        page = come_in("lena")
        page.goto("/en/questions/ask/")
        page.type("#id_title", "Leak alarm every night", delay=10)
        expect(page.locator("#similar .candidate summary").first).to_contain_text("E-17")

    @pytest.mark.parametrize("language", ["ru", "ja", "ar"])
    def test_each_language_finds_its_own(self, page: Page, language: str) -> None:
        page.goto(f"/{language}/search/?q=E-17&language={language}")
        expect(page.locator(f'.result-title a[lang="{language}"]').first).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", language)


class TestAskingAndAnswering:
    def test_a_question_is_asked_answered_accepted_and_found(self, come_in: Door) -> None:
        title = unique("Why does the valve hum")
        asker, expert = come_in("lena"), come_in("kenji")
        address = ask(asker, title)

        expert.goto(address)
        expert.fill("#id_body", "Air in the line: open the bleed screw for `10 s`.")
        expect(expert.locator("[data-editor-output] code")).to_have_text("10 s")
        expert.click("#your-answer button.button-primary")
        expert.wait_for_url("**#answer-*")

        asker.reload()
        asker.locator("article.post[id^=answer-] button", has_text="This solved it").click()
        expect(asker.locator(".post-accepted .accepted-mark")).to_be_visible()

        # The index is told of the question, the answer and the acceptance one after the other: ask until it knows all.
        found = asker.locator(".result", has_text=title)
        until = time.monotonic() + FOUND_S
        while time.monotonic() < until:
            asker.goto(f"/en/search/?q={title}")
            if found.locator(".result-good").count():
                break
            asker.wait_for_timeout(300)
        expect(found.locator(".result-title")).to_be_visible()
        expect(found.locator(".result-good")).to_be_visible()

    def test_votes_change_in_place_and_the_asker_cannot_vote(self, come_in: Door) -> None:
        asker, other = come_in("lena"), come_in("kenji")
        address = ask(asker, unique("Does the lamp mean rain"))
        expect(asker.locator("article.post button.vote-button")).to_have_count(0)
        other.goto(address)
        other.evaluate("window.stayed = true")
        up = other.locator("article.post .vote-button").first
        up.click()
        expect(other.locator("article.post .vote-score").first).to_have_text("1")
        other.locator("article.post .vote-button").first.click()
        expect(other.locator("article.post .vote-score").first).to_have_text("0")
        assert other.evaluate("window.stayed") is True

    def test_two_edit_at_once_and_nothing_is_overwritten(self, come_in: Door) -> None:
        asker, staff = come_in("lena"), come_in("mira")
        address = ask(asker, unique("Which screw goes where"))
        number = address.split("/questions/")[1].split("/")[0]
        for page in (asker, staff):
            page.goto(f"/en/questions/{number}/edit/")
        staff.fill("#id_body", "The words of the staff.")
        staff.click("form.form button.button-primary")
        staff.wait_for_url(lambda url: "/edit/" not in url)
        asker.fill("#id_body", "The words of the asker.")
        asker.click("form.form button.button-primary")
        passage = asker.locator(".merge-text")
        for words in ("The words of the staff.", "The words of the asker."):
            expect(passage).to_contain_text(words)
        asker.goto(f"/en/questions/{number}/")
        expect(asker.locator(f"#question-{number} .prose")).to_contain_text("The words of the staff.")

    def test_a_double_click_posts_one_question(self, come_in: Door) -> None:
        page = come_in("lena")
        title = unique("Is one click enough")
        page.goto("/en/questions/ask/")
        page.fill("#id_title", title)
        page.fill("#id_body", "Clicked twice in a hurry.")
        page.dblclick("form.form button.button-primary")
        page.wait_for_url(lambda url: "/questions/ask/" not in url)
        page.goto("/en/questions/?tab=newest")
        expect(page.locator(".question-row-title", has_text=title)).to_have_count(1)

    def test_a_refused_form_says_what_is_wrong_and_keeps_the_words(self, come_in: Door) -> None:
        page = come_in("lena")
        page.goto("/en/questions/ask/")
        page.fill("#id_title", "Hm")
        page.fill("#id_body", "Words that must not be lost.")
        page.click("form.form button.button-primary")
        expect(page.locator(".error-summary")).to_be_visible()
        expect(page.locator("#id_body")).to_have_value("Words that must not be lost.")

    def test_comments_and_replies(self, come_in: Door) -> None:
        asker, other = come_in("lena"), come_in("kenji")
        address = ask(asker, unique("Where is the manual"))
        other.goto(address)
        other.locator("article.post > .post-body > a.comment-begin").first.click()
        other.locator("article.post .comment-add textarea").first.fill("Under the *lid*.")
        other.locator("article.post .comment-add button[class=button]").first.click()
        expect(other.locator(".comment-body em")).to_have_text("lid")
        asker.reload()
        asker.locator(".comment a.comment-begin").first.click()
        expect(asker.locator(".comment .comment-add textarea").first).to_be_focused()
        asker.locator(".comment .comment-add textarea").first.fill("Found it, thanks.")
        asker.locator(".comment .comment-add button.button-small:not(.button-quiet)").first.click()
        expect(asker.locator(".comment .comment .comment-body")).to_contain_text("Found it, thanks.")


class TestWithoutScript:
    def test_a_member_asks_votes_and_comments(self, browser: Browser, base_url: str) -> None:
        context = browser.new_context(base_url=base_url, java_script_enabled=False)
        page = context.new_page()
        page.goto("/en/questions/ask/")
        page.wait_for_url(lambda url: "/en/account/login/?next=/en/questions/ask/" in url)
        page.fill("input[name=login]", "lena")
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: url.endswith("/en/questions/ask/"))
        title = unique("Does it work without scripts")
        page.fill("#id_title", title)
        page.fill("#id_body", "Plain *forms* only.")
        page.click("form.form button.button-primary")
        expect(page.locator(".prose em")).to_have_text("forms")
        page.locator("a.comment-begin").click()
        page.locator("[name=body]").fill("Does *this* help?")
        page.get_by_role("button", name="Post comment").click()
        expect(page.locator(".comment-body em")).to_have_text("this")
        page.locator(".comment a.comment-begin").click()
        expect(page.locator("blockquote em")).to_have_text("this")
        page.locator("[name=body]").fill("It does.")
        page.get_by_role("button", name="Post reply").click()
        expect(page.locator(".comment .comment .comment-body")).to_contain_text("It does.")
        page.goto("/en/search/?q=E-17&language=en&type=question")
        page.locator(".result-title a").first.click()
        up = page.locator("button.vote-button").first
        before = up.get_attribute("aria-pressed")
        up.click()
        expect(page.locator("button.vote-button").first).to_have_attribute(
            "aria-pressed", "false" if before == "true" else "true"
        )
        context.close()


class TestStrangers:
    def test_a_stranger_reads_everything_and_is_led_to_sign_in_for_the_rest(self, page: Page) -> None:
        page.goto("/en/questions/")
        page.locator(".question-row-title a").first.click()
        expect(page.locator("article.post").first).to_be_visible()
        expect(page.locator("form[method=post]")).to_have_count(0)
        page.locator("a.vote-button").first.click()
        page.wait_for_url(lambda url: "/en/account/login/?next=/en/questions/" in url)
