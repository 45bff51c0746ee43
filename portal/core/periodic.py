"""Work done again and again beside the web server: each job at its own pace, by one worker at a time.

An app registers its jobs in ``ready()``; ``manage.py run_worker`` runs those that are due. A job must bear being run
twice, because a worker may die in its middle: another one takes over when its lease has run out.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import close_old_connections
from django.db.models import Q

from .clock import now
from .models import PeriodicRun

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
LOOK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """``run`` is called every ``every`` (counted from its start)."""

    name: str
    every: timedelta
    run: Callable[[], object]


_jobs: dict[str, PeriodicJob] = {}


def register_periodic(job: PeriodicJob) -> None:
    """Makes a job known; called in an app's ``ready()``."""
    _jobs[job.name] = job


def periodic_jobs() -> tuple[PeriodicJob, ...]:
    """Returns the jobs in the order of registration."""
    return tuple(_jobs.values())


def run_due() -> list[str]:
    """Runs every job that is due and that no other worker runs; returns their names. A failure is logged and kept."""
    return [job.name for job in periodic_jobs() if _take(job) and _run(job)]


def _take(job: PeriodicJob) -> bool:
    """Leases a job in one statement, so that of two workers one gets it."""
    moment = now()
    PeriodicRun.objects.get_or_create(name=job.name)
    due = Q(due_at__isnull=True) | Q(due_at__lte=moment)
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=moment)
    taken = PeriodicRun.objects.filter(due, free, name=job.name).update(
        leased_until=moment + LEASE, last_started_at=moment, due_at=moment + job.every
    )
    return taken == 1


def _run(job: PeriodicJob) -> bool:
    error = ""
    try:
        job.run()
    except Exception as failure:
        logger.exception("The periodic job %s failed", job.name)
        error = str(failure)[:500]
    PeriodicRun.objects.filter(name=job.name).update(leased_until=None, last_finished_at=now(), last_error=error)
    return True


def run_periodic(stop: threading.Event, look_seconds: float = LOOK_SECONDS) -> None:
    """Runs what is due until ``stop`` is set; survives a database that is away."""
    while not stop.wait(look_seconds):
        try:
            close_old_connections()
            run_due()
        except Exception:
            logger.exception("The periodic jobs go on after an error")
