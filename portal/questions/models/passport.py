"""What is known of the versions that an answer holds for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.clock import now

from .answer import Answer
from .release import Release


class HoldsOn(models.TextChoices):
    """Whether an answer holds, on one release or at all (selectors/passport_rules.py has the rule)."""

    UNCONFIRMED = "unconfirmed", _("Not yet confirmed")
    WORKS = "works", _("Works")
    DOUBTFUL = "doubtful", _("Doubtful")
    OBSOLETE = "obsolete", _("Outdated")


class VersionRange(models.Model):
    """A range of releases of one product that an answer is for, both ends included."""

    first = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    last = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Passport(VersionRange):
    """The versions that an answer was written for, as its author or an editor says."""

    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, related_name="passport")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    set_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.first_id}–{self.last_id}"


class Solution(VersionRange):
    """An answer marked, by who asked or the staff, as what solves the question for some versions."""

    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, related_name="solution")
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    marked_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.first_id}–{self.last_id}"


class Confirmation(models.Model):
    """What one member says of one answer on one release: it still works, or no longer.

    voice is in what quality it was said, fixed at that moment: what was said stays true when the account is gone or
    its rights change.
    """

    class Voice(models.TextChoices):
        """In what quality somebody speaks."""

        MEMBER = "member"
        AUTHOR = "author"
        STAFF = "staff"

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="confirmations")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="confirmations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="confirmations"
    )
    voice = models.CharField(max_length=8, choices=Voice.choices, default=Voice.MEMBER)
    works = models.BooleanField()
    said_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "answer", "release"],
                condition=models.Q(user__isnull=False),
                name="one_say_of_a_member_per_release",
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} on {self.release_id}: {'works' if self.works else 'no longer'}"


class ObsoleteMark(models.Model):
    """An answer marked as outdated by hand, with the reason; lifted marks stay as the record of what was done."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="obsolete_marks")
    reason = models.CharField(max_length=300)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    marked_at = models.DateTimeField(default=now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["answer"], condition=models.Q(lifted_at__isnull=True), name="one_obsolete_mark_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.reason}"
