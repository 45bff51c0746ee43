"""Topics: hierarchical tags with a name in each language."""

from django.db import models
from taggit.models import TagBase


class Topic(TagBase):
    """A topic. ``name`` is its name where no translation is known; ``slug`` is its stable address."""

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]

    def name_in(self, language: str) -> str:
        """Returns the topic's name in a language, from the prefetched ``names`` when there are any."""
        found = {entry.language: entry.name for entry in self.names.all()}
        return found.get(language) or str(self.name)

    def description_in(self, language: str) -> str:
        """Returns what the topic is about in a language, else in the language it was first described in."""
        found = {entry.language: entry.description for entry in self.names.all()}
        return found.get(language) or self.description


class TopicName(models.Model):
    """The name of a topic in one language."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(max_length=12)
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "language"], name="one_topic_name_per_language")]

    def __str__(self) -> str:
        return self.name
