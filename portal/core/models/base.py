"""The columns that most tables share."""

from django.db import models

from portal.core.clock import now


class TimestampedModel(models.Model):
    """When a row was made and last changed; services set ``updated_at``, imports both."""

    created_at = models.DateTimeField(default=now, db_index=True)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        abstract = True
