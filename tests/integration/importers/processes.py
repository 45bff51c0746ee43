"""Commands of a portal of its own, as real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


def environment(data: Path, **more: str) -> dict[str, str]:
    """The variables of a portal of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    own = {"PORTAL_DATA_DIR": str(data), "PORTAL_SECRET_KEY": "only-for-tests", "PYTHONPATH": str(ROOT)}
    return kept | own | more


def manage(data: Path, *args: str, **more: str) -> subprocess.Popen[str]:
    """Starts a command of the portal whose data lie in ``data``; more: further variables."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *args],
        cwd=ROOT, env=environment(data, **more), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def done(data: Path, *args: str, code: int = 0, **more: str) -> str:
    """Runs a command to its end and returns what it printed; fails where it ends with another code."""
    process = manage(data, *args, **more)
    said, _ = process.communicate(timeout=400)
    assert process.returncode == code, said
    return said


def kept_state(data: Path, **more: str) -> Any:
    """Returns the state of the site in another portal."""
    code = "import json; from tests.integration.importers.state import state; print(json.dumps(state(), default=str))"
    return json.loads(done(data, "shell", "-v0", "-c", code, **more).splitlines()[-1])
