"""The demo's comments under articles."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.accounts.models import User
from portal.knowledge.models import ArticleComment, ArticlePage
from portal.knowledge.services.comments import article_comment_create

from . import content


def remarks_load(
    articles: Iterable[content.Article],
    *,
    pages: dict[tuple[str, str], ArticlePage],
    members: dict[str, User],
    moment: datetime,
) -> int:
    """Writes the comments under the articles of each language, with their replies; returns how many."""
    made = 0
    for article in articles:
        for language, version in article.versions.items():
            page = pages[article.key, language]
            for entry in version.comments:
                written = moment - timedelta(days=entry.days_ago)
                first = _remark(page, members[entry.author], entry.body, written)
                for reply in entry.replies:
                    later = written + timedelta(hours=reply.after)
                    _remark(page, members[reply.author], reply.body, later, parent_id=first.pk)
                made += 1 + len(entry.replies)
    return made


def _remark(
    page: ArticlePage, author: User, body: str, written: datetime, *, parent_id: int | None = None
) -> ArticleComment:
    comment = article_comment_create(user=author, page_id=page.pk, body=body, parent_id=parent_id)
    ArticleComment.objects.filter(pk=comment.pk).update(submit_date=written)
    return comment
