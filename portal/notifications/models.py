"""What a member is told: the notes in her inbox, and which of them went out by mail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.clock import now
from portal.discovery.models import SavedSearch


class Kind(models.TextChoices):
    """Why a member is told of something."""

    SAVED_SEARCH = "saved_search", _("Saved search")


class Notification(models.Model):
    """A note in a member's inbox about one thing that can be found (a type and an id of the search's).

    Its words are not kept: they are read from the thing when the inbox is opened, as far as its reader may see it then.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    document_type = models.CharField(max_length=30)
    document_id = models.CharField(max_length=40)
    saved_search = models.ForeignKey(SavedSearch, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="inbox_newest"),
            models.Index(fields=["recipient"], condition=models.Q(read_at__isnull=True), name="inbox_unread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "document_type", "document_id"], name="one_note_per_thing_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.document_type}:{self.document_id}"


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
