"""What the staff did that has to be answered for."""

from django.conf import settings
from django.db import models

from portal.core.clock import now


class AuditEntry(models.Model):
    """One act: who did what to which thing, why and when. Rows are only ever added.

    action: a name of ``core/audit.py``'s registry. subject_type and subject_id: the thing, as the search names it
    (``question``, ``7``). actor_name stays when the account goes. detail: what else explains the act; it holds nothing
    that the act itself kept hidden from others.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_name = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=40)
    reason = models.CharField(max_length=500, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="audit_newest"),
            models.Index(fields=["subject_type", "subject_id"], name="audit_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action} {self.subject_type}:{self.subject_id}"
