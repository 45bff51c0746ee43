"""What the worker does to questions by itself."""

from datetime import timedelta

from portal.core.periodic import PeriodicJob, register_periodic

from .services.aging import inactive_archive, unanswered_close


def questions_age() -> None:
    """Closes what waited for details in vain and archives what nothing happened to, as the settings say."""
    unanswered_close()
    inactive_archive()


def register_jobs() -> None:
    """Makes the job known."""
    register_periodic(PeriodicJob(name="questions-age", every=timedelta(hours=1), run=questions_age))
