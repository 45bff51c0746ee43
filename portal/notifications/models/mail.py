"""When a member was last written to about a thread, and which questions' askers were reminded."""

from django.conf import settings
from django.db import models

from portal.core.clock import now
from portal.questions.models import Question


class ThreadMail(models.Model):
    """That a mail to a member told of a thread (``question:7``): the next one about it keeps its distance."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    thread = models.CharField(max_length=60)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "thread"], name="one_pace_per_thread")]
        indexes = [models.Index(fields=["sent_at"], name="thread_mail_age")]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.thread}"


class AcceptReminder(models.Model):
    """That a question's asker was reminded to accept an answer: once for each question."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.question_id}"
