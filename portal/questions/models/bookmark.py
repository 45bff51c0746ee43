"""Bookmarks."""

from django.conf import settings
from django.db import models

from portal.core.clock import now

from .answer import Answer
from .question import Question

LONGEST_NOTE = 300


class Bookmark(models.Model):
    """A question or an answer that a member keeps for herself, perhaps with a note. Nobody else ever sees it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bookmarks")
    question = models.ForeignKey(Question, null=True, blank=True, on_delete=models.CASCADE, related_name="bookmarks")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="bookmarks")
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="")
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at", "-id"], name="bookmarks_of_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "question"], condition=models.Q(question__isnull=False), name="one_bookmark_a_question"
            ),
            models.UniqueConstraint(
                fields=["user", "answer"], condition=models.Q(answer__isnull=False), name="one_bookmark_an_answer"
            ),
            models.CheckConstraint(
                condition=models.Q(question__isnull=False, answer__isnull=True)
                | models.Q(question__isnull=True, answer__isnull=False),
                name="bookmark_of_one_post",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.question_id or self.answer_id}"
