"""Every version of what was written."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from portal.core.clock import now
from portal.core.models import Sourced

from .answer import Answer
from .post import Post
from .question import Question


class Revision(Sourced):
    """One version of a question (answer is None) or of an answer: who wrote it when, and in what words.

    approved_by: who let a suggestion in, which ``improved`` says she changed on the way. restores: the number of the
    earlier version that this one brings back. language: empty where an import did not tell.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="revisions")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    editor_name = models.CharField(max_length=120, blank=True, default="")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    improved = models.BooleanField(default=False)
    restores = models.PositiveIntegerField(null=True, blank=True)
    title = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    body_format = models.CharField(max_length=10, choices=Post.Format.choices, default=Post.Format.MARKDOWN)
    language = models.CharField(max_length=12, blank=True, default="")
    topics = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], condition=models.Q(answer__isnull=True), name="question_revision_number"
            ),
            models.UniqueConstraint(
                fields=["answer", "number"], condition=models.Q(answer__isnull=False), name="answer_revision_number"
            ),
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=models.Q(source__isnull=False),
                name="one_revision_per_source_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}/{self.answer_id or '-'} r{self.number}"

    def get_absolute_url(self) -> str:
        """Returns the path of the page of this version, in the reader's language."""
        if self.answer_id is None:
            return reverse("question-version", args=[self.question_id, self.number])
        return reverse("answer-version", args=[self.question_id, self.answer_id, self.number])
