"""From one day until another, as terms and promoted results have it."""

from datetime import date, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, RevisionMixin


def beginning_of(day: date) -> datetime:
    """Returns the first moment of a day in the portal's time zone."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))


class Curated(DraftStateMixin, RevisionMixin, models.Model):
    """What the staff keeps in drafts and revisions, and may remove and bring back, and for which days it holds."""

    note = models.TextField(_("note"), blank=True, help_text=_("For the staff: where it comes from, what it is for."))
    starts_on = models.DateField(_("from"), null=True, blank=True, help_text=_("The first day. Empty: at once."))
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day. Empty: for good."))
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def starts_at(self) -> datetime | None:
        """The moment from which it holds."""
        return beginning_of(self.starts_on) if self.starts_on else None

    @property
    def ends_at(self) -> datetime | None:
        """The first moment at which it holds no more."""
        return beginning_of(self.ends_on + timedelta(days=1)) if self.ends_on else None
