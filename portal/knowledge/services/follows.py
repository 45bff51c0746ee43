"""Following the comments of an article by mail."""

from django.db import transaction

from portal.core.errors import NotFound
from portal.knowledge.models import ArticleComment
from portal.knowledge.selectors.follows import FollowLink


@transaction.atomic
def article_follow_confirm(*, link: FollowLink) -> ArticleComment:
    """Turns the mails on that a comment asked for; raises ``NotFound`` where the comment is gone."""
    comment: ArticleComment | None = ArticleComment.objects.filter(
        pk=link.comment_id, page_id=link.page_id, user_id=link.user_id, is_removed=False
    ).first()
    if comment is None:
        raise NotFound
    ArticleComment.objects.filter(pk=comment.pk).update(followup=True)
    return comment


@transaction.atomic
def article_follow_mute(*, link: FollowLink) -> int:
    """Ends the mails about a page to one member; returns how many of her comments had asked for them."""
    asked = ArticleComment.objects.filter(page_id=link.page_id, user_id=link.user_id, followup=True)
    return int(asked.update(followup=False))
