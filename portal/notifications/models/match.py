"""What saved searches found."""

from django.db import models

from portal.core.clock import now
from portal.discovery.models import SavedSearch


class SavedSearchMatch(models.Model):
    """That a saved search found a document: one row for each pair, so that nobody is told of it twice.

    handled_at: when it went out by mail or was found to be none of her business any more; set before the mail is
    handed over, because a mail sent twice is worse than one that a crash swallowed (the inbox has it). claim: the run
    that took it.
    """

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="matches")
    document_type = models.CharField(max_length=30)
    document_id = models.CharField(max_length=40)
    found_at = models.DateTimeField(default=now)
    handled_at = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["search", "document_type", "document_id"], name="one_match_per_document")
        ]
        indexes = [
            models.Index(fields=["search"], condition=models.Q(handled_at__isnull=True), name="match_to_be_mailed"),
            models.Index(fields=["claim"], condition=~models.Q(claim=""), name="match_claimed"),
        ]

    def __str__(self) -> str:
        return f"{self.search_id}: {self.document_type}:{self.document_id}"
