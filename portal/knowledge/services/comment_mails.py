"""Mails about comments: plain text, in the reader's own language, with the site's own address in every link."""

import logging
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from portal.accounts.models import User
from portal.core.markdown import plain_text, shortened
from portal.knowledge.models import ArticleComment
from portal.knowledge.selectors.follows import FollowLink, follow_token, followers_to_tell

logger = logging.getLogger(__name__)
QUOTED = 1_000


@task()  # type: ignore[untyped-decorator]  # django-tasks ships no types
def comment_followers_tell(comment_id: int, shown_at: str) -> int:
    """Writes to everyone who follows the comments of this one's page; returns how many mails went out.

    shown_at: the moment (ISO 8601) from which readers saw the comment; who began to follow later is not told of it.
    A follower who may no longer see the page gets none. One address that the mail server refuses keeps nobody else
    from being told; the job fails at its end, so that an operator sees it.
    """
    comment = _shown(comment_id)
    if comment is None:
        return 0
    sent, failed = 0, []
    for reader in followers_to_tell(comment, before=datetime.fromisoformat(shown_at)):
        try:
            _follow_up(comment, reader).send()
            sent += 1
        except (SMTPException, OSError) as error:
            logger.warning("mail about comment %d to member %d: %s", comment.pk, reader.pk, error)
            failed.append(error)
    if failed:
        raise failed[0]
    return sent


@task()  # type: ignore[untyped-decorator]  # django-tasks ships no types
def comment_follow_ask(comment_id: int) -> int:
    """Asks a member whose address is not verified to confirm that she wants mails; returns how many went out."""
    comment = _comments().filter(pk=comment_id, is_removed=False).first()
    if comment is None or comment.user is None or not comment.user.email:
        return 0
    with translation.override(_language(comment.user)):
        title = comment.page.title
        link = _link("article-comments-confirm", "confirm", comment.user, comment)
        body = _body("knowledge/mail/confirm.txt", comment, comment.user, {"confirm_url": link})
        subject = _("Confirm: mails about “%(title)s”") % {"title": title}
        _message(subject, body, comment.user, {}).send()
    return 1


def _comments() -> Any:
    return ArticleComment.objects.select_related("page", "page__locale", "user")


def _shown(comment_id: int) -> ArticleComment | None:
    found: ArticleComment | None = _comments().filter(pk=comment_id, is_public=True, is_removed=False).first()
    return found


def _language(user: User) -> str:
    return user.language if user.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _follow_up(comment: ArticleComment, reader: User) -> EmailMessage:
    with translation.override(_language(reader)):
        mute = _link("article-comments-mute", "mute", reader, comment)
        writer = comment.user.shown_name if comment.user else comment.user_name
        body = _body("knowledge/mail/follow_up.txt", comment, reader, {"mute_url": mute, "writer": writer})
        subject = _("%(name)s commented on “%(title)s”") % {"name": writer, "title": comment.page.title}
        headers = {"List-Unsubscribe": f"<{mute}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return _message(subject, body, reader, headers)


def _link(name: str, purpose: Any, reader: User, comment: ArticleComment) -> str:
    token = follow_token(purpose, FollowLink(reader.pk, comment.page_id, comment.pk))

    return f"{settings.PORTAL_BASE_URL}{reverse(name, args=[token])}"


def _body(template: str, comment: ArticleComment, reader: User, more: dict[str, str]) -> str:
    words = plain_text(comment.body_html)
    context = {
        "site_name": settings.PORTAL_NAME,
        "reader": reader,
        "title": comment.page.title,
        "words": shortened(words, QUOTED),
        "comment_url": f"{settings.PORTAL_BASE_URL}{comment.get_absolute_url()}",
        **more,
    }
    return render_to_string(template, context).strip() + "\n"


def _message(subject: str, body: str, reader: User, headers: dict[str, str]) -> EmailMessage:
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[reader.email],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": _language(reader), **headers},
    )
