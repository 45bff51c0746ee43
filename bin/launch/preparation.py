"""Knows whether the data folder is ready for this code, so that a second start does nothing twice."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from launch import virtualenv
from launch.processes import follow
from portal.core.catalogues import stale_catalogues
from portal.settings.environment import ROOT, Environment

MARKER = "prepared.json"


class CannotPrepare(Exception):
    """Why the data cannot be made ready, in one line."""


def migration_names() -> set[str]:
    """The portal's own migrations as ``app.name``: packages' migrations change only with the lock."""
    return {
        f"{path.parent.parent.name}.{path.stem}"
        for folder in (ROOT / "portal", ROOT / "search")
        for path in folder.glob("**/migrations/[0-9]*.py")
    }


def static_digest() -> str:
    """Digest of the style sheets, scripts and pictures, and of the packages that bring more."""
    return files_digest(path for path in (ROOT / "portal").glob("**/static/**/*") if path.is_file())


def files_digest(paths: Iterable[Path]) -> str:
    """Digest of files' names, sizes and times, and of the installed lock."""
    digest = hashlib.sha256(virtualenv.digest(virtualenv.RUNTIME_LOCK).encode())
    for path in sorted(paths):
        known = path.stat()
        digest.update(f"{path.relative_to(ROOT)} {known.st_size} {known.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def fingerprint(environment: Environment, development: bool) -> dict[str, object]:
    """What a preparation depends on; an equal one means that there is nothing to do."""
    demo = [path for path in (ROOT / "portal").glob("**/demo/**/*") if path.is_file()] if environment.demo else []
    return {
        "migrations": sorted(migration_names()),
        "static": static_digest(),
        "demo": files_digest(demo) if environment.demo else "none",
        "development": development,
    }


def is_prepared(environment: Environment, wanted: Mapping[str, object]) -> bool:
    """Whether the data folder was prepared for ``wanted``, and its database and index are still there.

    Servers elsewhere are asked each time: what lies behind an address may have been replaced.
    """
    if environment.database_url or environment.elasticsearch_url:
        return False
    try:
        if json.loads((environment.data_dir / MARKER).read_text()) != wanted:
            return False
    except (OSError, ValueError):
        return False
    if not any((environment.data_dir / "search").glob("*")):
        return False
    return migration_names() <= applied_migrations(environment.data_dir / "portal.sqlite3")


def applied_migrations(database: Path) -> set[str]:
    """The migrations that an SQLite database has had; empty when it cannot be read."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            return {f"{app}.{name}" for app, name in connection.execute("SELECT app, name FROM django_migrations")}
    except sqlite3.Error:
        return set()


def compile_catalogues() -> None:
    """Compiles the translations that are newer than what was compiled from them."""
    if stale_catalogues():
        run([virtualenv.python(), "-m", "portal.core.catalogues"], os.environ)


def empty_metrics_folder(data: Path) -> Path:
    """Makes the folder in which the portal's processes count together; counts begin anew with each start."""
    folder = data / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def prepare(environment: Environment, variables: Mapping[str, str], wanted: Mapping[str, object]) -> None:
    """Brings database, static files, demo content and index up to date, and then says so in the data folder."""
    marker = environment.data_dir / MARKER
    marker.unlink(missing_ok=True)
    command: list[str | Path] = [virtualenv.python(), "manage.py", "prepare_portal"]
    command += ["--static-digest", str(wanted["static"]), *(["--demo"] if environment.demo else [])]
    run(command, variables)
    marker.write_text(json.dumps(wanted, indent=1))


def run(command: list[str | Path], variables: Mapping[str, str]) -> None:
    """Runs one step in the foreground; CannotPrepare when it fails, after what it printed itself."""
    code = follow(command, None, variables)
    if code:
        raise CannotPrepare(f"the preparation ended with {code}.")
