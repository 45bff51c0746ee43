"""The forms of questions and answers. The services hold the rules; forms draw them and keep what was typed."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.core.audit import LONGEST_REASON
from portal.core.errors import Invalid
from portal.core.once import new_token
from portal.core.topics import topics_by_words
from portal.questions.models import Post, Question, Release, Revision, Why
from portal.questions.models.lifecycle import CLOSING
from portal.questions.selectors.passports import NO_ENDS, Ends
from portal.questions.selectors.text import markdown_source
from portal.questions.services.passport import Claim, ClaimMet
from portal.questions.services.texts import COMMENT_LONGEST, TITLE_LONGEST


def language_choices() -> list[tuple[str, str]]:
    """Returns the portal's languages, each in its own words."""
    return [(code, str(LANG_INFO.get(code, {}).get("name_local", code))) for code, _name in settings.LANGUAGES]


class ServiceForm(forms.Form):
    """A form whose errors come from a service."""

    once = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_token)

    def again(self, data: QueryDict) -> Self:
        """Returns the same form with other data."""
        return type(self)(data, initial=self.initial)

    def refuse(self, error: Invalid) -> None:
        """Shows a service's refusal at the fields that it names, else above the form."""
        for name, messages in error.fields.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, str(message))


class QuestionForm(ServiceForm):
    """A question: what the title says, the words, the language, the topics.

    anonymous: whether the form offers to ask without a name.
    """

    title = forms.CharField(
        label=_("Title"),
        help_text=_("Your question in one sentence, as you would say it to a colleague."),
        max_length=TITLE_LONGEST,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    body = forms.CharField(
        label=_("Details"),
        help_text=_("What you did, what you expected, what happened instead. Paste the exact message if there is one."),
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language"), help_text=_("The language you write in."))
    topics = forms.CharField(
        label=_("Topics"),
        help_text=_("Up to five, separated by commas."),
        required=False,
        widget=forms.TextInput(attrs={"list": "topic-names", "autocomplete": "off", "dir": "auto"}),
    )

    anonymous = forms.BooleanField(
        label=_("Ask anonymously"),
        required=False,
        help_text=_(
            "Your name is hidden from everybody: members, staff, the search, mails and programs. So is it at all that "
            "you write below this question. It brings you no reputation. A moderator can look your name up where "
            "there is a reason, and that is written down. Mind what you tell of yourself in the words. You can show "
            "your name later."
        ),
    )

    def __init__(self, *args: Any, anonymous: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not anonymous:
            del self.fields["anonymous"]
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = language_choices()

    def clean_topics(self) -> list[str]:
        """Returns the slugs of the topics named, in any language."""
        try:
            return [topic.slug for topic in topics_by_words(text=self.cleaned_data["topics"])]
        except Invalid as error:
            raise forms.ValidationError([str(said) for said in error.fields["topics"]]) from None


class EditForm(QuestionForm):
    """A change to a question; ``version`` is the one that the editor began from."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What you changed"), required=False, max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An import may have brought a longer title than a member may write.
        self.fields["title"].widget.attrs.pop("maxlength", None)
        self.fields["title"].max_length = None  # type: ignore[attr-defined]
        self.fields["title"].validators = []


def release_choices(releases: Mapping[int, Sequence[Release]]) -> list[tuple[str, Any]]:
    """Returns the releases to choose from, the newest first; under their products' names where there are several."""
    labels = [[(str(each.pk), each.label) for each in reversed(found)] for found in releases.values()]
    if len(labels) == 1:
        return [("", "–"), *labels[0]]
    names = [found[0].product.name_in(get_language() or "en") for found in releases.values()]
    return [("", "–"), *zip(names, labels, strict=True)]


class RangeForm(ServiceForm):
    """A form that holds a range of releases; one end alone means that release, none at all that nothing is said.

    releases: those to choose from, by product; without any there is nothing to choose.
    """

    first = forms.TypedChoiceField(label=_("From version"), required=False, coerce=int, empty_value=None)
    last = forms.TypedChoiceField(label=_("To version"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, releases: Mapping[int, Sequence[Release]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.releases = releases or {}
        for name in ("first", "last"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = release_choices(self.releases) if self.releases else []

    def again(self, data: QueryDict) -> Self:
        """Returns the same form with other data."""
        return type(self)(data, initial=self.initial, releases=self.releases)


class ClaimForm(RangeForm):
    """An answer's words with the versions that they are written for, where the question is about a product with
    releases. ``known`` is what stood there when the form was opened."""

    known = forms.RegexField(r"\A([0-9]{1,18}-[0-9]{1,18})?\Z", widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.releases:
            for name in CLAIM:
                del self.fields[name]

    @property
    def claim(self) -> Claim | None:
        """What is said of versions (after ``is_valid``), None where the form does not offer it."""
        return ends_claimed(self.cleaned_data) if self.releases else None

    @property
    def claim_changed(self) -> bool:
        """Whether it says something else of versions than stood there when it was opened (after ``is_valid``)."""
        claim = self.claim
        return claim is not None and claim.ends != claim.known

    def refuse(self, error: Invalid) -> None:
        """Shows a refusal; where somebody else named other versions meanwhile, the next choice is made knowing it."""
        super().refuse(error)
        if isinstance(error, ClaimMet):
            self.data = {**dict(self.data.items()), "known": ends_name(error.ends)}


CLAIM = ("first", "last", "known")
"""What of a form is about the versions that an answer is written for."""


def ends_name(ends: Ends) -> str:
    """Returns the two ends of a range as a form names them, empty for none."""
    return f"{ends[0]}-{ends[1]}" if ends != NO_ENDS else ""


def ends_named(name: str) -> Ends:
    """Returns the two ends of a range that a form names."""
    first, _dash, last = name.partition("-")
    return (int(first), int(last)) if last else NO_ENDS


def ends_claimed(data: Mapping[str, Any]) -> Claim:
    """Returns what the cleaned data of a form says of versions."""
    return Claim(data["first"], data["last"], ends_named(data["known"]))


def claim_typed(values: Mapping[str, Any]) -> dict[str, str]:
    """Returns what of a form as it was sent is about versions."""
    return {name: values[name] for name in CLAIM if name in values}


def claim_initial(ends: Ends) -> Mapping[str, Any]:
    """Returns what the fields about versions begin with."""
    return {"first": ends[0], "last": ends[1], "known": ends_name(ends)}


class AnswerForm(ClaimForm):
    """An answer. official: whether its writer may give one in the name of the company."""

    body = forms.CharField(label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}))
    official = forms.BooleanField(label=_("This is the company's official answer"), required=False)

    def __init__(self, *args: Any, official: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not official:
            del self.fields["official"]


class AnswerEditForm(ClaimForm):
    """A change to an answer."""

    body = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}))
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What you changed"), required=False, max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )


class CommentForm(ServiceForm):
    """A comment."""

    body = forms.CharField(
        label=_("Your comment"),
        max_length=COMMENT_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    parent_id = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RevealForm(ServiceForm):
    """Why a moderator looks up who wrote anonymously."""

    reason = forms.CharField(
        label=_("Why you need to know"),
        max_length=LONGEST_REASON,
        help_text=_("Your name, the question, this reason and the time are kept in the log of what the staff did."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


class CommentEditForm(ServiceForm):
    """A change to a comment; ``version`` is the one that the editor began from."""

    body = forms.CharField(
        label=_("Comment"),
        max_length=COMMENT_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        own = self.initial.get("language", "")
        # An import may have brought a language that nobody writes here.
        foreign = [] if not own or own in dict(language_choices()) else [(own, own)]
        field.choices = [*language_choices(), *foreign]


CHOICES = [
    ("needs_details", _("Ask for details")),
    ("closed", _("Close")),
    ("duplicate", _("Mark as asked before")),
    ("obsolete", _("Mark as outdated")),
    ("archived", _("Archive")),
    ("locked", _("Lock")),
    ("unlocked", _("Unlock")),
    ("reopened", _("Open again")),
    ("unarchived", _("Take out of the archive")),
]
"""What can be decided about a question, as the form names it."""


class SettleForm(ServiceForm):
    """What is decided about a question; the page offers those of the choices that are open to its reader."""

    status = forms.ChoiceField(label=_("What to do"), choices=CHOICES, widget=forms.RadioSelect)
    why = forms.ChoiceField(
        label=_("Reason for closing"),
        choices=[(why.value, why.label) for why in CLOSING],
        required=False,
        initial=Why.OTHER,
    )
    duplicate_of = forms.IntegerField(
        label=_("Number of the earlier question"),
        required=False,
        help_text=_("The number in its address, for a question asked before."),
    )
    reason = forms.CharField(
        label=_("In your words"),
        help_text=_("Everybody can read this. When you ask for details: what is missing."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def offer_reasons(self, whys: Collection[str]) -> None:
        """Leaves the reasons for which this reader may close the question."""
        field = self.fields["why"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(why.value, why.label) for why in CLOSING if why in whys]


class VersionsForm(RangeForm):
    """A range of releases and nothing else."""

    @property
    def filled(self) -> bool:
        """Whether a version was chosen (after ``is_valid``)."""
        return bool(self.cleaned_data["first"] or self.cleaned_data["last"])


class OfficialForm(ServiceForm):
    """Why an answer becomes official, or is so no longer."""

    words = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


class OutdatedForm(ServiceForm):
    """Why an answer no longer holds."""

    reason = forms.CharField(
        label=_("Why it no longer holds"),
        help_text=_("One sentence; readers see it above the answer."),
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class ReleaseForm(ServiceForm):
    """A release of a product."""

    label = forms.CharField(
        label=_("Version"),
        help_text=_("As people call it: v3, 2024.1, spring release."),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    released_at = forms.DateField(
        label=_("Came out on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    notes_url = forms.CharField(
        label=_("Address of the release notes"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "ltr", "placeholder": "/en/news/…"}),
    )
    position = forms.IntegerField(
        label=_("Place among versions of the same day"),
        help_text=_("The lower number is the earlier version."),
        required=False,
        min_value=0,
        max_value=32_767,
        initial=0,
    )

    def clean_position(self) -> int:
        """Returns the place, 0 where none is given."""
        return self.cleaned_data["position"] or 0


def question_initial(question: Question) -> Mapping[str, Any]:
    """Returns what an edit form begins with."""
    return {
        "title": question.title,
        "body": markdown_source(question),
        "language": question.language,
        "topics": ", ".join(item.tag.slug for item in question.topic_items.all()),
        "version": question.version,
    }


def body_initial(post: Post | Revision) -> str:
    """Returns the Markdown that an edit of a post begins with."""
    return markdown_source(post)
