"""The forms around repeats: which earlier question, what is different, what staff answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.questions.forms import ServiceForm
from portal.questions.services.proposals import REPLY_LONGEST, WORDS_LONGEST


class TargetForm(ServiceForm):
    """Which earlier question is meant, and why."""

    target = forms.IntegerField(required=True, widget=forms.HiddenInput, min_value=1, max_value=2**62)
    words = forms.CharField(
        label=_("Why"), required=False, max_length=REPLY_LONGEST, widget=forms.TextInput(attrs={"dir": "auto"})
    )


class ContestForm(ServiceForm):
    """What is different."""

    words = forms.CharField(
        label=_("What is different"),
        help_text=_("Say in a sentence or two what the other question does not answer."),
        max_length=WORDS_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


class DecisionForm(ServiceForm):
    """What staff decide, and what they say."""

    agree = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reply = forms.CharField(
        label=_("Your answer to the member"),
        required=False,
        max_length=REPLY_LONGEST,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
