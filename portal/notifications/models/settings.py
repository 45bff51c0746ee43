"""How a member wants to be told."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from .kind import USUAL, Channel, Kind

UTC = "UTC"


class NotificationSettings(models.Model):
    """A member's choices; who has no row has the usual ones.

    channels: a ``Channel`` by ``Kind``, only where it was chosen. follow_*: what of her own doings makes her follow a
    question. quiet_from, quiet_until: hours of the day in ``timezone`` between which no mail leaves (equal: none such).
    digest_hour: when the mail of the day does.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_settings"
    )
    channels = models.JSONField(default=dict, blank=True)
    follow_asked = models.BooleanField(default=True)
    follow_answered = models.BooleanField(default=True)
    follow_commented = models.BooleanField(default=True)
    follow_wanted = models.BooleanField(default=True)
    quiet_from = models.PositiveSmallIntegerField(default=0)
    quiet_until = models.PositiveSmallIntegerField(default=0)
    digest_hour = models.PositiveSmallIntegerField(default=8)
    timezone = models.CharField(max_length=60, default=UTC)

    def __str__(self) -> str:
        return f"settings of {self.user_id}"

    def channel(self, kind: str) -> Channel:
        """Returns by which way the member is told of a kind."""
        chosen = self.channels.get(kind)
        return Channel(chosen) if chosen in Channel.values else USUAL.get(Kind(kind), Channel.INBOX)

    def follows_after(self, deed: str) -> bool:
        """Whether a deed (``asked``, ``answered``, ``commented`` or ``wanted``) makes her follow the question."""
        return bool(getattr(self, f"follow_{deed}"))

    def local(self, moment: datetime) -> datetime:
        """Returns a moment by the member's own clock."""
        try:
            return moment.astimezone(ZoneInfo(self.timezone))
        except (KeyError, ValueError, OSError):
            return moment.astimezone(ZoneInfo(UTC))

    def quiet_end(self, moment: datetime) -> datetime | None:
        """Returns when the quiet hours end that ``moment`` lies in, None where it lies in none."""
        if self.quiet_from == self.quiet_until:
            return None
        here = self.local(moment)
        quiet = (here.hour - self.quiet_from) % 24 < (self.quiet_until - self.quiet_from) % 24
        return _next_hour(here, self.quiet_until) if quiet else None

    def digest_due(self, moment: datetime) -> datetime:
        """Returns when the next mail of the day leaves after ``moment``."""
        return _next_hour(self.local(moment), self.digest_hour)


def _next_hour(here: datetime, hour: int) -> datetime:
    """Returns when a clock next shows a full hour after the moment that it shows now."""
    then = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    return then if then > here else then + timedelta(days=1)
