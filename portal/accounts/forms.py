"""The forms of a member's own pages, and allauth's in our words."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.core.templatetags.design import language_name


class SignupForm(AllauthSignupForm):
    """Joining: an address, a name for the page, a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email, username, password = (self.fields[name] for name in ("email", "username", "password1"))
        email.label, email.help_text = _("Email"), _("Only you see it. We send a link to make sure that it is yours.")
        username.label = _("Username")
        username.help_text = _("Letters of any script, digits and . + - _ ; it becomes part of your page's address.")
        password.label, password.help_text = _("Password"), _("At least 10 characters. A few unusual words are good.")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        username.widget.attrs |= {"autocomplete": "username", "dir": "ltr", "maxlength": "60", "spellcheck": "false"}
        email.widget.attrs |= {"dir": "ltr"}


class LoginForm(AllauthLoginForm):
    """Signing in with a username or an address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("Username or email"), _("Password")
        password.help_text = ""
        if "remember" in self.fields:
            self.fields["remember"].label = _("Keep me signed in on this device")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        login.widget.attrs |= {"dir": "ltr", "autocapitalize": "none", "spellcheck": "false"}


class ResetPasswordForm(AllauthResetPasswordForm):
    """Asking for a link to choose a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email")
        self.fields["email"].widget.attrs.pop("placeholder", None)


def _language_choices() -> list[tuple[str, str]]:
    """Returns the interface languages, each in its own letters."""
    return [(code, language_name(code)) for code, _english in settings.LANGUAGES]


class SettingsForm(forms.Form):
    """A member's own settings."""

    display_name = forms.CharField(
        label=_("Name shown to others"),
        max_length=120,
        required=False,
        help_text=_("Left empty, others see your username."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=_("Language of pages and mails"), choices=_language_choices, help_text=_("We write to you in it.")
    )
    reads = forms.MultipleChoiceField(
        label=_("Languages you read"),
        choices=_language_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Search and lists prefer questions and articles in these."),
    )


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=100, help_text=_("So that you know later which one to take back.")
    )

    def clean_name(self) -> str:
        """Returns the name without the spaces around it."""
        return str(self.cleaned_data["name"]).strip()
