"""Makes ``.venv`` with the locked packages, once for each lock."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from launch.processes import follow
from portal.core.progress import Stage
from portal.settings.environment import ROOT

FOLDER = ROOT / ".venv"
MARKER = FOLDER / "installed.json"
RUNTIME_LOCK = ROOT / "requirements.txt"
DEVELOPMENT_LOCK = ROOT / "requirements" / "dev.txt"
PACKAGE = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)


class CannotInstall(Exception):
    """Why the packages cannot be installed, in one line."""


def python() -> Path:
    """The interpreter that sees the packages."""
    return FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def digest(lock: Path) -> str:
    """What identifies the content of a lock."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def installed() -> dict[str, str]:
    """The locks that are installed, by file name; empty when .venv is missing, half-made or made by another Python."""
    if not python().exists():
        return {}
    try:
        marks = json.loads(MARKER.read_text())
    except (OSError, ValueError):
        return {}
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return marks["locks"] if marks.get("python") == version else {}


def ensure(lock: Path = RUNTIME_LOCK) -> bool:
    """Installs ``lock`` unless it is there, and returns whether anything had to be done.

    The marker is written last: what a killed run left behind is made anew. Raises CannotInstall.
    """
    if installed().get(lock.name) == digest(lock):
        return False
    with lock.open("rb") as turn:
        # Two starts at once in one checkout: the second waits and then finds everything done.
        fcntl.flock(turn, fcntl.LOCK_EX)
        return make(lock)


def make(lock: Path) -> bool:
    """Does the work of ``ensure`` while no other process does it."""
    marks = installed()
    if marks.get(lock.name) == digest(lock):
        return False
    if not marks:
        with Stage("Making .venv"):
            make_folder()
    packages = len(PACKAGE.findall(lock.read_text()))
    MARKER.unlink(missing_ok=True)
    with Stage(f"Installing {packages} packages") as stage:
        install(lock, packages, stage.note)
    marks[lock.name] = digest(lock)
    if lock == DEVELOPMENT_LOCK:
        # The development lock holds all of the runtime's.
        marks[RUNTIME_LOCK.name] = digest(RUNTIME_LOCK)
    content = {"python": f"{sys.version_info.major}.{sys.version_info.minor}", "locks": marks}
    MARKER.write_text(json.dumps(content, indent=1))
    return True


def make_folder() -> None:
    """Makes an empty .venv in place of what may be there."""
    if FOLDER.is_symlink():
        raise CannotInstall(f"{FOLDER} is a link to an environment without {MARKER.name}: remove it and start again.")
    shutil.rmtree(FOLDER, ignore_errors=True)
    lines: list[str] = []
    if follow([sys.executable, "-m", "venv", FOLDER], lines.append):
        shutil.rmtree(FOLDER, ignore_errors=True)
        if any("ensurepip" in line for line in lines):
            raise CannotInstall("Python's venv module is not complete: install the package python3-venv.")
        raise CannotInstall(f".venv cannot be made: {(lines or ['no output'])[-1]}")


def install(lock: Path, packages: int, note: Callable[[str], None]) -> None:
    """Runs pip on a lock, with hashes checked; shows how many packages it has looked at."""
    command: list[str | Path] = [
        python(), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-compile", "--no-input",
        "--disable-pip-version-check", "--progress-bar", "off", "-r", lock,
    ]  # fmt: skip
    lines: list[str] = []

    def read(line: str) -> None:
        lines.append(line)
        if line.startswith("Installing collected"):
            note("unpacking")
        elif line.startswith(("Collecting ", "Requirement already satisfied")):
            seen = sum(text.startswith(("Collecting ", "Requirement already satisfied")) for text in lines)
            note(f"{seen} of {packages}")

    if follow(command, read):
        errors = [line for line in lines if line.startswith("ERROR")]
        raise CannotInstall(f"pip failed: {(errors or lines or ['no output'])[-1].removeprefix('ERROR: ')}")
