"""Something kept in a database and followed: by many threads, from nothing, and held by hand."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from search.following import Followed


@pytest.fixture
def clock(monkeypatch):
    """Seconds that only the test moves."""
    now = [5_000.0]
    monkeypatch.setattr("search.following.time.monotonic", lambda: now[0])
    return now


def numbers(*given: int):
    """A version or content that is each of these in turn, then the last for ever; and how often it was asked."""
    left, asked = list(given), []

    def ask() -> int:
        asked.append(1)
        return left.pop(0) if len(left) > 1 else left[0]

    return ask, asked


def test_nothing_is_followed_until_a_source_is_named(clock):
    followed = Followed("words", empty=0)
    assert followed.current() == 0
    followed.follow(version=lambda: 1, read=lambda: 7)
    assert followed.current() == 7
    followed.follow(version=None, read=None)
    assert followed.current() == 0


@pytest.mark.parametrize("nothing", [0, (), "", False])
def test_content_that_is_empty_is_content(clock, nothing):
    read, asked = numbers(1)
    followed = Followed("words", empty="unread", version=lambda: 1, read=lambda: (read(), nothing)[1])
    for _ in range(3):
        assert followed.current() == nothing
        clock[0] += 60
    assert len(asked) == 1


def test_an_older_version_counts_as_another_one(clock):
    version, _asked = numbers(5, 3)
    read, _asked = numbers(1, 2)
    followed = Followed("words", empty=0, version=version, read=read)
    assert followed.current() == 1
    clock[0] += 60
    assert followed.current() == 2, "a database restored from a backup"


def test_what_is_held_by_hand_stays_until_the_next_look(clock):
    followed = Followed("words", empty=0, version=lambda: 1, read=lambda: 7)
    followed.hold(3)
    assert followed.current() == 3
    clock[0] += 60
    assert followed.current() == 7
    followed.hold(3)
    followed.look_soon()
    assert followed.current() == 7
    followed.hold(3)
    followed.forget()
    assert followed.current() == 7


def test_a_reader_that_fails_keeps_the_content_and_tries_again(clock, caplog):
    answers = iter([1, OSError("away"), 2])

    def read() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    version, _asked = numbers(1, 2, 2)
    followed = Followed("list of words", empty=0, version=version, read=read)
    seen = []
    for _ in range(3):
        seen.append(followed.current())
        clock[0] += 60
    assert seen == [1, 1, 2]
    assert "The list of words could not be read" in caplog.text


def test_the_source_is_not_asked_more_often_while_it_fails(clock):
    asked = []

    def version() -> int:
        asked.append(1)
        raise OSError("away")

    followed = Followed("words", empty=0, version=version, read=lambda: 1)
    assert [followed.current() for _ in range(50)] == [0] * 50
    assert len(asked) == 1


def test_many_threads_at_the_start_read_once_and_all_get_it():
    read, asked = numbers(7)

    def slowly() -> int:
        time.sleep(0.05)
        return read()

    followed = Followed("words", empty=0, version=lambda: 1, read=slowly)
    start = threading.Barrier(8)

    def use() -> int:
        start.wait(10)
        return followed.current()

    with ThreadPoolExecutor(8) as pool:
        found = [each.result(10) for each in [pool.submit(use) for _ in range(8)]]
    assert found == [7] * 8 and len(asked) == 1


def test_two_followed_things_do_not_share_anything(clock):
    first = Followed("a", empty=0, version=lambda: 1, read=lambda: 1)
    second = Followed("b", empty=0, version=lambda: 1, read=lambda: 2)
    assert (first.current(), second.current()) == (1, 2)
    first.hold(9)
    assert (first.current(), second.current()) == (9, 2)
