"""What a member tells of herself."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.clock import now
from portal.core.models import Topic


class Profile(models.Model):
    """A member's public page. A user has none until one is written: ``profile_of`` gives an empty one until then.

    bio is Markdown, bio_html what pages show, rendered once when it was saved.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="profile"
    )
    bio = models.TextField(_("about you"), blank=True)
    bio_html = models.TextField(blank=True)
    company = models.CharField(_("company"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=120, blank=True)
    location = models.CharField(_("place"), max_length=120, blank=True)
    website = models.URLField(_("website"), max_length=200, blank=True)
    updated_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.user)


class Level(models.TextChoices):
    """How well somebody knows a language."""

    NATIVE = "native", _("native")
    FLUENT = "fluent", _("fluent")
    READS = "reads", _("reads it")


class ProfileLanguage(models.Model):
    """A language that a member knows."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(max_length=12)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.FLUENT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "language"], name="one_level_per_language")]

    def __str__(self) -> str:
        return f"{self.language}: {self.level}"


class ProfileTopic(models.Model):
    """A topic that a member says she knows."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="topics")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="profile_topics")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "topic"], name="one_topic_once_per_profile")]

    def __str__(self) -> str:
        return f"{self.profile_id}: {self.topic_id}"
