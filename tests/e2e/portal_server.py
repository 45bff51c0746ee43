"""A portal of its own for browser tests: prepared data, web server and worker, as bin/portal runs them."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests import servers

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 300
"""Seconds within which a portal with demo content must answer on a busy machine."""


CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """Returns the program of Chromium, or raises ``CannotRun``."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise servers.CannotRun("Chromium is not installed (Debian: apt-get install chromium)")
    return found


def variables(folder: Path, port: int) -> dict[str, str]:
    """The environment of the portal's processes."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_PORT": str(port),
        "PORTAL_DEMO": "1",
        "PORTAL_RATE_LIMITS": "0",
        # Chance would hide the suggestions from one test in twenty.
        "PORTAL_SEARCH_HOLDOUT_PERCENT": "0",
        "PYTHONUNBUFFERED": "1",
    }


def commands(port: int) -> list[list[str]]:
    """The web server and the worker."""
    return [
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--blocking-threads", "4", "--no-ws", "--log-level", "warning", "portal.wsgi:application"),
        ],
        [sys.executable, "manage.py", "run_worker"],
    ]


@contextlib.contextmanager
def portal(folder: Path) -> Iterator[str]:
    """Runs a portal with demo content on a free port and gives its address; raises CannotRun when it does not start."""
    port = servers.free_port()
    environment = variables(folder, port)
    subprocess.run([sys.executable, "-m", "portal.core.catalogues"], cwd=ROOT, env=environment, check=True)
    prepared = subprocess.run(
        [sys.executable, "manage.py", "prepare_portal", "--demo"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    if prepared.returncode:
        raise AssertionError(f"prepare_portal failed:\n{prepared.stdout}\n{prepared.stderr}")
    url = f"http://127.0.0.1:{port}"
    with contextlib.ExitStack() as stack:
        log = stack.enter_context((folder / "portal.log").open("wb"))
        running = []
        for command in commands(port):
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            stack.callback(servers.end, process)
            running.append(process)
        deadline = time.monotonic() + PATIENCE_S
        while not servers.answers(f"{url}/readyz"):
            if any(process.poll() is not None for process in running) or time.monotonic() > deadline:
                raise AssertionError(f"the portal did not start:\n{(folder / 'portal.log').read_text()[-4000:]}")
            time.sleep(0.1)
        yield url
