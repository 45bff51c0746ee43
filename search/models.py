"""The outbox and the clock of the index: what makes an index follow the database without losing a change."""

from django.db import models
from django.utils import timezone


class OutboxEntry(models.Model):
    """Says that a document may have changed. Written in the transaction of the change itself, deleted once applied."""

    document_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    # Not before this time (it moves on after each failure), nor while a worker holds it.
    available_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["available_at", "id"], name="search_outbox_available")]

    def __str__(self) -> str:
        return f"{self.document_type}:{self.object_id}"


class IndexClock(models.Model):
    """One row: the last version given out. Versions only rise, and each is committed before documents are read."""

    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.version)


class RebuildLease(models.Model):
    """One row while a rebuild runs: two at a time would drop each other's work. It expires with its process."""

    holder = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.holder
