"""What the staff decide about asking, in the CMS under Settings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="help", order=200)
class AskingSettings(BaseGenericSetting):
    """One row for the whole portal. Anonymous asking is off until the staff allow it."""

    anonymous_allowed = models.BooleanField(
        _("Members may ask anonymously"),
        default=False,
        help_text=_(
            "Their names are shown to nobody. A moderator can look one up, with a reason that is kept in the log of "
            "what the staff did. Questions that were asked anonymously stay so when this is switched off."
        ),
    )

    panels = [FieldPanel("anonymous_allowed")]

    class Meta:
        verbose_name = _("Asking")

    def __str__(self) -> str:
        return "asking"
