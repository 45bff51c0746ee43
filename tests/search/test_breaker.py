"""The circuit breaker, against a clock of the test's own."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.breaker import CircuitBreaker


class Clock:
    """Time that passes when told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(failures=3, pause=5, clock=clock)


def opened(breaker: CircuitBreaker) -> None:
    for _ in range(3):
        assert breaker.allows()
        breaker.failed()


def test_it_begins_closed(breaker: CircuitBreaker) -> None:
    assert breaker.allows()
    assert breaker.state == "closed"


def test_failures_in_a_row_open_it(breaker: CircuitBreaker) -> None:
    opened(breaker)
    assert breaker.state == "open"
    assert not breaker.allows()


def test_a_success_in_between_starts_the_count_again(breaker: CircuitBreaker) -> None:
    for _ in range(2):
        breaker.failed()
    breaker.succeeded()
    for _ in range(2):
        breaker.failed()
    assert breaker.allows()


def test_after_the_pause_one_call_probes(breaker: CircuitBreaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 4.9
    assert not breaker.allows()
    clock.now += 0.1
    assert breaker.state == "half-open"
    assert breaker.allows()
    assert not breaker.allows(), "only one"


def test_a_good_probe_closes_it(breaker: CircuitBreaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 5
    breaker.allows()
    breaker.succeeded()
    assert breaker.state == "closed"
    assert breaker.allows()


def test_a_bad_probe_opens_it_for_another_pause(breaker: CircuitBreaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 5
    breaker.allows()
    breaker.failed()
    clock.now += 4.9
    assert not breaker.allows()
    clock.now += 0.1
    assert breaker.allows()


def test_a_probe_that_never_reports_does_not_keep_it_open_for_ever(breaker: CircuitBreaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 5
    assert breaker.allows()
    clock.now += 5
    assert breaker.allows()


def test_of_many_threads_one_probes(breaker: CircuitBreaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 5
    let_through: list[bool] = []
    threads = [threading.Thread(target=lambda: let_through.append(breaker.allows())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert let_through.count(True) == 1


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 3)), max_size=60))
def test_it_never_opens_with_fewer_failures_in_a_row_than_its_limit(steps: list[tuple[bool, float]]) -> None:
    clock = Clock()
    breaker = CircuitBreaker(failures=3, pause=5, clock=clock)
    in_a_row = 0
    for success, seconds in steps:
        clock.now += seconds
        if not breaker.allows():
            assert in_a_row >= 3
            continue
        if success:
            breaker.succeeded()
            in_a_row = 0
        else:
            breaker.failed()
            in_a_row += 1
