"""Topics: hierarchical tags with a name in each language."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase


class Topic(TagBase):
    """A topic. ``name`` is its name where no translation is known; ``slug`` is its stable address."""

    class Kind(models.TextChoices):
        """What a topic names: a subject, or something that the company makes."""

        TOPIC = "topic", _("Topic")
        PRODUCT = "product", _("Product")

    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind.choices,
        default=Kind.TOPIC,
        help_text=_("Products are topics too; searches can be narrowed to one."),
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]

    @property
    def is_product(self) -> bool:
        """Whether this topic names a product."""
        return self.kind == self.Kind.PRODUCT

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
