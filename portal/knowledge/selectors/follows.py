"""Who is told by mail of new comments, and the signed links in those mails.

A link carries JSON signed with the portal's key and the moment of signing, and is refused once it is too old; xtd's
own links are pickles without an end and are never read.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from allauth.account.models import EmailAddress
from django.core.signing import BadSignature, TimestampSigner

from portal.accounts.models import User
from portal.core.errors import NotFound
from portal.knowledge.models import ArticleComment

from .access import articles_visible_to

Purpose = Literal["mute", "confirm"]
SECONDS: dict[Purpose, int] = {"mute": 180 * 24 * 3600, "confirm": 3 * 24 * 3600}


@dataclass(frozen=True, slots=True)
class FollowLink:
    """What a link says: whose mails about which page; ``comment_id`` is the comment that asked for them."""

    user_id: int
    page_id: int
    comment_id: int


def _signer(purpose: Purpose) -> TimestampSigner:
    return TimestampSigner(salt=f"portal.knowledge.comments.{purpose}")


def follow_token(purpose: Purpose, link: FollowLink) -> str:
    """Returns the text of a link for one purpose; it opens nothing else."""
    return _signer(purpose).sign_object({"u": link.user_id, "p": link.page_id, "c": link.comment_id})


def follow_link(purpose: Purpose, token: str) -> FollowLink:
    """Returns what a link says; raises ``NotFound`` for one that was not made here for this, or is too old."""
    try:
        said = _signer(purpose).unsign_object(token, max_age=SECONDS[purpose])
        return FollowLink(user_id=int(said["u"]), page_id=int(said["p"]), comment_id=int(said["c"]))
    except (BadSignature, ValueError, TypeError, KeyError):
        raise NotFound from None


def address_verified(user: Any) -> bool:
    """Whether the member has shown that her address is hers."""
    return bool(EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists())


def followers_to_tell(comment: ArticleComment, *, before: datetime) -> list[User]:
    """Returns who followed the comments of this one's page ``before`` a moment and may see it now, but its author."""
    asked = ArticleComment.objects.filter(page_id=comment.page_id, followup=True, is_removed=False)
    ids = asked.filter(submit_date__lt=before).values("user_id")
    found = User.objects.filter(pk__in=ids, is_active=True).exclude(pk=comment.user_id).exclude(email="")
    return [
        user
        for user in found.order_by("pk")
        if user.may_sign_in() and articles_visible_to(user).filter(pk=comment.page_id).exists()
    ]
