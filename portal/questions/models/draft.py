"""What members have not posted yet."""

from django.conf import settings
from django.db import models

from portal.core.clock import now

from .question import Question


class Draft(models.Model):
    """What a member is writing at one place. target_id names the post there (0 for a new question).

    fields: what stands in the form, by the names of its fields. version counts the changes: who saves names the one he
    knows. set_aside: the text that gave way when two versions of the draft met. question is only for lists.
    once: the token of the form that was last heard of it.
    """

    class Kind(models.TextChoices):
        """What is being written."""

        ASK = "ask"
        ANSWER = "answer"
        QUESTION_EDIT = "question-edit"
        ANSWER_EDIT = "answer-edit"
        QUESTION_COMMENT = "question-comment"
        ANSWER_COMMENT = "answer-comment"
        REPLY = "reply"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    target_id = models.PositiveBigIntegerField(default=0)
    question = models.ForeignKey(Question, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    fields = models.JSONField(default=dict)
    set_aside = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    once = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "target_id"], name="one_draft_per_place")]
        indexes = [models.Index(fields=["owner", "-updated_at", "-id"], name="draft_newest")]

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.place}"

    @property
    def place(self) -> str:
        """The name of the place, as addresses have it: ``ask``, ``answer-12``."""
        return f"{self.kind}-{self.target_id}" if self.target_id else self.kind


class SentForm(models.Model):
    """A form that was posted, by its token, and where it led: what comes from it late is no draft any more."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    once = models.CharField(max_length=64)
    address = models.CharField(max_length=500)
    sent_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "once"], name="one_form_sent_once")]

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.address}"
