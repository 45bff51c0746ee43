"""The termbase: words that mean the same, in one language or several."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from search.synonyms import Concept, Term

from .validity import Curated

LONGEST_TERM = 100
MOST_TERMS = 60


class TermEntry(Curated):
    """A concept with its terms. Published entries widen searches; the revisions keep who changed what, and when.

    words: a list of ``{"text", "language", "one_way"}``; an empty language stands for all of them.
    """

    name = models.CharField(_("name"), max_length=120, blank=True, help_text=_("Left empty, it is the first term."))
    words = models.JSONField(default=list, blank=True, editable=False)
    # The terms once more, for the list's search field.
    words_text = models.TextField(blank=True, editable=False)
    protected = models.BooleanField(
        _("protected"),
        default=False,
        help_text=_(
            "The words stay as they are written: never corrected, never read as another form, and no other entry "
            "widens a search for them."
        ),
    )

    class Meta:
        verbose_name = _("termbase entry")
        verbose_name_plural = _("termbase")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms as the search library knows them."""
        return tuple(Term(each["text"], each["language"] or None, each["one_way"]) for each in self.words)

    def words_set(self, terms: Iterable[Term]) -> None:
        """Takes the terms, without repetitions, and a name where there is none."""
        kept = tuple(dict.fromkeys(terms))
        self.words = [{"text": t.text, "language": t.language or "", "one_way": t.one_way} for t in kept]
        self.words_text = "\n".join(term.text for term in kept)
        if not self.name and kept:
            self.name = kept[0].text[:120]

    def concept(self) -> Concept:
        """Returns the entry as the search library knows it."""
        return Concept(str(self.pk), self.terms, self.protected, self.starts_at, self.ends_at)

    def in_language(self, language: str, *, one_way: bool = False) -> list[str]:
        """Returns the terms of a language; of all of them when it is empty."""
        return [term.text for term in self.terms if (term.language or "") == language and term.one_way == one_way]

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Checks the fields; an entry restored from a revision may lack the text that is searched."""
        self.words_text = self.words_text or "\n".join(term.text for term in self.terms)
        super().full_clean(*args, **kwargs)
