"""Who else has the problem that a question tells of."""

from django.conf import settings
from django.db import models

from portal.core.clock import now

from .question import Question


class Demand(models.Model):
    """A member's "I have this too": one for a question, never her own; ``Question.demand_count`` counts them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="demands")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="demands")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "question"], name="one_demand_per_question")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.question_id}"
