"""Compiles the gettext catalogues in ``locales/``, in Python: a bare machine has no ``msgfmt``.

A language's ``django.po`` holds our own words. Any other ``.po`` beside it holds what a library's makers have not
translated yet; both go into the one ``django.mo`` that Django reads, ours first.

``python -m portal.core.catalogues`` compiles what is stale; it needs no Django.
"""

from pathlib import Path

LOCALES = Path(__file__).resolve().parents[2] / "locales"


def stale_catalogues(folder: Path = LOCALES) -> list[Path]:
    """Returns each ``django.po`` that has no ``.mo`` beside it, or one older than any catalogue of its language."""
    stale = []
    for source in sorted(folder.glob("*/LC_MESSAGES/django.po")):
        compiled = source.with_suffix(".mo")
        newest = max(each.stat().st_mtime_ns for each in source.parent.glob("*.po"))
        if not compiled.exists() or compiled.stat().st_mtime_ns < newest:
            stale.append(source)
    return stale


def compile_catalogues(folder: Path = LOCALES) -> int:
    """Compiles the stale languages, leaving out fuzzy entries, and returns how many there were.

    Each file appears whole or not at all, so that a killed run leaves no half-written catalogue.
    """
    import polib

    stale = stale_catalogues(folder)
    for source in stale:
        written = source.with_suffix(".mo.new")
        catalogue = polib.pofile(str(source))
        ours = {(entry.msgctxt, entry.msgid) for entry in catalogue}
        for library in sorted(set(source.parent.glob("*.po")) - {source}):
            added = polib.pofile(str(library)).translated_entries()
            catalogue.extend(entry for entry in added if (entry.msgctxt, entry.msgid) not in ours)
        catalogue.save_as_mofile(str(written))
        written.replace(source.with_suffix(".mo"))
    return len(stale)


if __name__ == "__main__":
    compile_catalogues()
