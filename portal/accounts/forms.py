"""The forms of a member's own pages, and allauth's in our words."""

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.core.templatetags.design import language_name

ENOUGH = _("At least 10 characters. A few unusual words are good.")


class OurWords:
    """Gives the fields of an allauth form our labels and helps, and takes its placeholders away."""

    words: ClassVar[dict[str, tuple[Any, Any]]] = {}
    attributes: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.pop("style", None)
            field.widget.attrs |= self.attributes.get(name, {})
            if name in self.words:
                field.label, field.help_text = self.words[name]


class SignupForm(OurWords, allauth_forms.SignupForm):
    """Joining: an address, a name for the page, a password."""

    words = {
        "email": (_("Email"), _("Only you see it. We send a link to make sure that it is yours.")),
        "username": (
            _("Username"),
            _("Letters of any script, digits and . + - _ only. It becomes part of your page's address."),
        ),
        "password1": (_("Password"), ENOUGH),
    }
    attributes = {
        "email": {"dir": "ltr"},
        "username": {"dir": "auto", "maxlength": "60", "spellcheck": "false", "autocapitalize": "none"},
    }


class LoginForm(OurWords, allauth_forms.LoginForm):
    """Signing in with a username or an address."""

    words = {
        "login": (_("Username or email"), ""),
        "password": (_("Password"), ""),
        "remember": (_("Keep me signed in on this device"), ""),
    }
    attributes = {"login": {"dir": "auto", "spellcheck": "false", "autocapitalize": "none"}}


class ResetPasswordForm(OurWords, allauth_forms.ResetPasswordForm):
    """Asking for a link to choose a new password."""

    words = {"email": (_("Email"), "")}
    attributes = {"email": {"dir": "ltr"}}


class ResetPasswordKeyForm(OurWords, allauth_forms.ResetPasswordKeyForm):
    """Choosing a new password through the link."""

    words = {"password1": (_("New password"), ENOUGH), "password2": (_("The new password again"), "")}


class ChangePasswordForm(OurWords, allauth_forms.ChangePasswordForm):
    """Choosing a new password while signed in."""

    words = {
        "oldpassword": (_("Your password now"), ""),
        "password1": (_("New password"), ENOUGH),
        "password2": (_("The new password again"), ""),
    }


class SetPasswordForm(OurWords, allauth_forms.SetPasswordForm):
    """Choosing a first password."""

    words = {"password1": (_("Password"), ENOUGH), "password2": (_("The password again"), "")}


class ReauthenticateForm(OurWords, allauth_forms.ReauthenticateForm):
    """Giving the password again before something weighty."""

    words = {"password": (_("Password"), "")}


class AddEmailForm(OurWords, allauth_forms.AddEmailForm):
    """A further address."""

    words = {"email": (_("Another address"), _("We send a link to make sure that it is yours."))}
    attributes = {"email": {"dir": "ltr"}}


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
