"""Promoted results: what the team recommends for a query, before what the engine finds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from search.analyzers import exact

from .validity import Curated


class Promotion(Curated):
    """For these queries show these results first.

    queries: one a line. targets: a list of ``{"type", "id", "path"}`` in the order of showing; the path is the one that
    was pasted, for the staff to recognise.
    """

    class Matching(models.TextChoices):
        """When a query is meant."""

        EXACT = "exact", _("The query is exactly this")
        WORDS = "words", _("The query holds all these words, in any form")

    queries = models.TextField(_("queries"), help_text=_("One a line. Case, accents and signs do not matter."))
    matching = models.CharField(_("when"), max_length=10, choices=Matching.choices, default=Matching.EXACT)
    language = models.CharField(_("language"), max_length=12, blank=True, help_text=_("Of the reader. Empty: all."))
    targets = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")
        ordering = ["queries", "pk"]

    def __str__(self) -> str:
        return ", ".join(self.query_lines)[:120]

    @property
    def query_lines(self) -> list[str]:
        """The queries that hold a word."""
        return [line.strip() for line in self.queries.splitlines() if exact(line)]

    @property
    def target_keys(self) -> tuple[tuple[str, str], ...]:
        """(type, id) of what is shown, in order."""
        return tuple((str(each["type"]), str(each["id"])) for each in self.targets)
