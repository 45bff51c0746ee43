"""Compiles the gettext catalogues in ``locales/``, in Python: a bare machine has no ``msgfmt``.

``python -m portal.core.catalogues`` compiles what is stale; it needs no Django.
"""

from pathlib import Path

LOCALES = Path(__file__).resolve().parents[2] / "locales"


def stale_catalogues(folder: Path = LOCALES) -> list[Path]:
    """Returns the ``.po`` files that have no ``.mo`` beside them, or an older one."""
    stale = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
            stale.append(source)
    return stale


def compile_catalogues(folder: Path = LOCALES) -> int:
    """Compiles the stale catalogues, leaving out fuzzy entries, and returns how many there were.

    Each file appears whole or not at all, so that a killed run leaves no half-written catalogue.
    """
    import polib

    stale = stale_catalogues(folder)
    for source in stale:
        written = source.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(written))
        written.replace(source.with_suffix(".mo"))
    return len(stale)


if __name__ == "__main__":
    compile_catalogues()
