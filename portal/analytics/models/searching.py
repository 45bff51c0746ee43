"""Searching in figures: counts that stay when the log is blanked."""

from django.db import models


class SearchDay(models.Model):
    """People's searches of a day in the language of their pages.

    without_result: nothing was found. clicked: a result was opened or said to be the answer. degraded: the database
    answered in the engine's place.
    """

    day = models.DateField()
    language = models.CharField(max_length=12)
    searches = models.PositiveIntegerField(default=0)
    without_result = models.PositiveIntegerField(default=0)
    clicked = models.PositiveIntegerField(default=0)
    degraded = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "language"], name="one_count_of_searches_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.language}"
