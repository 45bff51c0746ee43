"""Periodic jobs of a test alone."""

from collections.abc import Callable
from datetime import timedelta

from portal.core import clock
from portal.core.periodic import PeriodicJob, register_periodic

START = clock.now()


def job(run: Callable[[], object], name: str = "sweep", minutes: float = 10) -> PeriodicJob:
    """Registers a job and returns it."""
    made = PeriodicJob(name=name, every=timedelta(minutes=minutes), run=run)
    register_periodic(made)
    return made
