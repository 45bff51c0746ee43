"""Comments under an article, and what a member may do to them."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django_comments.models import CommentFlag
from django_comments_xtd.models import max_thread_level_for_content_type

from portal.core.errors import Invalid, NotAllowed, NotFound, StateForbids
from portal.core.permissions import is_member, may_moderate, require_member
from portal.knowledge.models import (
    ArticleComment,
    ArticlePage,
    CommentsPolicy,
    KnowledgeIndexPage,
    NewsIndexPage,
)

from .access import LARGEST_ID, article_visible_to, articles_visible_to


@dataclass(slots=True)
class CommentView:
    """A comment as its page shows it. ``removed`` ones stay as a line where replies to them are seen."""

    comment: ArticleComment
    removed: bool = False
    waiting: bool = False
    flagged: bool = False
    may_reply: bool = False
    may_remove: bool = False
    may_approve: bool = False
    may_flag: bool = False
    replies: list["CommentView"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CommentsView:
    """All comments of an article: threads oldest first, how many are seen, and whether this reader may write."""

    threads: list[CommentView]
    count: int
    open: bool
    may_comment: bool


def article_comments_visible_to(user: Any, page_id: int) -> QuerySet[ArticleComment]:
    """Returns the comments of an article that this reader sees, oldest first, each with its author.

    Her own that wait for the staff are among them, and for the staff everybody's. Raises ``NotFound`` for an article
    that she may not see.
    """
    article_visible_to(user, page_id)
    return _seen_by(user, ArticleComment.objects.filter(page_id=page_id)).order_by("submit_date", "id")


def article_comment_visible_to(user: Any, comment_id: int) -> ArticleComment:
    """Returns one comment with its page; raises ``NotFound`` where there is none for this reader."""
    if comment_id > LARGEST_ID:
        raise NotFound
    found: ArticleComment | None = (
        _seen_by(user, ArticleComment.objects.filter(pk=comment_id, page__in=articles_visible_to(user)))
        .select_related("page", "page__locale", "user")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _seen_by(user: Any, found: QuerySet[ArticleComment]) -> QuerySet[ArticleComment]:
    seen = Q(is_public=True)
    if may_moderate(user):
        seen = Q()
    elif is_member(user):
        seen |= Q(user=user)
    return found.filter(seen, is_removed=False).select_related("user")


def article_comments(*, user: Any, page: ArticlePage) -> CommentsView:
    """Returns the comments of a page that ``user`` may see, as threads: two queries, whatever their number."""
    staff = may_moderate(user)
    rows = list(
        ArticleComment.objects.filter(page=page)
        .select_related(None)
        .select_related("user")
        .order_by("submit_date", "id")
    )
    deepest = max_thread_level_for_content_type(ContentType.objects.get_for_id(page.content_type_id))
    mine = set()
    if is_member(user) and rows:
        mine = set(
            CommentFlag.objects.filter(
                user=user, flag=CommentFlag.SUGGEST_REMOVAL, comment__in=[row.pk for row in rows]
            ).values_list("comment_id", flat=True)
        )
    writable = page.comments_open and is_member(user)
    views: dict[int, CommentView] = {}
    threads: list[CommentView] = []
    for row in rows:
        row.page = page
        reply = writable and row.level < deepest
        views[row.pk] = view = _view(user, row, reply=reply, staff=staff, flagged=row.pk in mine)
        parent = views.get(row.parent_id) if row.reply_to_id else None
        (parent.replies if parent else threads).append(view)
    threads = _pruned(threads, user, staff)
    count = sum(row.seen_by_all for row in rows)
    return CommentsView(threads=threads, count=count, open=page.comments_open, may_comment=writable)


def _view(user: Any, row: ArticleComment, *, reply: bool, staff: bool, flagged: bool) -> CommentView:
    own = is_member(user) and row.user_id == user.pk
    alive = row.seen_by_all
    return CommentView(
        comment=row,
        removed=row.is_removed,
        waiting=not row.is_public and not row.is_removed,
        flagged=flagged,
        may_reply=reply and alive,
        may_remove=not row.is_removed and (own or staff),
        may_approve=staff and not row.is_public and not row.is_removed,
        may_flag=is_member(user) and alive and not own and not staff and not flagged,
    )


def _pruned(views: list[CommentView], user: Any, staff: bool) -> list[CommentView]:
    """Returns the threads without what this reader does not see; a removed comment stays while replies are seen."""
    kept = []
    for view in views:
        view.replies = _pruned(view.replies, user, staff)
        hidden = view.removed or (view.waiting and not staff and view.comment.user_id != getattr(user, "pk", 0))
        if hidden and not view.replies:
            continue
        view.removed = hidden
        kept.append(view)
    return kept


def check_comment(user: Any, page: ArticlePage) -> None:
    """Raises the reason why ``user`` may not comment on ``page``."""
    require_member(user)
    if not page.comments_open:
        raise StateForbids(_("Comments on this page are closed."))


def reply_parent(page: ArticlePage, parent_id: int | None) -> ArticleComment | None:
    """Returns the comment that a reply answers; raises ``Invalid`` for one that is gone, elsewhere or too deep."""
    if not parent_id:
        return None
    parent: ArticleComment | None = ArticleComment.objects.filter(
        pk=parent_id, page=page, is_public=True, is_removed=False
    ).first()
    if parent is None:
        raise Invalid({"parent_id": [_("The comment that you reply to is not there any more.")]})
    if parent.level >= max_thread_level_for_content_type(parent.content_type):
        raise Invalid({"parent_id": [_("This conversation is as deep as it gets. Please reply one level higher.")]})
    return parent


def check_remove(user: Any, comment: ArticleComment) -> None:
    """Raises the reason why ``user`` may not take ``comment`` away."""
    require_member(user)
    if comment.user_id != user.pk and not may_moderate(user):
        raise NotAllowed(_("Only the author and the staff can delete this."))


def waits_for_staff(user: Any, page: ArticlePage) -> bool:
    """Whether a new comment of ``user`` under ``page`` waits, as the staff set it on the index above the page."""
    if may_moderate(user):
        return False
    above = [page.path[:end] for end in range(page.steplen, len(page.path), page.steplen)]
    policies = [
        policy
        for kind in (KnowledgeIndexPage, NewsIndexPage)
        for policy in kind.objects.filter(path__in=above).values_list("comments_policy", flat=True)
    ]
    if CommentsPolicy.ALL in policies:
        return True
    if CommentsPolicy.FIRST in policies and settings.PORTAL_LIMITS:
        return not ArticleComment.objects.filter(user=user, is_public=True, is_removed=False).exists()
    return False


def comments_to_look_at() -> QuerySet[ArticleComment]:
    """Returns what the staff should look at: comments that wait, and those that readers reported."""
    reports = CommentFlag.objects.filter(flag=CommentFlag.SUGGEST_REMOVAL).select_related("user")
    reported = reports.values("comment_id")
    found: QuerySet[ArticleComment] = (
        ArticleComment.objects.filter(Q(is_public=False) | Q(pk__in=reported), is_removed=False)
        .select_related("user", "page", "page__locale")
        .prefetch_related(Prefetch("flags", reports, to_attr="reports"))
        .order_by("submit_date", "id")
    )
    return found


def comments_removed() -> QuerySet[ArticleComment]:
    """Returns the comments that were removed, the last one first, with who did it."""
    found: QuerySet[ArticleComment] = (
        ArticleComment.objects.filter(is_removed=True)
        .select_related("user", "removed_by", "page", "page__locale")
        .order_by("-removed_at", "-id")
    )
    return found
