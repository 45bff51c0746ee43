"""What staff choose and type on their pages."""

from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .models import FixKind, GapKind, GapStatus
from .selectors.gaps import LIVE, MINE, NOBODY, GapFilter

ALL = "all"
LONGEST_NUMBER = 18


def gap_filter(values: QueryDict | Mapping[str, str]) -> GapFilter:
    """Returns the filter that an address asks for; what it cannot mean is left out."""
    language = values.get("language", "")
    kind = values.get("kind", "")
    status = values.get("status", "") or LIVE
    assignee = values.get("assignee", "")
    numbered = assignee.isascii() and assignee.isdigit() and len(assignee) <= LONGEST_NUMBER
    return GapFilter(
        language=language if len(language) <= 12 and "\x00" not in language else "",
        kind=kind if kind in GapKind.values else "",
        status="" if status == ALL else status if status in GapStatus.values else LIVE,
        assignee=assignee if numbered or assignee in (MINE, NOBODY) else "",
    )


def language_codes(known: list[str]) -> list[str]:
    """Returns the portal's languages, then others that there are gaps in."""
    ours = [code for code, _name in settings.LANGUAGES]
    return [*ours, *(code for code in known if code not in ours)]


class FixForm(forms.Form):
    """What mends a gap; the service checks it."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=FixKind.choices)
    url = forms.CharField(
        label=_("Its address"),
        max_length=500,
        help_text=_("From tomorrow on it is counted how many who search for this open something."),
        widget=forms.TextInput(attrs={"dir": "ltr", "placeholder": "/en/knowledge/…"}),
    )
