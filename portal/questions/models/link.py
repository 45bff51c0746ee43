"""Links between questions."""

from django.db import models

from portal.core.clock import now
from portal.core.models import Sourced

from .question import Question


class QuestionLink(Sourced):
    """One question speaks of another, or repeats it."""

    class Kind(models.TextChoices):
        """What the link says."""

        RELATED = "related"
        DUPLICATE = "duplicate"

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="links")
    target = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RELATED)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "target", "kind"], name="one_link_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} → {self.target_id}"
