"""Answers."""

from django.conf import settings
from django.db import models

from .post import VotedPost
from .question import Question

# A question's page shows so many answers, and the rest on the next ones.
ANSWERS_A_PAGE = 30


class Answer(VotedPost):
    """An answer to a question; official where it is the company's word (given as one, or made one later).

    obsolete: it no longer holds, by hand or by what readers say of it (derived by ``answers_recount``).
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    official = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    obsolete = models.BooleanField(default=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["question", "obsolete", "-score", "id"], name="answer_best"),
            models.Index(
                fields=["-deleted_at", "-id"], condition=models.Q(deleted_at__isnull=False), name="answer_deleted"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=models.Q(source__isnull=False),
                name="one_answer_per_source_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id}#answer-{self.pk}"

    def get_absolute_url(self) -> str:
        """Returns the path of the question's page at this answer, where it takes several pages of the right one."""
        page = f"?answer={self.pk}" if self.question.answers_count > ANSWERS_A_PAGE else ""
        return f"{self.question.get_absolute_url()}{page}#answer-{self.pk}"
