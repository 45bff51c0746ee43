"""One question joined with another, and all that is needed to part them again."""

from django.conf import settings
from django.db import models

from portal.core.clock import now

from .question import Question


class Merge(models.Model):
    """That ``source`` was joined with ``target``, by whom and why; undone_at: when the two were parted again.

    moved names every row that was led from one to the other: ids by ``app.model.column``. state is what the two
    questions held that a row's address does not tell: whose answer was accepted.
    """

    source = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="merges")
    target = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="merges_received")
    reason = models.CharField(max_length=300, blank=True, default="")
    merged_at = models.DateTimeField(default=now)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    moved = models.JSONField(default=dict)
    state = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(undone_at__isnull=True), name="one_merge_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"
