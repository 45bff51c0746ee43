"""How a member says what she wants to be told of."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import USUAL, Channel, Kind, NotificationSettings

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


def _timezones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones())]


class NotificationSettingsForm(forms.ModelForm[NotificationSettings]):
    """For each kind by which way; what makes her follow; hours without mails."""

    quiet_from = forms.TypedChoiceField(label=_("No mails from"), choices=HOURS, coerce=int)
    quiet_until = forms.TypedChoiceField(
        label=_("until"), choices=HOURS, coerce=int, help_text=_("The same hour twice: mails may come at any time.")
    )
    digest_hour = forms.TypedChoiceField(label=_("The mail of the day leaves at"), choices=HOURS, coerce=int)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=_timezones)

    class Meta:
        model = NotificationSettings
        fields = [
            "follow_asked", "follow_answered", "follow_commented", "follow_wanted",
            "quiet_from", "quiet_until", "digest_hour", "timezone",
        ]  # fmt: skip
        labels = {
            "follow_asked": _("Questions I ask"),
            "follow_answered": _("Questions I answer"),
            "follow_commented": _("Questions I comment on"),
            "follow_wanted": _("Questions where I pressed “I have this too”"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in USUAL:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=Channel.choices, initial=self.instance.channel(kind)
            )

    def kinds(self) -> list[forms.BoundField]:
        """Returns the fields of kinds."""
        return [self[kind.value] for kind in USUAL]

    def follows(self) -> list[forms.BoundField]:
        """Returns the fields of what makes her follow a question."""
        return [self[name] for name in self.Meta.fields if name.startswith("follow_")]

    def times(self) -> list[forms.BoundField]:
        """Returns the fields of hours."""
        return [self[name] for name in self.Meta.fields if not name.startswith("follow_")]

    def chosen(self) -> dict[str, str]:
        """Returns the chosen ways by kind."""
        return {kind.value: self.cleaned_data[kind.value] for kind in USUAL}


def is_kind(name: str) -> bool:
    """Whether a kind's pace is chosen here (saved searches have their own)."""
    return name in Kind.values and Kind(name) in USUAL
