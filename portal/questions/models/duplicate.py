"""What members say about questions that repeat others: it was asked before, or it was not."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.clock import now

from .merge import Merge
from .question import Question


class Outcome(models.TextChoices):
    """What staff decided."""

    OPEN = "", _("Waiting")
    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("Declined")


class Claim(models.Model):
    """Something that a member says about a question, and what staff decided of it; reply is what they told her."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.CharField(max_length=1000, blank=True, default="")
    created_at = models.DateTimeField(default=now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reply = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        abstract = True


class DuplicateProposal(Claim):
    """A member thinks that ``question`` repeats ``target``; she has one open proposal for a question."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="duplicate_proposals")
    target = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "member"], condition=models.Q(outcome=""), name="one_open_proposal_per_member"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id} → {self.target_id}?"


class Contest(Claim):
    """Who asked ``question`` says that it is no repeat, or (merge) that it should not have been joined with another."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="contests")
    merge = models.ForeignKey(Merge, null=True, blank=True, on_delete=models.CASCADE, related_name="contests")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["question"], condition=models.Q(outcome=""), name="one_open_contest")
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: contested"
