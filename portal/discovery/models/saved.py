"""Searches that members keep, to be told of what is new."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.clock import now

LONGEST_NAME = 120
LONGEST_ADDRESS = 2_000


class Frequency(models.TextChoices):
    """How often a member is told of new matches; ``NEVER`` keeps the search without telling anything."""

    IMMEDIATELY = "immediately", _("As soon as there is something new")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Never: only keep it here")


class SavedSearch(models.Model):
    """A search of one member's.

    parameters: those of the results page's address (``q=paper&type=question``). language: of the interface that it
    was saved in. told_from: nothing older is news. seen_at: what was created before was looked at. due_at: not looked
    at before then, None for never. version: rises with every change of its owner's.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    parameters = models.CharField(max_length=LONGEST_ADDRESS)
    language = models.CharField(max_length=12)
    frequency = models.CharField(max_length=12, choices=Frequency.choices, default=Frequency.DAILY)
    created_at = models.DateTimeField(default=now)
    told_from = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["owner", "parameters"], name="one_saved_search_per_address")]

    def __str__(self) -> str:
        return self.name
