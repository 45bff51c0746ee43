"""What the forms of terms and promoted results have in common."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm


class CuratedForm(WagtailAdminModelForm):
    """A form of something that holds from one day until another."""

    def clean(self) -> dict[str, Any]:
        """Refuses an end before the beginning."""
        cleaned: dict[str, Any] = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", ValidationError(_("The last day lies before the first.")))
        return cleaned


def lines_field(label: Any, help_text: Any = "", **attributes: Any) -> forms.CharField:
    """Returns a field of several lines, one value each; its words may run either way."""
    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto", **attributes})
    return forms.CharField(label=label, required=False, max_length=8_000, help_text=help_text, widget=widget)


def lines_of(text: str) -> list[str]:
    """Returns the lines of a text that hold something, blanks and NULs tidied, each once."""
    tidy = (" ".join(line.replace("\x00", " ").split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in tidy if line))
