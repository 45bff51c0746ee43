"""Catalogues are compiled without msgfmt, when they are stale, and never half."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from portal.core.catalogues import compile_catalogues, stale_catalogues

RUSSIAN = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "Ask"
msgstr "Спросить"

#, fuzzy
msgid "Answer"
msgstr "Наверное, ответ"

msgid "%(count)s answer"
msgid_plural "%(count)s answers"
msgstr[0] "%(count)s ответ"
msgstr[1] "%(count)s ответа"
msgstr[2] "%(count)s ответов"

msgctxt "verb"
msgid "Vote"
msgstr "Голосовать"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A locales folder with one Russian catalogue."""
    source = tmp_path / "ru" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(RUSSIAN, encoding="utf-8")
    return tmp_path


def test_compiled_text_reads_as_gettext_expects(folder: Path) -> None:
    assert compile_catalogues(folder) == 1
    with (folder / "ru" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Ask") == "Спросить"
    forms = [compiled.ngettext("%(count)s answer", "%(count)s answers", n) for n in (1, 3, 5, 21)]
    assert forms == ["%(count)s ответ", "%(count)s ответа", "%(count)s ответов", "%(count)s ответ"]
    assert compiled.pgettext("verb", "Vote") == "Голосовать"


def test_an_uncertain_translation_is_left_out(folder: Path) -> None:
    compile_catalogues(folder)
    with (folder / "ru" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Answer") == "Answer"


def test_nothing_is_compiled_twice(folder: Path) -> None:
    compile_catalogues(folder)
    assert stale_catalogues(folder) == []
    assert compile_catalogues(folder) == 0


def test_an_edited_catalogue_is_stale(folder: Path) -> None:
    compile_catalogues(folder)
    source = folder / "ru" / "LC_MESSAGES" / "django.po"
    compiled = source.with_suffix(".mo").stat().st_mtime_ns
    os.utime(source, ns=(compiled + 1, compiled + 1))
    assert stale_catalogues(folder) == [source]


def test_a_broken_catalogue_leaves_the_compiled_one(folder: Path) -> None:
    compile_catalogues(folder)
    source = folder / "ru" / "LC_MESSAGES" / "django.po"
    before = source.with_suffix(".mo").read_bytes()
    source.write_text("what is this\n", encoding="utf-8")
    later = source.with_suffix(".mo").stat().st_mtime_ns + 1
    os.utime(source, ns=(later, later))
    with pytest.raises(OSError, match="Syntax error"):
        compile_catalogues(folder)
    assert source.with_suffix(".mo").read_bytes() == before


LIBRARY = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Ask"
msgstr "Задать"

msgid "Publish"
msgstr "Опубликовать"
"""


def test_the_words_of_a_library_are_added_and_ours_win(folder: Path) -> None:
    library = folder / "ru" / "LC_MESSAGES" / "wagtail.po"
    library.write_text(LIBRARY, encoding="utf-8")
    assert compile_catalogues(folder) == 1
    with (folder / "ru" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Publish") == "Опубликовать"
    assert compiled.gettext("Ask") == "Спросить"
    assert not library.with_suffix(".mo").exists()


def test_an_edited_library_catalogue_makes_the_language_stale(folder: Path) -> None:
    compile_catalogues(folder)
    library = folder / "ru" / "LC_MESSAGES" / "wagtail.po"
    library.write_text(LIBRARY, encoding="utf-8")
    later = (folder / "ru" / "LC_MESSAGES" / "django.mo").stat().st_mtime_ns + 1
    os.utime(library, ns=(later, later))
    assert stale_catalogues(folder) == [folder / "ru" / "LC_MESSAGES" / "django.po"]
