"""Makes the pictures of the README in docs/images/ from a portal with the demo content (bin/screenshots).

The pictures are taken from what runs, never retouched: when the look changes, run it again.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.portal_server import CHROMIUM_FLAGS, ROOT, chromium, portal

FOLDER = ROOT / "docs" / "images"
DESK = (1280, 860)
PHONE = (390, 844)
MEMBER, PASSWORD = "lena", "hiroba-demo"


def nothing(page: Page) -> None:
    """Takes the page as it is."""


def ask(page: Page) -> None:
    """Types a question, so that earlier ones and the preview appear."""
    page.locator("[name=title]").press_sequentially("Hub ring stays amber after the router was changed", delay=15)
    page.locator("[data-editor] textarea").fill(
        "The app says **E-40**, and the ring is *steady* amber.\n\n1. unplugged the hub\n2. held the button"
    )
    page.locator("#similar .candidate").first.wait_for()
    page.locator("[data-editor-output] strong").wait_for()


def suggest(page: Page) -> None:
    """Types into the search, so that suggestions appear."""
    page.locator("#hero-search").press_sequentially("valve", delay=30)
    with contextlib.suppress(Exception):
        page.locator("[role=option]").first.wait_for(timeout=3000)


def first_question(page: Page) -> None:
    """Opens the first question that is found and solved."""
    page.locator(".result:has(.result-good) .result-title a").first.click()
    page.wait_for_load_state("networkidle")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its file's name, the address, the screen, the theme, what is done first, and whether signed in."""

    name: str
    path: str
    screen: tuple[int, int] = DESK
    theme: str = "light"
    act: Callable[[Page], None] = nothing
    member: bool = False


PICTURES = (
    Picture("home", "/en/"),
    Picture("question", "/en/search/?q=hub+ring+amber&status=accepted", act=first_question),
    Picture("search", "/ja/search/?q=Hub"),
    Picture("ask", "/en/questions/ask/", act=ask, member=True),
    Picture("article", "/en/knowledge/set-up-rill/", theme="dark"),
    Picture("article-arabic", "/ar/knowledge/change-a-valve-membrane/"),
    Picture("experts", "/ru/experts/", theme="dark"),
    Picture("phone-questions", "/ar/questions/", screen=PHONE),
    Picture("phone-home", "/ja/", screen=PHONE, theme="dark"),
)


def signed_in(browser: Browser, address: str) -> dict[str, object]:
    """What the browser keeps of the demo's customer."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/en/account/login/")
    page.locator("[name=login]").fill(MEMBER)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto("/en/")
    kept: dict[str, object] = dict(context.storage_state())
    context.close()
    return kept


def take(browser: Browser, address: str, picture: Picture, kept: dict[str, object]) -> Path:
    """Takes one picture and returns its file; an answer other than 200 raises RuntimeError."""
    width, height = picture.screen
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme=picture.theme,
        storage_state=kept if picture.member else None,
        device_scale_factor=2 if picture.screen == PHONE else 1,
        reduced_motion="reduce",
    )
    page = context.new_page()
    answer = page.goto(picture.path)
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{picture.path} answered {answer.status if answer else 'nothing'}")
    page.wait_for_load_state("networkidle")
    picture.act(page)
    page.wait_for_timeout(300)
    path = FOLDER / f"{picture.name}.png"
    page.screenshot(path=path)
    context.close()
    with Image.open(path) as taken:
        taken.convert("RGB").save(path, optimize=True)
    return path


@contextlib.contextmanager
def address_of(given: str | None) -> Iterator[str]:
    """The portal to look at: the given one, or one of our own."""
    if given:
        yield given.rstrip("/")
        return
    folder = Path(tempfile.mkdtemp(prefix="hiroba-screenshots-"))
    try:
        with portal(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Takes all pictures, or the named ones."""
    parser = argparse.ArgumentParser(prog="bin/screenshots", description="Make the pictures of the README.")
    parser.add_argument("address", nargs="?", help="a running portal with the demo content")
    parser.add_argument("--only", action="append", help="the name of a picture to take; may be repeated")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with address_of(options.address) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        kept = signed_in(browser, address)
        for picture in PICTURES:
            if not options.only or picture.name in options.only:
                path = take(browser, address, picture, kept)
                print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} kB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
