"""The forms around saved searches."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Frequency, SavedSearch


class SavedSearchForm(forms.ModelForm[SavedSearch]):
    """What a saved search is called, and how often its owner is told."""

    frequency = forms.ChoiceField(label=_("Tell me of new results"), choices=Frequency.choices)

    class Meta:
        model = SavedSearch
        fields: ClassVar[list[str]] = ["name", "frequency"]
        labels: ClassVar[dict[str, object]] = {"name": _("Name")}
        widgets: ClassVar[dict[str, forms.Widget]] = {"name": forms.TextInput(attrs={"dir": "auto"})}
