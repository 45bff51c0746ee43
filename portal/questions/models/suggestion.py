"""Changes that members suggest to what others wrote."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.clock import now

from .answer import Answer
from .question import Question
from .revision import Revision


class Suggestion(models.Model):
    """A change to a question (answer is None) or to an answer, by a member who may not edit it herself.

    base_title, base_body and base_topics are the words that she began from, title, body and topics what she made of
    them (bodies in Markdown); so the two can be brought together with what the post has become since. version is the
    post's at that time. revision is the version that an accepted one became.
    """

    class Status(models.TextChoices):
        """Where a suggestion stands."""

        PENDING = "pending", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="suggestions")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="suggestions")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="suggestions"
    )
    version = models.PositiveIntegerField()
    base_title = models.CharField(max_length=300, blank=True)
    base_body = models.TextField()
    base_topics = models.JSONField(default=list, blank=True)
    title = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    topics = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    created_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decision = models.CharField(max_length=300, blank=True)
    revision = models.OneToOneField(
        Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="suggestion"
    )

    class Meta:
        indexes = [
            models.Index(fields=["status", "created_at", "id"], name="suggestion_queue"),
            models.Index(fields=["author", "created_at"], name="suggestion_author"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "question"],
                condition=models.Q(answer__isnull=True, status="pending"),
                name="one_suggestion_waits_per_question",
            ),
            models.UniqueConstraint(
                fields=["author", "answer"],
                condition=models.Q(answer__isnull=False, status="pending"),
                name="one_suggestion_waits_per_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}/{self.answer_id or '-'} s{self.pk}"

    def get_absolute_url(self) -> str:
        """Returns the path of its page, in the reader's language."""
        return reverse("suggestion", args=[self.pk])

    @property
    def post(self) -> Question | Answer:
        """The question or the answer that would change."""
        return self.question if self.answer is None else self.answer

    @property
    def waits(self) -> bool:
        """Whether nobody has decided yet."""
        return self.status == self.Status.PENDING
