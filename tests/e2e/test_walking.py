"""Every page of questions as its readers meet it, filled: axe, small phones, fingertips, the dark, right to left.

One browser walks through many pages, so that each costs a second: what is wrong is told at the end, by page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.e2e.scene import ASKER, HELPER, NEWCOMER, PASSWORD, STAFF
from tests.e2e.test_frame import WIDER_THAN_THE_SCREEN, violations

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}
OWN = {
    "inbox": "/inbox/",
    "follows": "/account/follows/",
    "notifications": "/account/notifications/",
    "drafts": "/account/drafts/",
    "bookmarks": "/account/bookmarks/",
    "suggestions": "/questions/suggestions/",
    "my suggestions": "/questions/suggestions/?tab=mine",
    "to confirm": "/questions/to-confirm/",
    "wanted": "/questions/?tab=wanted",
    "saved searches": "/account/searches/",
    "profile": "/account/profile/",
    "settings": "/account/settings/",
    "tokens": "/account/tokens/",
    "addresses": "/account/email/",
    "password": "/account/password/change/",
    "sign out": "/account/logout/",
    "answers of the newcomer": f"/members/{NEWCOMER}/?tab=answers",
    "ask": "/questions/ask/",
}
"""What every member has, full or empty."""
QUEUES = {
    "staff": "/staff/",
    "edits": "/staff/edits/",
    "duplicates": "/staff/duplicates/",
    "releases": "/staff/releases/",
    "votes in series": "/staff/votes/",
    "decisions": "/staff/questions/",
    "deleted posts": "/staff/deleted/?kind=question",
    "audit": "/staff/audit/",
    "gaps": "/staff/search/?status=all",
    "deflection": "/staff/deflection/",
}
ADMIN = {
    "term import": "/cms/termbase/import/",
    "terms removed": "/cms/removed/termentry/",
    "promotions removed": "/cms/removed/promotion/",
    "reported comments": "/cms/reports/comments/",
}
OPEN = {
    "member": f"/members/{HELPER}/",
    "answers of a member": f"/members/{HELPER}/?tab=answers",
    "questions of a member": f"/members/{ASKER}/?tab=questions",
    "reputation of a member": f"/members/{HELPER}/?tab=reputation",
    "members found": "/members/?q=scene&sort=newest",
    "badges": "/badges/",
    "search by kind": "/search/?q=hub&type=question&type=article&sort=newest",
    "search by state": "/search/?q=hub&status=accepted&language=en&time=year&sort=votes",
    "search by topic": "/search/?topic=loom-of-the-scene&product=loom-of-the-scene&sort=active",
    "search too narrow": f"/search/?q={'spindle' * 12}&type=article&status=answered&topic=loom-of-the-scene&exact=1",
    "search past the end": "/search/?q=hub&page=40",
    "begin": "/questions/ask/begin/",
    "reset": "/account/password/reset/",
    "follow": "/follow/topic/loom-of-the-scene/",
}
"""What everybody may read."""
STAFFS = (
    *(
        "thread",
        "edit",
        "settle",
        "versions",
        "votes",
        "product",
        "release",
        "archived",
        "locked",
        "anonymous",
        "reveal",
    ),
    *("propose", "merge", "merge preview", "history", "comparison", "version", "answer history"),
    *("suggestion", "improve", "refused", "comment history", "rendered", "contested", "gap", *QUEUES),
)
ASKERS = ("thread", "closed", "obsolete", "details", "emptied", "duplicate", "contest", "sign", "suggest",
          "comment", "comment edit", "edit", "conflict", "proposed", "reputation of a member", *OWN)  # fmt: skip
HELPERS = ("answer edit", "conflict of answers", "member")
STRANGERS = ("thread", "archived", "anonymous", "duplicate", "history", "unsubscribe", "quiet", "to confirm",
             "oldest answers", "print", "topic", *OPEN)  # fmt: skip
REFUSED = (
    "deleted",
    "settle",
    "reveal",
    "merge",
    "contest",
    "improve",
    "comment edit",
    "duplicates",
    "audit",
    "gap",
    "gaps",
)
SMALLER_THAN_A_FINGERTIP = """
() => [..."button,summary,select,textarea,.button,[type=text]".split(",")]
    .flatMap((kind) => [...document.querySelectorAll(`main ${kind}`)])
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width && box.height && box.height < 43.5)
    .map(([one, box]) => `${one.tagName}.${one.className} "${one.textContent.trim()}" ${Math.round(box.height)} px`)
"""


class Walker:
    """A reader with one browser, who notes what is wrong with the pages that she opens."""

    def __init__(self, browser: Browser, base_url: str, scene: dict[str, str], **device: Any) -> None:
        self.places = {**OWN, **QUEUES, **OPEN, **ADMIN, **scene}
        self.context = browser.new_context(base_url=base_url, reduced_motion="reduce", **device)
        self.page: Page = self.context.new_page()
        self.wrong: list[str] = []
        self.heard: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.heard.append(message.text)

    def sign_in(self, username: str, *, password: str = PASSWORD) -> None:
        """Signs her in."""
        self.page.goto("/en/account/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/account/login/" not in url)

    def open(self, language: str, name: str) -> int:
        """Opens a page by its name and returns its status; staff pages speak the language that was read last."""
        path = self.places[name]
        answer = self.page.goto(path if path.startswith(("/staff/", "/cms/")) else f"/{language}{path}")
        assert answer is not None, name
        return answer.status

    def look(self, name: str, *rules: str) -> None:
        """Notes what axe finds, what is wider than the screen, and what the browser complained of."""
        found = violations(self.page, *rules) + self.page.evaluate(WIDER_THAN_THE_SCREEN) + self.heard
        if self.page.locator("h1").count() != 1:
            found.append("not one heading")
        self.wrong += [f"{name}: {each}" for each in found]
        self.heard.clear()

    def look_by_other_light(self, name: str, scheme: str) -> None:
        """Notes what cannot be read in the other of the two themes."""
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        self.page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
        self.wrong += [f"{name}, {scheme}: {each}" for each in violations(self.page, "color-contrast")]
        self.page.emulate_media(color_scheme=None)

    def look_under_a_finger(self, name: str) -> None:
        """Notes what is too small to be pressed on a phone."""
        self.wrong += [f"{name}: {each}" for each in self.page.evaluate(SMALLER_THAN_A_FINGERTIP)]


@pytest.fixture
def walker(browser: Browser, base_url: str, scene: dict[str, str]) -> Iterator[Any]:
    """Makes readers."""
    made: list[Walker] = []

    def new(username: str = "", **device: Any) -> Walker:
        made.append(Walker(browser, base_url, scene, **device))
        if username:
            made[-1].sign_in(username)
        return made[-1]

    yield new
    for each in made:
        each.context.close()


READERS = {
    "staff": (STAFF, STAFFS),
    "asker": (ASKER, ASKERS),
    "helper": (HELPER, HELPERS),
    "stranger": ("", STRANGERS),
}


@pytest.mark.parametrize("reader", READERS)
class TestFilledPages:
    def test_on_a_small_phone_everybody_can_use_them(self, walker, reader):
        username, pages = READERS[reader]
        her = walker(username, **PHONE)
        for name in pages:
            assert her.open("en", name) == 200, name
            her.look(name)
            her.look_under_a_finger(name)
            her.look_by_other_light(name, "dark")
        assert not her.wrong, "\n".join(her.wrong)

    def test_from_right_to_left_and_in_the_dark(self, walker, reader):
        username, pages = READERS[reader]
        her = walker(username, **DESK)
        for name in pages:
            assert her.open("ar", name) == 200, name
            direction = her.page.evaluate("document.documentElement.dir")
            assert direction == "rtl" or her.places[name].startswith("/staff/"), name
            her.look(name, "color-contrast")
        assert not her.wrong, "\n".join(her.wrong)


def test_empty_pages_and_refusals_are_pages_too(walker):
    her = walker(NEWCOMER, **PHONE)
    for name in OWN:
        assert her.open("en", name) == 200, name
        her.look(name)
        her.look_under_a_finger(name)
    for name in REFUSED:
        assert her.open("ar", name) in (403, 404), name
        her.look(name)
    assert not her.wrong, "\n".join(her.wrong)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_preview_that_needs_no_script_is_a_page_too(walker, language):
    her = walker(ASKER, **PHONE)
    for name in ("ask", "edit", "comment edit"):
        her.open(language, name)
        her.page.locator("main textarea[name=body]").first.fill("| a | b |\n|---|---|\n| اضغط | **x** |\n\n" + "w" * 90)
        her.page.locator("[name=preview]").first.evaluate("(button) => button.form.requestSubmit(button)")
        expect(her.page.locator("main .card .prose strong")).to_have_text("x")
        her.look(f"preview of {name}")
        her.look_under_a_finger(f"preview of {name}")
        her.look_by_other_light(f"preview of {name}", "dark")
    assert not her.wrong, "\n".join(her.wrong)


def test_what_both_changed_is_asked_in_both_lights(walker):
    her, his = walker(ASKER, **PHONE), walker(HELPER, **DESK)
    for writer, name, scheme in ((her, "conflict", "dark"), (his, "conflict of answers", "light")):
        assert writer.open("ar", name) == 200
        expect(writer.page.locator(".merge-conflict").first).to_be_visible()
        writer.look(name)
        writer.look_by_other_light(name, scheme)
        assert not writer.wrong, "\n".join(writer.wrong)


OF_THE_ADMIN = ("term effect", "term import", "terms removed", "promotions removed", "reported comments")
JUDGED = ("label", "list", "listitem", "td-headers-attr", "scope-attr-valid", "empty-heading", "heading-order",
          "link-name", "button-name", "select-name", "html-has-lang", "duplicate-id-aria")  # fmt: skip


def test_what_the_portal_puts_into_the_admin_is_fit_for_everybody(walker):
    """Of the admin's own frame nothing is judged: only what the portal puts into it."""
    his = walker(**DESK)
    his.sign_in("mira", password="hiroba-demo")
    for name in OF_THE_ADMIN:
        assert his.open("en", name) == 200, name
        his.wrong += [f"{name}: {each}" for each in violations(his.page, *JUDGED) + his.heard]
        his.heard.clear()
    assert not his.wrong, "\n".join(his.wrong)


def test_a_moderator_looks_an_author_up_in_a_browser(walker):
    his = walker(STAFF, **PHONE)
    his.open("en", "reveal")
    his.page.fill("[name=reason]", "A neighbour asks who reads the meter.")
    his.page.locator("main form .button-danger").click()
    expect(his.page.locator("main .card")).to_contain_text("Lena-Katharina")
    his.look("revealed")
    assert not his.wrong, "\n".join(his.wrong)


def test_the_frame_leaves_a_small_screen_to_the_page(walker):
    """A member's header has the most in it; where the page brings a search field of its own, one is enough."""
    her = walker(ASKER, **PHONE)
    for language in ("en", "ru", "ja", "ar"):
        her.page.goto(f"/{language}/questions/")
        header = her.page.locator(".site-header").bounding_box()
        assert header is not None and header["height"] < 125, language
        expect(her.page.locator("#site-search")).to_be_visible()
        for own, path in (("#hero-search", "/"), ("#page-search", "/search/?q=hub")):
            her.page.goto(f"/{language}{path}")
            expect(her.page.locator(own)).to_be_visible()
            expect(her.page.locator("#site-search")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_of_an_account_stand_beside_it_on_a_desk(walker, language):
    her = walker(ASKER, **DESK)
    for path in ("/account/drafts/", "/account/searches/", "/account/password/change/"):
        her.page.goto(f"/{language}{path}")
        menu, title = her.page.locator(".account-tabs").bounding_box(), her.page.locator("h1").bounding_box()
        assert menu is not None and title is not None
        beside = (
            menu["x"] + menu["width"] <= title["x"] if language == "en" else title["x"] + title["width"] <= menu["x"]
        )
        assert beside and abs(menu["y"] - title["y"]) < 40, path
        assert her.page.evaluate("scrollY") == 0, path
        places = her.page.locator(".account-tabs a").evaluate_all("(all) => all.map((one) => one.offsetTop)")
        assert places == sorted(set(places)), path


STEADY = """
() => new Promise((done) => {
    let moved = 0;
    new PerformanceObserver((list) => {
        for (const each of list.getEntries()) if (!each.hadRecentInput) moved += each.value;
    }).observe({ type: "layout-shift", buffered: true });
    const unsized = [...document.images].filter((one) => !one.getAttribute("width")).map((one) => one.src);
    setTimeout(() => done([moved, unsized]), 300);
})
"""


@pytest.mark.parametrize("reader", ["", ASKER])
def test_nothing_moves_while_a_page_comes_in_and_all_of_it_comes_from_here(walker, base_url, reader):
    her = walker(reader, **PHONE)
    asked: list[str] = []
    her.page.on("request", lambda request: asked.append(request.url))
    for name in ("thread", "search by kind", "member"):
        her.open("en", name)
        her.page.wait_for_load_state("networkidle")
        moved, unsized = her.page.evaluate(STEADY)
        assert moved <= 0.02, name
        assert unsized == [], name
    assert [each for each in asked if not each.startswith((base_url, "data:"))] == []


SENT_EMPTY = {"settle": "status", "contest": "words", "reveal": "reason", "suggest": "reason", "product": "label"}


@pytest.mark.parametrize("name", SENT_EMPTY)
def test_a_form_sent_empty_says_what_is_missing(walker, name):
    """The browser's own check is switched off, as in a browser that has none: the page says it, and says it first."""
    her = walker(ASKER if name in ("contest", "suggest", "comment", "propose") else STAFF, **PHONE)
    her.open("en", name)
    form = her.page.locator(f"main form:has([name={SENT_EMPTY[name]}])").first
    form.evaluate("(form) => { form.noValidate = true; }")
    form.locator("button:not([type=button]):visible").first.click()
    expect(her.page.locator(".field-error, .error-summary").first).to_be_visible()
    her.look(name)
    assert not her.wrong, "\n".join(her.wrong)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_seldom_done_opens_by_a_button_and_stays_on_the_screen(walker, language):
    his = walker(STAFF, **PHONE)
    his.open(language, "thread")
    for place in ("article[id^=question-] > .post-body > .post-foot", ".comment >> nth=0", "article.post-accepted"):
        menu = his.page.locator(place).locator("details.post-more").first
        expect(menu.locator(".menu-panel")).to_be_hidden()
        menu.locator("summary").press("Enter")
        box = menu.locator(".menu-panel").bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360, place
        his.look_under_a_finger(place)
        his.page.keyboard.press("Escape")
        expect(menu.locator(".menu-panel")).to_be_hidden()
        expect(menu.locator("summary")).to_be_focused()
    assert not his.wrong, "\n".join(his.wrong)


def test_a_choice_brings_what_it_needs_also_without_a_script(walker):
    his = walker(STAFF, **PHONE)
    his.open("en", "settle")
    kept = his.context.storage_state()
    without = walker("", java_script_enabled=False, storage_state=kept, **PHONE)
    without.open("en", "settle")
    for page in (his.page, without.page):
        expect(page.locator("[name=why]")).to_be_hidden()
        page.check("[value=closed]")
        expect(page.locator("[name=why]")).to_be_visible()
        expect(page.locator("[name=duplicate_of]")).to_be_hidden()
        page.check("[value=duplicate]")
        expect(page.locator("[name=duplicate_of]")).to_be_visible()
        expect(page.locator("[name=why]")).to_be_hidden()


def test_who_only_reads_can_copy_code_and_scroll_what_is_wide(walker):
    her = walker("", **PHONE)
    her.open("en", "thread")
    block = her.page.locator("article[id^=question-] .code-block").first
    expect(block.locator(".code-copy")).to_be_visible()
    expect(block.locator("pre")).to_have_attribute("tabindex", "0")
    assert her.heard == []
