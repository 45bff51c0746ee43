"""Runs ``bin/portal`` as an operator does, from outside, on a data folder and a port of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
STEERING = ("PORTAL_", "DATABASE_URL", "ELASTICSEARCH_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_", "HIROBA_TEST_MARK")
READY_S = 240


class Portal:
    """One data folder, and the process that runs on it."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.data = folder / "var"
        self.port = servers.free_port()
        self.log = folder / "log.txt"
        self.mark = f"{os.getpid()}-{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(STEERING)}
        self.variables = kept | {
            "PORTAL_DATA_DIR": str(self.data),
            "PORTAL_PORT": str(self.port),
            "PORTAL_DEMO": "0",
            "HIROBA_TEST_MARK": self.mark,
        }
        self.variables |= variables
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts it and returns at once."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [ROOT / "bin" / "portal"],
                env=self.variables,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self.process

    def start(self) -> float:
        """Starts it and returns the seconds until it was ready."""
        began = time.monotonic()
        process = self.launch()
        while not servers.answers(f"http://127.0.0.1:{self.port}/readyz"):
            if process.poll() is not None or time.monotonic() - began > READY_S:
                pytest.fail(f"bin/portal did not become ready: {self.log.read_text()[-2000:]}")
            time.sleep(0.05)
        return time.monotonic() - began

    def interrupt(self) -> int:
        """Presses Ctrl-C and returns the exit code."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(60)

    def processes(self) -> dict[int, str]:
        """Every living process of this portal, by the mark in its environment: {pid: command line}."""
        found = {}
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"HIROBA_TEST_MARK={self.mark}".encode() in (place / "environ").read_bytes():
                    found[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def none_left(self, seconds: float = 30) -> bool:
        """Whether all its processes end in time."""
        deadline = time.monotonic() + seconds
        while self.processes():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as reply:
            return reply.status, reply.read().decode()

    def call(self, method: str, path: str, token: str = "", body: object = None) -> tuple[int, Any]:
        """One call to the REST API: status and what came back."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        address = f"http://127.0.0.1:{self.port}/api/v1/{path}"
        try:
            request = urllib.request.Request(address, data, headers, method=method)
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read() or b"null")

    def figure(self, name: str) -> float:
        """One of the figures of /metrics."""
        lines = dict(line.rsplit(" ", 1) for line in self.get("/metrics")[1].splitlines() if not line.startswith("#"))
        return float(lines[name])

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs manage.py with the same variables."""
        command = [ROOT / ".venv" / "bin" / "python", ROOT / "manage.py", *arguments]
        return subprocess.run(command, env=self.variables, capture_output=True, text=True, timeout=240, check=False)

    def kill(self) -> None:
        """Kills every process of it at once, as a power cut would."""
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self.process is not None
        self.process.wait(60)

    def end(self) -> None:
        """Leaves nothing, whatever the test did."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired, ProcessLookupError):
                self.interrupt()
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
