"""Comments under articles: django-comments-xtd's, mended (docs/adr/0006)."""

from typing import Any

from django.conf import settings
from django.db import models
from django_comments_xtd.models import XtdComment

from .article import ArticlePage


class ArticleComment(XtdComment):
    """A member's comment under one language's page of an article.

    ``page`` binds it to that page (deleting the page deletes it); xtd's ``content_type`` and ``object_pk`` name the
    same page. ``is_public`` is False while it waits for the staff, ``is_removed`` True once it was taken away.
    ``body_html`` is ``comment`` rendered once.
    """

    page = models.ForeignKey(ArticlePage, on_delete=models.CASCADE, related_name="article_comments")
    body_html = models.TextField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves the row and nothing else.

        xtd's own ``save`` places a reply after it has inserted it (an orphan remains where that fails) and counts it
        once more when it is saved again; here the services do both, in one transaction.
        """
        super(XtdComment, self).save(*args, **kwargs)

    def get_absolute_url(self, anchor_pattern: str = "#comment-%(id)s") -> str:
        """Returns the path of the page at this comment."""
        return f"{self.page.url}{anchor_pattern % {'id': self.pk}}"

    @property
    def reply_to_id(self) -> int | None:
        """The comment that this one replies to (xtd lets a thread's first comment name itself as its parent)."""
        return self.parent_id if self.parent_id not in (0, self.pk) else None

    @property
    def seen_by_all(self) -> bool:
        """Whether readers see the comment."""
        return bool(self.is_public and not self.is_removed)
