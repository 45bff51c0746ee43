"""Where imported things came from, so that an import knows them again and their licence is shown."""

from django.db import models


class Source(models.Model):
    """A site that things were imported from; ``name`` keeps the ids of two dumps apart."""

    name = models.CharField(max_length=100, unique=True)
    title = models.CharField(max_length=200, blank=True)
    url = models.URLField(blank=True)
    licence = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.title or self.name


class Sourced(models.Model):
    """A row that may have come from elsewhere: its source, ``source_key`` its id there, its address and licence."""

    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source_key = models.CharField(max_length=40, blank=True, default="")
    source_url = models.URLField(max_length=300, blank=True, default="")
    source_licence = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        abstract = True
