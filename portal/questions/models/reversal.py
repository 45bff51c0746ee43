"""Votes in series that were taken out of the count."""

from django.conf import settings
from django.db import models

from portal.core.clock import now


class VoteReversal(models.Model):
    """One series of a member's votes for one author's posts, with what spoke for taking it out (``serial.py``).

    value: up (1) or down (-1). votes_count: how many were voided. cast_count: all votes that the voter cast between
    began_at and ended_at. needed and percent: the rule as it stood then. An undone reversal stays, and its votes are
    never looked at again: a person has judged them.
    """

    voter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    value = models.SmallIntegerField()
    votes_count = models.PositiveIntegerField()
    cast_count = models.PositiveIntegerField()
    needed = models.PositiveIntegerField()
    percent = models.PositiveIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    created_at = models.DateTimeField(default=now)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="reversal_newest")]

    def __str__(self) -> str:
        return f"{self.voter_id} → {self.author_id}: {self.votes_count} × {self.value:+d}"
