"""The form of a termbase entry: the words of each language, one a line."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.core.templatetags.design import language_name
from portal.curation.models.entry import LONGEST_TERM, MOST_TERMS
from search.synonyms import Term, term_forms

from .validity import CuratedForm, lines_field, lines_of

EVERY = "all"


def languages() -> list[str]:
    """Returns the languages that terms may have, the empty one (all of them) first."""
    return ["", *(code for code, _name in settings.LANGUAGES)]


def field_name(language: str, *, one_way: bool) -> str:
    """Returns the name of the field for a language's terms."""
    return f"{'typed' if one_way else 'terms'}_{language or EVERY}"


class EntryForm(CuratedForm):
    """An entry with its terms in each language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in languages():
            for one_way in (False, True):
                words = self.instance.in_language(language, one_way=one_way)
                self.initial.setdefault(field_name(language, one_way=one_way), "\n".join(words))

    def clean(self) -> dict[str, Any]:
        """Reads the terms; refuses an entry without any, a term without words, and too much of either."""
        cleaned = super().clean()
        terms: list[Term] = []
        for language in languages():
            for one_way in (False, True):
                name = field_name(language, one_way=one_way)
                found = [Term(line, language or None, one_way) for line in lines_of(cleaned.get(name) or "")]
                for problem in term_problems(found):
                    self.add_error(name, problem)
                terms += found
        if not any(not term.one_way for term in terms):
            self.add_error(field_name("", one_way=False), _("Give at least one term that others find."))
        if len(terms) > MOST_TERMS:
            self.add_error(None, _("An entry has %(most)d terms at most.") % {"most": MOST_TERMS})
        if not self.errors:
            self.instance.name = cleaned.get("name") or ""
            self.instance.words_set(terms)
            cleaned["name"] = self.instance.name
        return cleaned


def term_problems(terms: list[Term]) -> list[ValidationError]:
    """Returns what is wrong with terms: too long, or without a word that could be found."""
    found = []
    for term in terms:
        if len(term.text) > LONGEST_TERM:
            short = term.text[:30]
            message = _("“%(term)s…” is too long: %(most)d characters at most.")
            found.append(ValidationError(message, params={"term": short, "most": LONGEST_TERM}))
        elif not term_forms(term):
            found.append(ValidationError(_("“%(term)s” holds no word."), params={"term": term.text}))
    return found


def _declare_words() -> None:
    """Gives the form its fields for each language; Wagtail's panels find them as fields of the class."""
    for language in languages():
        label = language_name(language) if language else _("The same in every language")
        own = {"lang": language} if language else {}
        terms = lines_field(label, _("One a line. Each finds the others."), **own)
        typed = lines_field(_("Also typed"), _("Who types these means the terms above, but not the other way."), **own)
        for one_way, field in ((False, terms), (True, typed)):
            name = field_name(language, one_way=one_way)
            EntryForm.base_fields[name] = EntryForm.declared_fields[name] = field


_declare_words()
