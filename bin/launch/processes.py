"""Runs the web server and the worker together, restarts what crashes, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launch.guard import end_groups
from portal.settings.environment import ROOT

GUARD = Path(__file__).resolve().parent / "guard.py"
PATIENCE_S = 8.0
LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0
MAX_CRASHES = 5


class GaveUp(Exception):
    """A process that must run keeps crashing; the text is one line."""


def as_child() -> None:
    """In a child: hear Ctrl-C also where we were started deaf to it (``bin/portal &`` in a script).

    On Linux also: be told to end when bin/portal is gone, however it went.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@dataclass
class Part:
    """One of the processes: its command, and what happened to it so far.

    ``vital``: the portal is of no use without it, so five crashes in a row end everything. ``delay_s``: how many
    seconds it lets the others go first.
    """

    name: str
    command: Sequence[str | Path]
    vital: bool = False
    delay_s: float = 0.0
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    crashes: int = 0
    again_at: float | None = None
    groups: set[int] = field(default_factory=set)


class Supervisor:
    """Starts parts, each in a process group of its own, and looks after them until told to stop.

    >>> with Supervisor([Part("web", ["granian", "…"])], folder, environment) as supervisor:
    ...     supervisor.run(on_tick)
    """

    def __init__(self, parts: Sequence[Part], folder: Path, environment: Mapping[str, str]) -> None:
        self.parts, self.folder, self.environment = parts, folder, dict(environment)
        self.stopping = 0
        self.guard: subprocess.Popen[str] | None = None

    def __enter__(self) -> Supervisor:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._told_to_stop)
        self.guard = subprocess.Popen(
            [sys.executable, "-S", "-E", GUARD],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, bufsize=1, start_new_session=True,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        for part in self.parts:
            if part.process is not None and part.process.poll() is None:
                part.process.terminate()
        deadline = time.monotonic() + PATIENCE_S
        while self.stopping < 2 and time.monotonic() < deadline and any(self._runs(part) for part in self.parts):
            time.sleep(0.02)
        for part in self.parts:
            self._clear(part)
        if self.guard is not None and self.guard.stdin is not None:
            self.guard.stdin.close()
            self.guard.wait()

    def _told_to_stop(self, *_: object) -> None:
        self.stopping += 1

    def _tell_guard(self, group: int) -> None:
        if self.guard is not None and self.guard.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.guard.stdin.write(f"{group}\n")

    @staticmethod
    def _runs(part: Part) -> bool:
        return part.process is not None and part.process.poll() is None

    def start(self, part: Part) -> None:
        """Starts a part in its own session, so that Ctrl-C reaches only bin/portal, which then ends things in order."""
        part.began, part.again_at = time.monotonic(), None
        part.process = subprocess.Popen(
            [str(word) for word in part.command],
            cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=as_child,  # noqa: PLW1509
        )  # fmt: skip
        self._tell_guard(part.process.pid)

    def _clear(self, part: Part) -> None:
        """Ends what is left of a part's group: a server killed the hard way leaves its workers behind."""
        if part.process is None:
            return
        group = part.process.pid
        end_groups({group}, patience_s=0.5)
        part.process.wait()
        self._tell_guard(-group)
        part.process = None

    def _look_after(self, part: Part) -> None:
        now = time.monotonic()
        if part.process is not None and part.process.poll() is not None:
            code = part.process.returncode
            self._clear(part)
            if now - part.began > STEADY_S:
                part.crashes = 0
            part.crashes += 1
            if part.vital and part.crashes >= MAX_CRASHES:
                raise GaveUp(f"{part.name} ended {part.crashes} times in a row (last with {code}).")
            pause = min(LONGEST_PAUSE_S, 0.5 * 2 ** (part.crashes - 1))
            part.again_at = now + pause
            print(f"hiroba: {part.name} ended with {code}; starting it again", file=sys.stderr, flush=True)
        elif part.again_at is not None and now >= part.again_at:
            self.start(part)

    def run(self, tick: Callable[[], None]) -> None:
        """Starts every part and keeps them running until a signal comes; ``tick`` is called ten times a second.

        Raises GaveUp when a vital part does not stay up.
        """
        for part in self.parts:
            part.again_at = time.monotonic() + part.delay_s
        while not self.stopping:
            for part in self.parts:
                self._look_after(part)
            tick()
            time.sleep(0.1)


def follow(
    command: Sequence[str | Path],
    read: Callable[[str], None] | None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Runs a command in the project's root, gives each line it prints to ``read``, and returns its exit code.

    Without ``read`` the lines go where ours go. Whatever interrupts us ends the command and all it started first.
    """
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=ROOT, env=None if environment is None else dict(environment), text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if read else None, stderr=subprocess.STDOUT if read else None,
        preexec_fn=as_child,  # noqa: PLW1509
    )  # fmt: skip
    try:
        if read is not None and process.stdout is not None:
            for line in process.stdout:
                read(line.strip())
        return process.wait()
    except BaseException:
        end_groups({process.pid}, patience_s=2.0)
        process.wait()
        raise
    finally:
        if process.stdout is not None:
            process.stdout.close()


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would steer the web server or the interpreter behind our back."""
    steering = ("GRANIAN_", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if not name.startswith(steering)} | dict(environment)
