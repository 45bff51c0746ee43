"""Commenting on articles, and the staff's care for the comments."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_comments.models import CommentFlag

from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, StateForbids, Words
from portal.core.markdown import plain_text, render_markdown
from portal.core.permissions import require_member, require_moderator
from portal.knowledge.events import (
    ArticleCommentFlagged,
    ArticleCommentHeld,
    ArticleCommentRemoved,
    ArticleCommentShown,
    ArticleFollowAsked,
    announce_comment,
)
from portal.knowledge.models import ArticleComment, ArticlePage
from portal.knowledge.selectors.access import article_visible_to
from portal.knowledge.selectors.comments import (
    article_comment_visible_to,
    check_comment,
    check_remove,
    reply_parent,
    waits_for_staff,
)
from portal.knowledge.selectors.follows import address_verified

from .threads import threads_recount

COMMENT_LONGEST = 3_000
# The same words by the same member in the same place within this time are a form sent twice.
TWICE = timedelta(minutes=5)


def comment_errors(body: str) -> list[Words]:
    """Returns what is wrong with the words of a comment, nothing where they are fine."""
    if not body.strip() or "\x00" in body:
        return [_("Please write something.")]
    if len(body) > COMMENT_LONGEST:
        over = len(body) - COMMENT_LONGEST
        return [
            ngettext("This is %(count)d character too long.", "This is %(count)d characters too long.", over)
            % {"count": over}
        ]
    return []


def comment_html(body: str) -> str:
    """Returns the words of a comment as its readers see them; empty where they show nothing."""
    html = render_markdown(body)
    return html if plain_text(html) or "<img" in html else ""


@transaction.atomic
def article_comment_create(
    *, user: Any, page_id: int, body: str, parent_id: int | None = None, follow: bool = False
) -> ArticleComment:
    """Comments on an article or a piece of news and returns the comment.

    body: Markdown. parent_id: the comment under the same page that this one replies to. follow: tell the member by
    mail of what is written after it. Raises ``Invalid``, ``NotFound``, ``SignInNeeded`` or ``StateForbids``.
    """
    require_member(user)
    page = article_visible_to(user, page_id)
    check_comment(user, page)
    errors = comment_errors(body)
    html = "" if errors else comment_html(body)
    if not errors and not html:
        errors = [_("Please write something.")]
    if errors:
        raise Invalid({"body": errors})
    # Who comments on the same page waits here: the order of a thread is worked out by one at a time.
    ArticlePage.objects.select_for_update().only("pk").get(pk=page.pk)
    parent = reply_parent(page, parent_id)
    earlier = _twice(user, page, parent, body)
    if earlier is not None:
        return earlier
    verified = address_verified(user)
    comment = _insert(user, page, parent, body, html, follow=follow and verified)
    announce_comment(ArticleCommentShown if comment.is_public else ArticleCommentHeld, comment, user.pk)
    if follow and not verified:
        announce_comment(ArticleFollowAsked, comment, user.pk)
    return comment


def _twice(user: Any, page: ArticlePage, parent: ArticleComment | None, body: str) -> ArticleComment | None:
    same = ArticleComment.objects.filter(user=user, page=page, comment=body, submit_date__gt=now() - TWICE)
    for comment in same.filter(is_removed=False):
        if comment.reply_to_id == (parent.pk if parent else None):
            found: ArticleComment = comment
            return found
    return None


def _insert(
    user: Any, page: ArticlePage, parent: ArticleComment | None, body: str, html: str, *, follow: bool
) -> ArticleComment:
    comment = ArticleComment(
        page=page,
        content_type=ContentType.objects.get_for_id(page.content_type_id),
        object_pk=str(page.pk),
        site_id=settings.SITE_ID,
        user=user,
        user_name=user.shown_name[:50],
        comment=body,
        body_html=html,
        submit_date=now(),
        is_public=not waits_for_staff(user, page),
        followup=follow,
        level=parent.level + 1 if parent else 0,
        thread_id=parent.thread_id if parent else 0,
        parent_id=parent.pk if parent else 0,
    )
    comment.save()
    if parent is None:
        comment.thread_id = comment.parent_id = comment.pk
        comment.save(update_fields=["thread_id", "parent_id"])
    threads_recount(ids=[comment.thread_id])
    comment.refresh_from_db(fields=["order", "nested_count"])
    return comment


@transaction.atomic
def article_comment_remove(*, user: Any, comment_id: int) -> None:
    """Takes a comment away, by its author or the staff. Replies stay; the staff can bring it back."""
    comment = article_comment_visible_to(user, comment_id)
    check_remove(user, comment)
    comment.is_removed, comment.removed_by, comment.removed_at = True, user, now()
    comment.save(update_fields=["is_removed", "removed_by", "removed_at"])
    if comment.user_id != user.pk:
        _note(user, comment, CommentFlag.MODERATOR_DELETION)
    threads_recount(ids=[comment.thread_id])
    announce_comment(ArticleCommentRemoved, comment, user.pk)


@transaction.atomic
def article_comment_restore(*, user: Any, comment_id: int) -> ArticleComment:
    """Brings a removed comment back, by the staff; raises ``NotFound`` where none is removed."""
    require_moderator(user)
    comment: ArticleComment | None = ArticleComment.objects.filter(pk=comment_id, is_removed=True).first()
    if comment is None:
        raise NotFound
    comment.is_removed, comment.removed_by, comment.removed_at = False, None, None
    comment.save(update_fields=["is_removed", "removed_by", "removed_at"])
    _settle(user, comment)
    return comment


@transaction.atomic
def article_comment_approve(*, user: Any, comment_id: int) -> ArticleComment:
    """Shows a comment that waited, or lays reports about one aside, by the staff."""
    require_moderator(user)
    comment = article_comment_visible_to(user, comment_id)
    waited = not comment.is_public
    if waited:
        comment.is_public = True
        comment.save(update_fields=["is_public"])
    _settle(user, comment)
    if waited:
        announce_comment(ArticleCommentShown, comment, user.pk)
    return comment


@transaction.atomic
def article_comment_flag(*, user: Any, comment_id: int) -> None:
    """Asks the staff to look at a comment; doing it again changes nothing."""
    require_member(user)
    comment = article_comment_visible_to(user, comment_id)
    if comment.user_id == user.pk:
        raise StateForbids(_("This is your own comment. You can delete it."))
    if _note(user, comment, CommentFlag.SUGGEST_REMOVAL):
        announce_comment(ArticleCommentFlagged, comment, user.pk)


def _settle(user: Any, comment: ArticleComment) -> None:
    """Keeps who let a comment stand, and takes the reports about it off the list."""
    CommentFlag.objects.filter(comment_id=comment.pk, flag=CommentFlag.SUGGEST_REMOVAL).delete()
    _note(user, comment, CommentFlag.MODERATOR_APPROVAL)
    threads_recount(ids=[comment.thread_id])


def _note(user: Any, comment: ArticleComment, flag: str) -> bool:
    _flag, made = CommentFlag.objects.get_or_create(
        user=user, comment_id=comment.pk, flag=flag, defaults={"flag_date": now()}
    )
    return bool(made)
