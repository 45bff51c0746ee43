"""Work done again and again beside the web server: each job at its own pace, by one worker at a time.

An app registers its jobs in ``ready()``; ``manage.py run_worker`` runs those that are due. A job must bear being run
twice, because a worker may die in its middle: another one takes over when its lease has run out.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

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
    ran = []
    for job in periodic_jobs():
        lease = _take(job)
        if lease is not None:
            _run(job, lease)
            ran.append(job.name)
    return ran


def _take(job: PeriodicJob) -> datetime | None:
    """Leases a job in one statement, so that of two workers one gets it; returns when the lease ends, None without."""
    moment = now()
    PeriodicRun.objects.get_or_create(name=job.name)
    due = Q(due_at__isnull=True) | Q(due_at__lte=moment)
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=moment)
    lease = moment + LEASE
    taken = PeriodicRun.objects.filter(due, free, name=job.name).update(
        leased_until=lease, last_started_at=moment, due_at=moment + job.every
    )
    return lease if taken else None


def _run(job: PeriodicJob, lease: datetime) -> None:
    error = ""
    try:
        job.run()
    except Exception as failure:
        logger.exception("The periodic job %s failed", job.name)
        error = str(failure)[:500]
    # Only its own lease ends: a run that outlived it must not free what another worker has taken over.
    mine = PeriodicRun.objects.filter(name=job.name, leased_until=lease)
    mine.update(leased_until=None, last_finished_at=now(), last_error=error)


def run_periodic(stop: threading.Event, look_seconds: float = LOOK_SECONDS) -> None:
    """Runs what is due until ``stop`` is set; survives a database that is away."""
    while not stop.wait(look_seconds):
        try:
            close_old_connections()
            run_due()
        except Exception:
            logger.exception("The periodic jobs go on after an error")
