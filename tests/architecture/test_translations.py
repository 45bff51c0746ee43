"""The catalogues hold exactly the words of the code, and Russian, Japanese and Arabic are complete."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import polib
import pytest

from tests import servers
from tests.architecture.sources import ROOT, tracked

LANGUAGES = {"ru": {3, 4}, "ja": {1}, "ar": {6}}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue(language: str) -> polib.POFile:
    """The catalogue of a language."""
    return polib.pofile(str(ROOT / "locales" / language / "LC_MESSAGES" / "django.po"))


def key(entry: polib.POEntry) -> tuple[str, str]:
    """What makes a message the same one."""
    return entry.msgctxt or "", entry.msgid


@cache
def words_of_the_code() -> frozenset[tuple[str, str]]:
    """Every message that makemessages finds in a copy of the project."""
    if shutil.which("xgettext") is None:
        raise servers.CannotRun("stale catalogues: gettext is not installed")
    import tempfile

    with tempfile.TemporaryDirectory(prefix="hiroba-messages-") as folder:
        for name in tracked("portal/**", "search/**", "manage.py"):
            target = Path(folder) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
        (Path(folder) / "locales").mkdir()
        subprocess.run(
            [sys.executable, "-m", "django", "makemessages", "--locale", "xx", "--no-location", "--settings",
             "portal.settings.test"],
            cwd=folder, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": folder},
        )  # fmt: skip
        found = polib.pofile(str(Path(folder) / "locales" / "xx" / "LC_MESSAGES" / "django.po"))
        return frozenset(key(entry) for entry in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_not_stale(language: str, required_here: object) -> None:
    wanted = words_of_the_code()
    have = {key(entry) for entry in catalogue(language) if not entry.obsolete}
    missing = sorted(text for _, text in wanted - have)
    assert missing == [], "run make translate"


@pytest.fixture
def required_here() -> None:
    """Skips, or fails where everything is required, when gettext is missing."""
    from tests.conftest import cannot_run

    try:
        words_of_the_code()
    except servers.CannotRun as reason:
        cannot_run(reason)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_translation_is_complete(language: str) -> None:
    entries = [entry for entry in catalogue(language) if not entry.obsolete]
    assert [entry.msgid for entry in entries if entry.fuzzy] == []
    assert [entry.msgid for entry in entries if not entry.translated()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    read = catalogue(language)
    declared = int(re.search(r"nplurals\s*=\s*(\d+)", read.metadata["Plural-Forms"]).group(1))  # type: ignore[union-attr]
    assert declared in LANGUAGES[language]
    plural = [entry for entry in read if entry.msgid_plural and not entry.obsolete]
    assert [entry.msgid for entry in plural if len(entry.msgstr_plural) != declared] == []


NUMBERS = {
    f"%({name}){kind}"
    for name in ("count", "documents", "last", "more", "number", "searches", "shown", "times", "minutes", "weight")
    for kind in "sd"
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_kept(language: str) -> None:
    wrong = []
    for entry in catalogue(language):
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        for form, text in (entry.msgstr_plural or {0: entry.msgstr}).items():
            found = set(PLACEHOLDER.findall(text))
            # Arabic names none, one and two in words; every other form keeps the number.
            in_words = NUMBERS if language == "ar" and entry.msgid_plural and form in (0, 1, 2) else set()
            missing = wanted - found - in_words
            if text and (found - wanted or missing):
                wrong.append(f"{entry.msgid!r} → {text!r}")
    assert wrong == []


LIBRARY_APPS = (
    "wagtail",
    "wagtail.admin",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.locales",
    "wagtail.snippets",
    "wagtail.users",
    "wagtail_localize",
)


@cache
def words_of_wagtail(language: str) -> dict[tuple[str, str], bool]:
    """Every message of Wagtail and wagtail-localize, and whether their makers have put it into a language."""
    found: dict[tuple[str, str], bool] = {}
    for name in LIBRARY_APPS:
        place = Path(importlib.import_module(name).__file__ or "").parent / "locale"
        found |= {key(entry): False for entry in polib.pofile(str(place / "en" / "LC_MESSAGES" / "django.po"))}
        done = polib.pofile(str(place / language / "LC_MESSAGES" / "django.po")).translated_entries()
        found |= {key(entry): True for entry in done}
    return found


def library_words() -> list[polib.POEntry]:
    """What we put into Japanese for Wagtail."""
    return list(polib.pofile(str(ROOT / "locales" / "ja" / "LC_MESSAGES" / "wagtail.po")))


def test_only_words_that_wagtail_lacks_in_japanese_are_added() -> None:
    wanted = {each for each, done in words_of_wagtail("ja").items() if not done}
    assert {key(entry) for entry in library_words()} - wanted == set()


def test_hardly_any_word_of_wagtail_is_left_in_english() -> None:
    have = {key(entry) for entry in library_words()} | {key(entry) for entry in catalogue("ja")}
    left = [each for each, done in words_of_wagtail("ja").items() if not done and each not in have]
    assert len(left) < 0.02 * len(words_of_wagtail("ja"))


def test_the_words_of_wagtail_keep_their_placeholders() -> None:
    for entry in library_words():
        texts = [entry.msgstr_plural[0]] if entry.msgid_plural else [entry.msgstr]
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        assert [set(PLACEHOLDER.findall(text)) for text in texts] == [wanted], entry.msgid
