"""What a process reads every few seconds to learn whether it has to read more."""

from django.db import models


class LiveVersion(models.Model):
    """One row for each thing that every process holds in memory; ``number`` rises with each change of it."""

    name = models.CharField(max_length=40, unique=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.number}"
