"""What happens to comments under articles, for whoever listens."""

from dataclasses import dataclass

from portal.core.clock import now
from portal.core.events import DomainEvent, announce

from .models import ArticleComment


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCommentEvent(DomainEvent):
    """Something happened to a comment under an article; author_id is who wrote it (None: a deleted account)."""

    comment_id: int
    page_id: int
    author_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCommentShown(ArticleCommentEvent):
    """A comment is seen by readers for the first time: it was posted, or the staff let it through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCommentHeld(ArticleCommentEvent):
    """A comment was posted and waits for the staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCommentRemoved(ArticleCommentEvent):
    """A comment was taken away (it can come back)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCommentFlagged(ArticleCommentEvent):
    """A reader asked the staff to look at a comment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFollowAsked(ArticleCommentEvent):
    """A member whose address is not verified wants mails about an article's comments."""


def announce_comment(kind: type[ArticleCommentEvent], comment: ArticleComment, actor_id: int | None) -> None:
    """Announces something that happened to a comment, by ``actor_id`` (None: the system)."""
    announce(
        kind(at=now(), actor_id=actor_id, comment_id=comment.pk, page_id=comment.page_id, author_id=comment.user_id)
    )
