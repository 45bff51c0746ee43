"""Periodic jobs: at their pace, by one worker, again after a failure."""

import threading

import pytest

from portal.core import periodic
from portal.core.models import PeriodicRun
from portal.core.periodic import periodic_jobs, run_due, run_periodic

from .pace import START, job

pytestmark = pytest.mark.django_db


def test_a_job_runs_at_once_and_then_at_its_pace(at):
    ran = []
    job(lambda: ran.append(1))
    assert run_due() == ["sweep"]
    assert run_due() == []
    at(9)
    assert run_due() == []
    at(10)
    assert run_due() == ["sweep"]
    assert len(ran) == 2


def test_each_job_has_its_own_pace(at):
    job(lambda: None, name="often", minutes=1)
    job(lambda: None, name="seldom", minutes=60)
    assert run_due() == ["often", "seldom"]
    at(2)
    assert run_due() == ["often"]


def test_registering_a_name_again_replaces_the_job(at):
    job(lambda: None)
    second = job(lambda: None, minutes=3)
    assert periodic_jobs() == (second,)


def test_a_failure_is_kept_and_the_others_run(at):
    ran = []

    def fail():
        raise ValueError("no flour")

    job(fail, name="bake")
    job(lambda: ran.append(1), name="wash")
    assert run_due() == ["bake", "wash"]
    assert ran == [1]
    row = PeriodicRun.objects.get(name="bake")
    assert (row.last_error, row.leased_until) == ("no flour", None)
    at(10)
    assert run_due() == ["bake", "wash"]


def test_an_error_is_forgotten_after_a_good_run(at):
    outcomes = [ValueError("once"), None]

    def run():
        if error := outcomes.pop(0):
            raise error

    job(run)
    run_due()
    at(10)
    run_due()
    assert PeriodicRun.objects.get().last_error == ""


def test_what_another_worker_runs_is_left_alone_until_its_lease_is_over(at):
    seen = []
    job(lambda: seen.append(run_due()), minutes=0)
    run_due()
    assert seen == [[]]


def test_a_worker_that_died_is_replaced(at):
    ran = []
    job(lambda: ran.append(1))
    PeriodicRun.objects.create(name="sweep", leased_until=START + periodic.LEASE)
    assert run_due() == []
    at(16)
    assert run_due() == ["sweep"]
    assert ran == [1]


@pytest.mark.django_db(transaction=True)
def test_the_loop_runs_until_it_is_stopped(at):
    stop, ran = threading.Event(), threading.Event()
    job(ran.set)
    thread = threading.Thread(target=run_periodic, args=(stop, 0.01))
    thread.start()
    assert ran.wait(timeout=10)
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()
