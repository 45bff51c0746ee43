"""What an import tells while it runs and when it is done."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from portal.importers.stackexchange.report import Progress, Report
from portal.importers.stackexchange.rows import SEEN_MOST, SeenKeys
from portal.importers.stackexchange.votes import VoteType, Window


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_one_line_that_is_written_anew() -> None:
    clock, out = Clock(), Terminal()
    progress = Progress(out, total=1000, clock=clock)
    for _ in range(4):
        clock.now += 1
        progress.stage("comments")
        progress.rows(50)
        progress.advance(125)
    clock.now += 1
    progress.advance(0)
    last = out.getvalue().split("\r")[-1]
    assert "\n" not in out.getvalue()
    assert last.startswith("[############............]  50 %  comments  200 rows, 40/s, 0:05 left")
    progress.clear()
    assert out.getvalue().endswith("\r")


def test_a_file_gets_a_plain_line_now_and_then() -> None:
    clock, out = Clock(), io.StringIO()
    progress = Progress(out, total=1000, clock=clock)
    for _ in range(30):
        clock.now += 1
        progress.advance(10)
    assert len(out.getvalue().splitlines()) == 3
    assert "\r" not in out.getvalue()


def test_the_time_left_is_unknown_at_first_and_nothing_divides_by_zero() -> None:
    progress = Progress(io.StringIO(), total=0, clock=Clock())
    assert "–:–– left" in progress.line()
    progress.advance(5)
    assert "100 %" in progress.line()


def test_nothing_is_told_before_its_batch_is_kept(tmp_path) -> None:
    said: list[str] = []
    report = Report(path=tmp_path / "imports" / "r.txt", say=said.append, counts={})
    report.bad("users", "Users.xml:4", "Id is missing")
    assert said == []
    assert not report.path.exists()
    report.keep()
    report.keep()
    assert said == ["Users.xml:4: Id is missing"]
    assert report.path.read_text() == "Users.xml:4: Id is missing\n"


def test_only_the_first_lines_are_shown(tmp_path) -> None:
    said: list[str] = []
    report = Report(path=tmp_path / "r.txt", say=said.append, counts={})
    for number in range(50):
        report.bad("users", f"Users.xml:{number}", "bad")
        report.keep()
    assert (len(said), report.untold, report.told) == (20, 30, 50)
    assert report.of("users").skipped == 50


def test_counts_survive_being_kept_and_the_table_lines_up(tmp_path) -> None:
    report = Report(path=tmp_path / "r", say=print, counts={"users": {"read": 1234567, "new": 3}})
    again = Report(path=tmp_path / "r", say=print, counts=report.as_json())
    assert again.counts == report.counts
    assert again.wrote
    lines = again.table()
    assert "1,234,567" in lines[1]
    assert len({len(line) for line in lines}) == 1


@given(st.lists(st.integers(-3, 2000) | st.integers(SEEN_MOST - 2, SEEN_MOST * 4) | st.just(-(2**60))))
def test_seen_keys_remember_like_a_set(keys) -> None:
    seen, plain = SeenKeys(), set()
    for key in keys:
        if 10**6 < key < SEEN_MOST:
            continue
        assert seen.add(key) is (key not in plain)
        plain.add(key)


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(list(VoteType)), st.integers(1, 70_000))))
def test_a_window_tallies_the_votes_of_its_own_posts(votes) -> None:
    window = Window(10, 20)
    for vote in votes:
        window.count(*vote)
    for post in range(10, 30):
        mine = [(kind, day) for key, kind, day in votes if key == post]
        up, down, day = window.of(post)
        assert up == sum(kind is VoteType.UP for kind, _day in mine)
        assert down == sum(kind is VoteType.DOWN for kind, _day in mine)
        days = [day for kind, day in mine if kind is VoteType.ACCEPTED]
        assert day == (min(days[-1], 65535) if days else 0)
