"""Tells a person at a terminal, or a log, what is being done and how long it took.

Standard library only: ``bin/portal`` uses it before anything is installed.
"""

import sys
import time
from types import TracebackType
from typing import Self, TextIO

WIDTH = 78


class Stage:
    """One step of some work, as a context manager: one line with its seconds once it is done.

    On a terminal the line is there from the start and ``note()`` changes its end; in a log it appears when done.

    >>> with Stage("Installing packages") as stage:
    ...     stage.note("12 of 78")
    """

    def __init__(self, title: str, stream: TextIO | None = None) -> None:
        self.title = title
        self.stream = sys.stdout if stream is None else stream
        self.live = self.stream.isatty()
        self.began = 0.0

    def __enter__(self) -> Self:
        self.began = time.monotonic()
        self.note("")
        return self

    def note(self, text: str) -> None:
        """Shows how far it is, on a terminal only."""
        if self.live:
            line = f"  {self.title} … {text}"[:WIDTH]
            self.stream.write(f"\r{line.ljust(WIDTH)}\r{line}")
            self.stream.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        seconds = time.monotonic() - self.began
        line = f"  {self.title} … {'done' if kind is None else 'stopped'} in {seconds:.1f} s"
        if self.live:
            self.stream.write(f"\r{line.ljust(WIDTH)}\n")
        else:
            self.stream.write(f"{line}\n")
        self.stream.flush()
