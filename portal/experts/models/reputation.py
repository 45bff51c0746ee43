"""The ledger of reputation."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.clock import now
from portal.questions.models import Answer, Question


class Kind(models.TextChoices):
    """Why reputation changed; what each is worth stands in ``experts/rules.py``."""

    QUESTION_UP = "question_up", _("Question found useful")
    QUESTION_DOWN = "question_down", _("Question found not useful")
    ANSWER_UP = "answer_up", _("Answer found useful")
    ANSWER_DOWN = "answer_down", _("Answer found not useful")
    ACCEPTED = "accepted", _("Answer accepted")
    ACCEPTING = "accepting", _("Accepted an answer")
    IMPORTED = "imported", _("Brought along from an earlier community")


class ReputationEntry(models.Model):
    """One change of a member's reputation and its reason.

    All but the imported entries follow from votes and acceptances as they now stand: ``reputation_recompute`` writes
    them anew at any time. key names the reason (``vote:answer:7:3``), so that no reason can count twice. actor is who
    voted or accepted: kept to explain an entry to the staff, never shown to members.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reputation_entries")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    amount = models.IntegerField()
    question = models.ForeignKey(Question, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at", "-id"], name="reputation_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.amount:+d} {self.key}"
