"""A progress bar for commands that run for minutes."""

import time
from typing import TextIO

_WIDTH = 24
_REDRAW_SECONDS = 0.1


class ProgressBar:
    """One line on a terminal that is drawn over and over; nothing in a log."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._drawn_at = 0.0

    def show(self, text: str, done: int, total: int) -> None:
        """Draw ``done`` of ``total``; ten times a second at most, and when done."""
        moment = time.monotonic()
        if not self._live or (done < total and moment - self._drawn_at < _REDRAW_SECONDS):
            return
        self._drawn_at = moment
        filled = _WIDTH * done // max(total, 1)
        self._stream.write(f"\r\x1b[K{'█' * filled}{'░' * (_WIDTH - filled)} {done}/{total} {text}"[:100])
        self._stream.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._live:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
