"""What follows when a page or a profile changes. Wagtail's signals run inside the transaction of the change."""

from typing import Any

from django.db.models import signals
from wagtail.models import PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from portal.core.events import receives

from . import indexing
from .events import ArticleCommentShown, ArticleFollowAsked
from .models import ArticlePage
from .models.serving import PortalPage
from .services.comment_mails import comment_follow_ask, comment_followers_tell
from .services.translations import translation_source_refresh


def _article_changed(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A page appeared, changed or went (Wagtail unpublishes what it deletes): its document follows."""
    if isinstance(instance, ArticlePage):
        indexing.articles_changed([instance.pk])


def _source_changed(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A page with translations has new words: its translators get them, and readers keep what is translated."""
    if isinstance(instance, PortalPage):
        translation_source_refresh(page=instance)


def _page_moved(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A page moved with all below it, perhaps from or to a place that not everybody may see."""
    instance.refresh_from_db(fields=["path"])
    indexing.articles_below_changed(instance.path)


def _restriction_changed(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A page was closed to some readers or opened again, and with it all below."""
    indexing.articles_below_changed(instance.page.path)


@receives(ArticleCommentShown)
def _comment_shown(event: ArticleCommentShown) -> None:
    """Followers are told by the worker."""
    comment_followers_tell.enqueue(event.comment_id, event.at.isoformat())


@receives(ArticleFollowAsked)
def _follow_asked(event: ArticleFollowAsked) -> None:
    """A member is asked whether the address is hers."""
    comment_follow_ask.enqueue(event.comment_id)


def connect() -> None:
    """Connects the receivers; called once, when the app is ready."""
    for signal in (page_published, page_unpublished):
        signal.connect(_article_changed, dispatch_uid="knowledge-article-changed")
    page_published.connect(_source_changed, dispatch_uid="knowledge-source-changed")
    post_page_move.connect(_page_moved, dispatch_uid="knowledge-page-moved")
    # Wagtail announces neither with a signal of its own; Django's, on its model, are all there is.
    for change in (signals.post_save, signals.post_delete):
        change.connect(_restriction_changed, sender=PageViewRestriction, dispatch_uid="knowledge-restriction")
