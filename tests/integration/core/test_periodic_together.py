"""Periodic jobs of several workers at once: one of them gets each, and none frees what another one holds."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from portal.core import periodic
from portal.core.models import PeriodicRun
from portal.core.periodic import LEASE, run_due, run_periodic

from .pace import START, job


def beside(work):
    """Runs ``work`` in a thread with a connection of its own; returns the thread."""

    def worker():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=worker)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
class TestTwoWorkers:
    def test_of_many_at_once_one_runs_it(self, at):
        ran, told = [], []
        ready = threading.Barrier(4)
        job(lambda: ran.append(threading.get_ident()))

        def work():
            ready.wait(timeout=10)
            told.append(run_due())

        for thread in [beside(work) for _each in range(4)]:
            thread.join(timeout=30)
        assert len(ran) == 1
        assert sorted(told) == [[], [], [], ["sweep"]]

    def test_while_one_is_at_it_the_other_does_the_rest(self, at):
        begun, go_on = threading.Event(), threading.Event()
        quick = []

        def slow():
            begun.set()
            assert go_on.wait(timeout=10)

        job(slow, name="slow", minutes=1)
        job(lambda: quick.append(1), name="quick", minutes=1)
        thread = beside(run_due)
        assert begun.wait(timeout=10)
        at(5)
        assert run_due() == ["quick"], "the slow one is due again, and held"
        go_on.set()
        thread.join(timeout=30)
        assert PeriodicRun.objects.get(name="slow").leased_until is None
        assert run_due() == ["slow"]

    def test_the_loop_outlives_a_job_that_fails_and_a_look_that_fails(self, at, monkeypatch):
        stop, done = threading.Event(), threading.Event()
        looks = []

        def look():
            looks.append(1)
            if len(looks) == 1:
                raise OSError("the database is away")
            done.set()

        monkeypatch.setattr(periodic, "run_due", look)
        thread = beside(lambda: run_periodic(stop, 0.01))
        assert done.wait(timeout=10)
        stop.set()
        thread.join(timeout=10)
        assert len(looks) >= 2


@pytest.mark.django_db
class TestALeaseThatRanOut:
    def test_who_comes_late_does_not_free_what_another_took_over(self, at):
        """The first run outlives its lease; the second takes over; the first ends while the second is at it."""
        seen = {}

        def second():
            seen["while the second runs"] = PeriodicRun.objects.get().leased_until

        def first():
            job(second)
            at(16)
            taken = periodic._take(periodic.periodic_jobs()[0])
            assert taken == START + timedelta(minutes=16) + LEASE
            seen["second"] = taken

        job(first)
        assert run_due() == ["sweep"]
        row = PeriodicRun.objects.get()
        assert row.leased_until == seen["second"], "the second worker still holds it"
        at(27)
        assert run_due() == [], "a third one leaves it alone, though it is due"
        at(32)
        assert run_due() == ["sweep"], "until that lease ran out as well"
        assert seen["while the second runs"] == START + timedelta(minutes=32) + LEASE
        assert PeriodicRun.objects.get().leased_until is None

    def test_the_error_of_who_comes_late_is_not_the_new_ones(self, at):
        def first():
            at(16)
            assert periodic._take(periodic.periodic_jobs()[0]) is not None
            raise ValueError("too late")

        job(first)
        run_due()
        row = PeriodicRun.objects.get()
        assert (row.last_error, row.last_started_at) == ("", START + timedelta(minutes=16))

    def test_a_lease_is_held_to_its_last_moment(self, at):
        ran = []
        job(lambda: ran.append(1))
        PeriodicRun.objects.create(name="sweep", leased_until=START + LEASE)
        at(LEASE.total_seconds() / 60)
        assert run_due() == []
        at(LEASE.total_seconds() / 60 + 0.01)
        assert run_due() == ["sweep"]
        assert ran == [1]

    def test_the_pace_counts_from_the_start_not_from_the_end(self, at):
        job(lambda: at(4), minutes=10)
        run_due()
        row = PeriodicRun.objects.get()
        assert row.due_at == START + timedelta(minutes=10)
        assert row.last_finished_at == START + timedelta(minutes=4)
