"""The public profile of a staff member who writes articles."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel

# The rendition shown of a photo: square, sharp on screens of double density.
PHOTO = "fill-224x224"


def interface_languages() -> list[tuple[str, Any]]:
    """Returns the languages of the deployment (a function, so that adding one needs no migration)."""
    return list(settings.LANGUAGES)


class Author(ClusterableModel):
    """A staff member as readers meet her. Without a photo, her initials are drawn."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name="author_profile",
        help_text=_("The member of the staff who writes under this name."),
    )
    name = models.CharField(_("name"), max_length=120)
    photo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("photo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [
        FieldPanel("user"),
        FieldPanel("name"),
        FieldPanel("photo"),
        InlinePanel("texts", heading=_("In each language"), label=_("Language"), min_num=1),
    ]

    class Meta:
        ordering = ["name"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name

    @property
    def username(self) -> str:
        """The account's username: what the drawn picture is made from."""
        return str(self.user.username)

    @property
    def photo_url(self) -> str:
        """The address of the photo, empty where there is none (lists prefetch its rendition)."""
        return str(self.photo.get_rendition(PHOTO).url) if self.photo else ""

    def text_in(self, language: str) -> "AuthorText | None":
        """Returns the profile in a language, else in the site's first, else any (from the prefetched ``texts``)."""
        found = {text.language: text for text in self.texts.all()}
        return found.get(language) or found.get(settings.LANGUAGE_CODE) or next(iter(found.values()), None)

    def name_in(self, language: str) -> str:
        """Returns the name as it is written in a language."""
        text = {text.language: text for text in self.texts.all()}.get(language)
        return (text.name if text else "") or self.name


class AuthorText(models.Model):
    """An author's job title and biography in one language; ``name`` only where it is written differently there."""

    author = ParentalKey(Author, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=12, choices=interface_languages)
    name = models.CharField(_("name in this language"), max_length=120, blank=True)
    job_title = models.CharField(_("job title"), max_length=120)
    bio = models.TextField(_("about"), max_length=600, blank=True)

    panels = [FieldPanel("language"), FieldPanel("name"), FieldPanel("job_title"), FieldPanel("bio")]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "language"], name="one_author_text_per_language")]

    def __str__(self) -> str:
        return f"{self.language}: {self.job_title}"
