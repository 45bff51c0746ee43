"""The notes in a member's inbox, and what each of them gathers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.core.clock import now
from portal.discovery.models import SavedSearch

from .happening import Happening
from .kind import Kind


class Notification(models.Model):
    """A note in a member's inbox: of one kind, about one thread (a type and an id of the search's).

    Its words are not kept: they are read from the thing when the inbox is opened, as far as its reader may see it then.
    What happens again in the same thread joins the note that is there and makes it unread. told_at: when something
    joined it last. hidden: what a saved search found and its owner may not see now.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    document_type = models.CharField(max_length=30)
    document_id = models.CharField(max_length=40)
    saved_search = models.ForeignKey(SavedSearch, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=now)
    told_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True, blank=True)
    hidden = models.BooleanField(default=False)

    class Meta:
        ordering = ["-told_at", "-id"]
        indexes = [
            models.Index(fields=["recipient", "-told_at", "-id"], name="inbox_latest"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="inbox_unread"),
            models.Index(fields=["told_at"], name="note_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "document_type", "document_id"], name="one_note_per_thing_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.thread}"

    @property
    def thread(self) -> str:
        """What it is about, as ``question:7``."""
        return f"{self.document_type}:{self.document_id}"


class NoteItem(models.Model):
    """One happening that a note tells of. post: what a reader is told of once, of this kind.

    mail_due_at: when it is to go out by mail, None where it is not. handled_at: when it went out, or was found to be
    none of her business any more; set before the mail is handed over, because a mail sent twice is worse than one that
    a crash swallowed (the inbox has it). claim: the run that took it. digest: it waits for the mail of the day.
    """

    note = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="items")
    happening = models.ForeignKey(Happening, on_delete=models.CASCADE, related_name="items")
    post = models.CharField(max_length=60)
    at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True, blank=True)
    digest = models.BooleanField(default=False)
    mail_due_at = models.DateTimeField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "post"], name="one_item_per_post_and_note")]
        indexes = [
            models.Index(
                fields=["mail_due_at"],
                condition=Q(handled_at__isnull=True, mail_due_at__isnull=False),
                name="item_to_be_mailed",
            ),
            models.Index(fields=["claim"], condition=~Q(claim=""), name="item_claimed"),
            models.Index(fields=["note", "-id"], name="item_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.note_id}: {self.post}"

    @property
    def thread(self) -> str:
        """What it is about now, as ``question:7``: an answer that went to another question is told of there."""
        if self.note.document_type == "question":
            return f"question:{self.happening.question_id}"
        return self.note.thread
