"""What the staff allow to experts, in the CMS under Settings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="group", order=210)
class ExpertRights(BaseGenericSetting):
    """One row for the whole portal: what members with enough standing in a question's topics may do there."""

    ask_details = models.BooleanField(
        _("Experts may ask for details"),
        default=True,
        help_text=_("They say what a question lacks; it waits until who asked has added it."),
    )
    accept = models.BooleanField(
        _("Experts may accept answers"),
        default=False,
        help_text=_(
            "Where nobody has accepted one yet, an answer by somebody else; and mark solutions for some versions. Who "
            "asked and the staff can always choose another one."
        ),
    )
    official = models.BooleanField(
        _("Experts may give official answers"),
        default=False,
        help_text=_("They then answer in the name of the company."),
    )

    panels = [
        HelpPanel(
            content=_(
                "An expert is a member with enough standing in a topic of the question. It comes from accepted "
                "answers and votes there."
            )
        ),
        FieldPanel("ask_details"),
        FieldPanel("accept"),
        FieldPanel("official"),
    ]

    class Meta:
        verbose_name = _("Rights of experts")

    def __str__(self) -> str:
        return "rights of experts"
