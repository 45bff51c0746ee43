"""The log of searches (docs/explanation/deflection.md). It names nobody, and keeps words for a while only."""

import uuid

from django.db import models

from portal.core.clock import now


class Surface(models.TextChoices):
    """Where somebody searched: the results page, the ask page, the list below a search field, the API."""

    PAGE = "page"
    ASK = "ask"
    SUGGEST = "suggest"
    API = "api"


class Who(models.TextChoices):
    """What kind of reader searched. A bot is known by its haste: what names itself as one is not recorded at all."""

    STRANGER = "stranger"
    MEMBER = "member"
    STAFF = "staff"
    BOT = "bot"


class Excluded(models.TextChoices):
    """Why a search says nothing of deflection."""

    STAFF = "staff"
    BOT = "bot"
    API = "api"


class Withheld(models.TextChoices):
    """Why a search has no words: they looked like personal data, or they were kept long enough."""

    EMAIL = "email"
    ADDRESS = "address"
    IP = "ip"
    IBAN = "iban"
    CARD = "card"
    NUMBER = "number"
    CREDENTIAL = "key"
    EXPIRED = "expired"


class Search(models.Model):
    """What somebody searched for, once: what was typed on the way to it is the same row.

    visitor is the hash of a random key that the browser keeps for the deflection window, empty where there was none.
    language is the page's. text is what was typed, normalized the same in one spelling; both are empty where
    ``withheld`` says why. filters are those in force, by the names of the address. total, engine and degraded are the
    answer's. coverage: the percent of the weight of the words that the best result held, None where nobody can tell
    (``SearchResponse.coverage``). holdout: this visitor was shown no suggestions. opened_count is the number of
    ``openings``. answered_at: she said "this answers it". declined_at: she said "none of these". question_id is what
    she asked afterwards.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=now, db_index=True)
    changed_at = models.DateTimeField(default=now)
    visitor = models.CharField(max_length=64, blank=True)
    surface = models.CharField(max_length=8, choices=Surface.choices)
    language = models.CharField(max_length=12)
    text = models.TextField(blank=True)
    normalized = models.TextField(blank=True)
    withheld = models.CharField(max_length=8, choices=Withheld.choices, blank=True)
    filters = models.JSONField(default=dict, blank=True)
    total = models.PositiveIntegerField(default=0)
    engine = models.CharField(max_length=40, blank=True)
    degraded = models.BooleanField(default=False)
    coverage = models.PositiveSmallIntegerField(null=True, blank=True)
    who = models.CharField(max_length=8, choices=Who.choices)
    holdout = models.BooleanField(default=False)
    excluded = models.CharField(max_length=8, choices=Excluded.choices, blank=True)
    opened_count = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    # A number, not a key: questions lie above this app. A member's own searches are found through it.
    question_id = models.BigIntegerField(null=True, blank=True, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["visitor", "-changed_at"], name="search_visitor"),
            models.Index(fields=["language", "at"], name="search_language_at"),
        ]

    def __str__(self) -> str:
        return self.text or f"({self.withheld})"


class ResultOpened(models.Model):
    """A result that was opened, once for each search. rank counts from 1. answered: she said that it answers it."""

    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="openings")
    type = models.CharField(max_length=30)
    object_id = models.CharField(max_length=64)
    rank = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=now)
    answered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["search", "type", "object_id"], name="one_opening_per_result_of_a_search")
        ]
        indexes = [models.Index(fields=["type", "object_id"], name="opening_object")]

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"
