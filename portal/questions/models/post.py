"""What questions, answers and comments share."""

from django.conf import settings
from django.db import models

from portal.core.models import Sourced, TimestampedModel


class Post(TimestampedModel, Sourced):
    """Something a member wrote in one language.

    body is what was written, in ``body_format``; body_html what pages show, rendered once when it was saved.
    author_name names an author without an account here (an import knows only a name). anonymous: the author is told
    to nobody (``selectors/authors.py`` decides who is shown); all that an asker writes below her anonymous question
    is, too. version counts the edits: an edit must name the one it began from.
    """

    class Format(models.TextChoices):
        """How ``body`` is written."""

        MARKDOWN = "markdown"
        HTML = "html"

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="%(class)ss"
    )
    author_name = models.CharField(max_length=120, blank=True, default="")
    anonymous = models.BooleanField(default=False)
    language = models.CharField(max_length=12)
    body = models.TextField()
    body_format = models.CharField(max_length=10, choices=Format.choices, default=Format.MARKDOWN)
    body_html = models.TextField()
    version = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True


class VotedPost(Post):
    """A post that members vote on. score is ``imported_score`` plus the votes given here.

    The up and down tallies of an import are kept beside it.
    """

    score = models.IntegerField(default=0)
    imported_score = models.IntegerField(default=0)
    imported_upvotes = models.PositiveIntegerField(default=0)
    imported_downvotes = models.PositiveIntegerField(default=0)
    comments_count = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True
