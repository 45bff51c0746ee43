"""The signed links in mails. A link says who and what, opens one thing only, and ends after a while."""

from dataclasses import dataclass

from django.core.signing import BadSignature, TimestampSigner

from portal.core.errors import NotFound

SECONDS = 180 * 24 * 3600
_SALT = "portal.notifications.unsubscribe"


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Whose messages about which of her saved searches are to end."""

    user_id: int
    search_ids: tuple[int, ...]


def unsubscribe_token(link: Unsubscribing) -> str:
    """Returns the text of a link."""
    return TimestampSigner(salt=_SALT).sign_object({"u": link.user_id, "s": list(link.search_ids)})


def unsubscribe_link(token: str) -> Unsubscribing:
    """Returns what a link says; raises ``NotFound`` for one that was not made here, or is older than 180 days."""
    try:
        said = TimestampSigner(salt=_SALT).unsign_object(token, max_age=SECONDS)
        return Unsubscribing(int(said["u"]), tuple(int(each) for each in said["s"]))
    except (BadSignature, ValueError, TypeError, KeyError):
        raise NotFound from None
