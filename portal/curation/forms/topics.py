"""The form in which the staff edits a topic: its own words and those of every language, on one page."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from portal.core.models import Topic
from portal.core.templatetags.design import language_name
from portal.core.topics import topic_slug
from portal.curation.selectors.topics import lies_below
from portal.curation.services.topics import topic_moved, topic_names_set

LONGEST_NAME, LONGEST_DESCRIPTION = 100, 300


def word_fields() -> list[str]:
    """Returns the names of the fields for the words in each language."""
    return [f"{kind}_{code}" for code, _name in settings.LANGUAGES for kind in ("name", "description")]


class TopicForm(WagtailAdminModelForm):
    """A topic with its name and description in each language of the portal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {entry.language: entry for entry in self.instance.names.all()} if self.instance.pk else {}
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Part of the page's address. Left empty, it is made from the name.")
        for code, _name in settings.LANGUAGES:
            entry = known.get(code)
            self.initial[f"name_{code}"] = entry.name if entry else ""
            self.initial[f"description_{code}"] = entry.description if entry else ""

    def clean_parent(self) -> Topic | None:
        """Returns the topic above; refuses one that lies below this topic, and a fourth level."""
        parent: Topic | None = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk and lies_below(parent, self.instance):
            raise ValidationError(_("A topic cannot lie below itself."))
        if parent is not None and parent.parent is not None and parent.parent.parent_id is not None:
            raise ValidationError(_("Topics have three levels at most."))
        return parent

    def clean(self) -> dict[str, Any]:
        """Makes the slug of a new topic."""
        cleaned: dict[str, Any] = super().clean()
        if not cleaned.get("slug"):
            cleaned["slug"] = topic_slug(cleaned.get("name", ""))
            if Topic.objects.filter(slug=cleaned["slug"]).exclude(pk=self.instance.pk).exists():
                self.add_error("slug", _("Another topic has this address already."))
        return cleaned

    def save(self, commit: bool = True) -> Topic:
        """Saves the topic and its words in each language."""
        topic: Topic = super().save(commit=commit)
        if topic.pk and {"kind", "parent", "slug"} & set(self.changed_data):
            topic_moved(topic=topic)
        if topic.pk:
            topic_names_set(
                topic=topic,
                names={
                    code: (self.cleaned_data[f"name_{code}"], self.cleaned_data[f"description_{code}"])
                    for code, _name in settings.LANGUAGES
                },
            )
        return topic


def _declare_words() -> None:
    """Gives the form its fields for each language; Wagtail's panels find them as fields of the class."""
    for code, _name in settings.LANGUAGES:
        own = {"lang": code, "dir": "auto"}
        name = forms.CharField(
            label=language_name(code), required=False, max_length=LONGEST_NAME, widget=forms.TextInput(attrs=own)
        )
        description = forms.CharField(
            label=_("Description"),
            required=False,
            max_length=LONGEST_DESCRIPTION,
            widget=forms.Textarea(attrs={**own, "rows": 2}),
        )
        TopicForm.base_fields[f"name_{code}"] = TopicForm.declared_fields[f"name_{code}"] = name
        TopicForm.base_fields[f"description_{code}"] = TopicForm.declared_fields[f"description_{code}"] = description


_declare_words()
