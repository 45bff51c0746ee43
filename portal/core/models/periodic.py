"""When a periodic job ran."""

from django.db import models


class PeriodicRun(models.Model):
    """One row a job. ``leased_until``: a worker is at it. ``due_at``: not before then."""

    name = models.CharField(max_length=100, unique=True)
    due_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    last_started_at = models.DateTimeField(null=True, blank=True)
    last_finished_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name
