"""The forms of suggested edits: what is suggested and why, what a reviewer makes of it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.questions.forms import AnswerEditForm, EditForm, ServiceForm
from portal.questions.models import Answer, Question
from portal.questions.selectors.revisions import Words
from portal.questions.services.suggestions import REASON_LONGEST


def _line(label: Any, help_text: Any = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=REASON_LONGEST,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


class SuggestQuestionForm(EditForm):
    """An edit of somebody else's question."""

    reason = _line(_("Why"), _("What is better now? The author reads it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["language"], self.fields["note"]


class SuggestAnswerForm(AnswerEditForm):
    """An edit of somebody else's answer."""

    reason = _line(_("Why"), _("What is better now? The author reads it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["note"]


class ImproveQuestionForm(EditForm):
    """What a reviewer makes of an edit of a question."""

    words = _line(_("A word to who suggested it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["language"], self.fields["note"]


class ImproveAnswerForm(AnswerEditForm):
    """What a reviewer makes of an edit of an answer."""

    words = _line(_("A word to who suggested it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["note"]


class RejectForm(ServiceForm):
    """Why an edit is declined."""

    words = _line(_("Why not"), _("A sentence that helps to do better next time."))


def words_initial(post: Question | Answer, words: Words) -> Mapping[str, Any]:
    """Returns what a form with these words of a post begins with."""
    body = {"body": words.body, "version": post.version}
    return body if isinstance(post, Answer) else {**body, "title": words.title, "topics": ", ".join(words.topics)}
