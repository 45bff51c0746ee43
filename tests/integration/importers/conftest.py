"""Running the import as an operator does."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from .processes import done

Run = Callable[..., str]


@pytest.fixture
def run() -> Run:
    """Imports a folder and returns what was printed; raises CommandError where it ends with 1."""

    def _run(folder: Path, *, language: str = "en", site: str | None = "hinges") -> str:
        out = StringIO()
        more = ["--site", site] if site else []
        call_command("import_stackexchange", str(folder), "--language", language, *more, stdout=out)
        return out.getvalue()

    return _run


@pytest.fixture(scope="session")
def migrated(django_db_setup: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an empty portal."""
    if django_db_setup.exists():
        return django_db_setup.parent
    data = tmp_path_factory.mktemp("portal")
    done(data, "migrate", "-v0")
    return data
