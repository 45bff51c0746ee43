"""The form of a promoted result."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.core.templatetags.design import language_name
from portal.curation.selectors.promotions import target_of, targets_visible
from search.analyzers import exact

from .validity import CuratedForm, lines_field, lines_of

MOST_TARGETS = 5
MOST_QUERIES = 50


class PromotionForm(CuratedForm):
    """Queries, and the pages that are shown first for them."""

    pages = lines_field(
        _("pages"),
        _("One address a line, as the browser shows it, or question:12; shown in this order."),
        dir="ltr",
    )
    language = forms.ChoiceField(label=_("language"), required=False, help_text=_("Of the reader."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(code, language_name(code)) for code, _name in settings.LANGUAGES]
        self.fields["language"].choices = [("", _("All languages")), *own]
        self.initial["pages"] = "\n".join(each["path"] for each in self.instance.targets)

    def clean_queries(self) -> str:
        """Returns the queries, one a line; refuses those without words."""
        lines = lines_of(self.cleaned_data["queries"] or "")
        for line in lines:
            if not exact(line):
                raise ValidationError(_("“%(term)s” holds no word."), params={"term": line})
        if not lines:
            raise ValidationError(_("Give at least one query."))
        if len(lines) > MOST_QUERIES:
            raise ValidationError(_("%(most)d queries at most."), params={"most": MOST_QUERIES})
        return "\n".join(lines)

    def clean_pages(self) -> str:
        """Reads the addresses; refuses one that is no result, or that nobody may see."""
        lines = lines_of(self.cleaned_data["pages"] or "")
        targets = []
        for line in lines[:MOST_TARGETS]:
            key = target_of(line)
            if key is None or not targets_visible([key]):
                message = _("There is no question, article, member or topic at “%(address)s” that everybody may see.")
                raise ValidationError(message, params={"address": line})
            targets.append({"type": key[0], "id": key[1], "path": line})
        if not targets:
            raise ValidationError(_("Give at least one address."))
        if len(lines) > MOST_TARGETS:
            raise ValidationError(_("%(most)d pages at most."), params={"most": MOST_TARGETS})
        self.instance.targets = targets
        return "\n".join(lines)
