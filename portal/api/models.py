"""The answers to calls that carried an ``Idempotency-Key``."""

from django.conf import settings
from django.db import models

from portal.core.clock import now


class IdempotencyKey(models.Model):
    """A write that a member named, so that it can be sent again and is done once.

    digest: of the method, the address and the body, to know the same call again. status, body and location are the
    answer that was given; they are written in the transaction that made the change.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_idempotency_key")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.key}"
