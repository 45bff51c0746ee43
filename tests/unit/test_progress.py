"""A step of some work, shown on a terminal and in a log."""

from __future__ import annotations

import io
import re

import pytest

from portal.core.progress import WIDTH, Stage


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_log_gets_one_line_when_done() -> None:
    log = io.StringIO()
    with Stage("Installing", log) as stage:
        stage.note("1 of 2")
        assert log.getvalue() == ""
    assert re.fullmatch(r"  Installing … done in \d+\.\d s\n", log.getvalue())


def test_a_terminal_sees_how_far_it_is() -> None:
    terminal = Terminal()
    with Stage("Installing", terminal) as stage:
        assert "Installing" in terminal.getvalue()
        stage.note("1 of 2")
        assert terminal.getvalue().endswith("Installing … 1 of 2")
    assert terminal.getvalue().endswith("\n")
    assert "done in" in terminal.getvalue().rsplit("\r", 1)[-1]


def test_a_shorter_note_wipes_a_longer_one() -> None:
    terminal = Terminal()
    with Stage("A", terminal) as stage:
        stage.note("a very long note")
        stage.note("b")
        shown = terminal.getvalue().split("\r")
        assert any(len(part) == WIDTH and part.strip() == "A … b" for part in shown)


def test_a_line_never_wraps() -> None:
    terminal = Terminal()
    with Stage("A", terminal) as stage:
        stage.note("x" * 500)
    assert max(len(part) for part in re.split(r"[\r\n]", terminal.getvalue())) <= WIDTH


def test_an_error_is_not_called_done() -> None:
    log = io.StringIO()
    with pytest.raises(ValueError, match="broken"), Stage("Installing", log):
        raise ValueError("broken")
    assert "stopped in" in log.getvalue()
