"""The form in which a member writes her profile."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.errors import Invalid
from portal.core.templatetags.design import language_name
from portal.core.topics import topics_by_words
from portal.experts.models import Level, Profile
from portal.experts.services.profiles import BIO_LONGEST

NO_LEVEL = ("", _("not at all"))


class ProfileForm(forms.Form):
    """Checks what was typed; ``services.profiles`` decides. One select for each language of the portal."""

    display_name = forms.CharField(label=_("Name shown to others"), max_length=120, required=False)
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("JPEG, PNG or WebP, at most 5 MB. Place and device that a camera notes in the file are removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    photo_remove = forms.BooleanField(label=_("Remove my photo"), required=False)
    role = forms.CharField(label=_("What you do"), max_length=120, required=False)
    company = forms.CharField(label=_("Company"), max_length=120, required=False)
    location = forms.CharField(label=_("Where you are"), max_length=120, required=False)
    website = forms.CharField(
        label=_("Website"), max_length=200, required=False, widget=forms.URLInput(attrs={"placeholder": "https://"})
    )
    bio = forms.CharField(
        label=_("About you"),
        required=False,
        max_length=BIO_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("What you know well and like to be asked about."),
    )
    topics = forms.CharField(
        label=_("Topics you know"),
        required=False,
        help_text=_("At most five, with commas between them."),
        widget=forms.TextInput(attrs={"list": "profile-topics", "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, _name in settings.LANGUAGES:
            self.fields[f"language_{code}"] = forms.ChoiceField(
                label=language_name(code), required=False, choices=[NO_LEVEL, *Level.choices]
            )

    @property
    def language_fields(self) -> list[forms.BoundField]:
        """The selects for how well a member knows each language."""
        return [self[name] for name in self.fields if name.startswith("language_")]

    def levels(self) -> dict[str, str]:
        """Returns the chosen level by language."""
        chosen = {code: self.cleaned_data.get(f"language_{code}", "") for code, _name in settings.LANGUAGES}
        return {code: level for code, level in chosen.items() if level}

    def clean_topics(self) -> list[str]:
        """Returns the slugs of the topics named, by slug or by a name in any language."""
        try:
            return [topic.slug for topic in topics_by_words(text=self.cleaned_data["topics"])]
        except Invalid as error:
            raise forms.ValidationError([str(words) for words in error.fields["topics"]]) from None


def profile_initial(user: User, profile: Profile, language: str) -> dict[str, Any]:
    """Returns what the form shows before anything is typed; topics by their names in ``language``."""
    saved = not profile._state.adding
    initial: dict[str, Any] = {"display_name": user.display_name}
    for name in ("role", "company", "location", "website", "bio"):
        initial[name] = getattr(profile, name)
    if saved:
        initial["topics"] = ", ".join(row.topic.name_in(language) for row in profile.topics.all())
        initial |= {f"language_{row.language}": row.level for row in profile.languages.all()}
    return initial
