"""What happened and is to be told: written with the change itself, told by the worker."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.core.clock import now
from portal.questions.models import Answer, Comment, Question


class Happening(models.Model):
    """Something that happened to a question, its answers or comments.

    what: the name of a rule in ``selectors/audience.py``. data: what else that rule needs (who was mentioned, which
    status). told_at: when everybody who is to know had a note; None while it waits for the worker. attempts: how often
    the worker tried.
    """

    what = models.CharField(max_length=20)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=now)
    told_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["attempts", "id"], condition=Q(told_at__isnull=True), name="happening_waiting")]

    def __str__(self) -> str:
        return f"{self.what} {self.post}"

    @property
    def post(self) -> str:
        """What of the question it is about, as ``comment:9``, ``answer:8`` or ``question:7``."""
        if self.comment_id is not None:
            return f"comment:{self.comment_id}"
        return f"answer:{self.answer_id}" if self.answer_id is not None else f"question:{self.question_id}"
