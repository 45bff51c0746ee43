"""Badges that members earned."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.clock import now
from portal.core.models import Sourced
from portal.questions.models import VoteReversal


class Tier(models.TextChoices):
    """How hard a badge is to earn."""

    BRONZE = "bronze", _("Bronze")
    SILVER = "silver", _("Silver")
    GOLD = "gold", _("Gold")


class BadgeAward(Sourced):
    """A badge that a member earned and keeps, whatever becomes of her posts.

    slug is that of a rule in ``experts/badges.py``; an imported badge has none, but a name and a tier of its own
    (``source`` and ``source_key`` say which award of which site it was). withdrawn_for: the series of votes without
    which it would not have been earned, where they were taken out; it is shown to nobody then.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="badge_awards")
    slug = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=100, blank=True, default="")
    tier = models.CharField(max_length=6, choices=Tier.choices, default=Tier.BRONZE)
    awarded_at = models.DateTimeField(default=now)
    withdrawn_for = models.ForeignKey(
        VoteReversal, null=True, blank=True, on_delete=models.SET_NULL, related_name="withdrawn_badges"
    )

    class Meta:
        indexes = [models.Index(fields=["user", "-awarded_at"], name="badge_of_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "slug"], condition=~models.Q(slug=""), name="one_award_of_a_badge_per_user"
            ),
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=models.Q(source__isnull=False),
                name="one_award_per_source_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.slug or self.name}"
