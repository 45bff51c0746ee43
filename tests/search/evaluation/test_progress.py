"""The progress bar: one line on a terminal, nothing in a log."""

import io
import re

from hypothesis import given
from hypothesis import strategies as st

from search.management.progress import ProgressBar


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO) -> list[str]:
    """What was drawn, line by line over each other, without the signs that steer the terminal."""
    return [re.sub(r"\x1b\[K", "", part) for part in stream.getvalue().split("\r") if part]


def test_nothing_is_written_into_a_log() -> None:
    log = io.StringIO()
    bar = ProgressBar(log)
    bar.show("asking", 1, 2)
    bar.clear()
    assert log.getvalue() == ""


def test_the_end_is_drawn_whole() -> None:
    terminal = Terminal()
    ProgressBar(terminal).show("faq_en, embedded, asking", 40, 40)
    (line,) = shown(terminal)
    assert line.startswith("█" * 24 + " 40/40 faq_en")
    assert "░" not in line


def test_a_step_in_its_middle_is_half_filled() -> None:
    terminal = Terminal()
    ProgressBar(terminal).show("asking", 20, 40)
    assert shown(terminal)[0].startswith("█" * 12 + "░" * 12 + " 20/40")


def test_a_quick_run_is_not_drawn_a_thousand_times() -> None:
    terminal = Terminal()
    bar = ProgressBar(terminal)
    for done in range(1, 1_001):
        bar.show("asking", done, 1_000)
    assert len(shown(terminal)) < 100
    assert "1000/1000" in shown(terminal)[-1]


def test_clearing_takes_the_line_away() -> None:
    terminal = Terminal()
    bar = ProgressBar(terminal)
    bar.show("asking", 1, 1)
    bar.clear()
    assert terminal.getvalue().endswith("\r\x1b[K")


@given(st.text(max_size=200), st.integers(0, 50), st.integers(0, 50))
def test_a_line_never_wraps(text: str, done: int, total: int) -> None:
    terminal = Terminal()
    ProgressBar(terminal).show(text.replace("\r", ""), done, total)
    assert all(len(line) <= 100 for line in shown(terminal))
