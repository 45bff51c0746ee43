"""Votes."""

from django.conf import settings
from django.db import models

from portal.core.clock import now

from .answer import Answer
from .question import Question
from .reversal import VoteReversal


class Vote(models.Model):
    """A member's one vote for a question or an answer: 1 or -1 (none is no row).

    void: it does not count, because ``reversal`` took it out. A vote with a reversal that is not void was given back.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="votes")
    question = models.ForeignKey(Question, null=True, blank=True, on_delete=models.CASCADE, related_name="votes")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="votes")
    value = models.SmallIntegerField()
    created_at = models.DateTimeField(default=now)
    reversal = models.ForeignKey(VoteReversal, null=True, blank=True, on_delete=models.SET_NULL, related_name="votes")
    void = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="vote_recent")]
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
