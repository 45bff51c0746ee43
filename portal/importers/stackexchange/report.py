"""What an import tells: totals, the rows that were skipped, and how far it is."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

SHOWN_ROWS = 20
BAR_WIDTH = 24
TTY_S, PLAIN_S = 0.2, 10.0


@dataclass(slots=True)
class Counts:
    """What became of the rows of one kind: ``read`` is the sum of the others."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    skipped: int = 0


class Report:
    """Counts rows, tells of the first bad ones and writes them all into a file.

    Both are held back until ``keep`` says that the batch is committed, so that a resumed import tells nothing twice.
    """

    def __init__(self, *, path: Path, say: Callable[[str], None], counts: dict[str, dict[str, int]]) -> None:
        self.path, self._say = path, say
        self.counts = {kind: Counts(**found) for kind, found in counts.items()}
        self._waiting: list[str] = []
        self._told = 0

    def of(self, kind: str) -> Counts:
        """Returns the counts of a kind of rows."""
        return self.counts.setdefault(kind, Counts())

    def bad(self, kind: str, place: str, why: str) -> None:
        """Counts a row as skipped and says where it stands and why; place is ``Posts.xml:4``."""
        self.of(kind).skipped += 1
        self.note(place, why)

    def note(self, place: str, why: str) -> None:
        """Says something about a place without counting it."""
        self._waiting.append(f"{place}: {why}")

    def keep(self) -> None:
        """Tells what is waiting: the batch that it belongs to is kept."""
        if not self._waiting:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in self._waiting)
        for line in self._waiting[: max(SHOWN_ROWS - self._told, 0)]:
            self._say(line)
        self._told += len(self._waiting)
        self._waiting = []

    @property
    def untold(self) -> int:
        """How many lines stand in the file only."""
        return max(self._told - SHOWN_ROWS, 0)

    @property
    def told(self) -> int:
        """How many lines this run had to say."""
        return self._told

    @property
    def wrote(self) -> bool:
        """Whether anything was new or changed."""
        return any(counts.new or counts.changed for counts in self.counts.values())

    def as_json(self) -> dict[str, dict[str, int]]:
        """Returns the counts as they are kept with the run."""
        return {kind: asdict(counts) for kind, counts in self.counts.items()}

    def table(self) -> list[str]:
        """Returns the lines of the table of totals."""
        heads = ["", _("read"), _("new"), _("changed"), _("unchanged"), _("left out"), _("skipped")]
        names = [each.name for each in fields(Counts)]
        body = [[kind, *(f"{getattr(found, name):,}" for name in names)] for kind, found in self.counts.items()]
        widths = [max(len(row[column]) for row in [heads, *body]) for column in range(len(heads))]
        return [
            "  ".join(cell.ljust(width) if at == 0 else cell.rjust(width) for at, (cell, width) in enumerate(pairs))
            for pairs in (list(zip(row, widths, strict=True)) for row in [heads, *body])
        ]


class Progress:
    """Shows how far the import is, at what rate, and how long it will still take.

    total: the bytes that will be read in all stages together. A terminal gets one line that is written anew, anything
    else a plain line every ten seconds.
    """

    def __init__(self, out: IO[str], *, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._out, self._total, self._clock = out, max(total, 1), clock
        self._tty = bool(getattr(out, "isatty", lambda: False)())
        self._began = self._last = clock()
        self._done = self._rows = 0
        self._stage, self._width = "", 0

    def stage(self, name: str) -> None:
        """Begins a stage."""
        self._stage = name
        self._show()

    def advance(self, count: int) -> None:
        """Counts bytes that were read."""
        self._done += count
        self._show()

    def rows(self, count: int) -> None:
        """Counts rows that are kept."""
        self._rows += count
        self._show()

    def line(self) -> str:
        """Returns what is shown now."""
        spent = max(self._clock() - self._began, 1e-6)
        part = min(self._done / self._total, 1.0)
        left = spent / part - spent if part > 0.01 else None
        words = {
            "percent": int(part * 100),
            "stage": self._stage,
            "rows": self._rows,
            "rate": int(self._rows / spent),
            "left": f"{int(left) // 60}:{int(left) % 60:02d}" if left is not None else "–:––",
        }
        told: str = _("%(percent)3d %%  %(stage)s  %(rows)d rows, %(rate)d/s, %(left)s left") % words
        return told

    def _show(self) -> None:
        moment = self._clock()
        if moment - self._last < (TTY_S if self._tty else PLAIN_S):
            return
        self._last = moment
        if not self._tty:
            self._out.write(f"{self.line()}\n")
            self._out.flush()
            return
        full = int(BAR_WIDTH * min(self._done / self._total, 1.0))
        text = f"[{'#' * full}{'.' * (BAR_WIDTH - full)}] {self.line()}"
        self._out.write("\r" + text.ljust(self._width))
        self._width = len(text)
        self._out.flush()

    def clear(self) -> None:
        """Takes the line away so that something else can be written."""
        if self._tty and self._width:
            self._out.write("\r" + " " * self._width + "\r")
            self._out.flush()
            self._width = 0
