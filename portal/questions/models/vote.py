"""Votes."""

from django.conf import settings
from django.db import models

from portal.core.clock import now

from .answer import Answer
from .question import Question


class Vote(models.Model):
    """A member's one vote for a question or an answer: 1 or -1 (none is no row)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="votes")
    question = models.ForeignKey(Question, null=True, blank=True, on_delete=models.CASCADE, related_name="votes")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="votes")
    value = models.SmallIntegerField()
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "question"], condition=models.Q(question__isnull=False), name="one_vote_per_question"
            ),
            models.UniqueConstraint(
                fields=["user", "answer"], condition=models.Q(answer__isnull=False), name="one_vote_per_answer"
            ),
            models.CheckConstraint(
                condition=models.Q(question__isnull=False, answer__isnull=True)
                | models.Q(question__isnull=True, answer__isnull=False),
                name="vote_for_one_post",
            ),
            models.CheckConstraint(condition=models.Q(value__in=[-1, 1]), name="vote_up_or_down"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.value:+d}"
