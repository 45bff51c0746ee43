"""The signed links in mails. A link says who and what, opens one thing only, and ends after a while."""

import re
from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, TimestampSigner

from portal.core.errors import NotFound

SECONDS = 180 * 24 * 3600
_SALT = "portal.notifications.unsubscribe"
_QUIET_SALT = "portal.notifications.quiet"
_THREAD = re.compile(r"(?:question|topic|member):[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Whose messages about which of her saved searches are to end."""

    user_id: int
    search_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quieting:
    """Whose messages about which threads (``question:7``), and whose mails of which kinds, are to end."""

    user_id: int
    threads: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def unsubscribe_token(link: Unsubscribing) -> str:
    """Returns the text of a link."""
    return TimestampSigner(salt=_SALT).sign_object({"u": link.user_id, "s": list(link.search_ids)})


def unsubscribe_link(token: str) -> Unsubscribing:
    """Returns what a link says; raises ``NotFound`` for one that was not made here, or is older than 180 days."""
    said = _said(token, _SALT)
    try:
        return Unsubscribing(int(said["u"]), tuple(int(each) for each in said["s"]))
    except (ValueError, TypeError, KeyError):
        raise NotFound from None


def quiet_token(link: Quieting) -> str:
    """Returns the text of a link."""
    said = {"u": link.user_id, "t": list(link.threads), "k": list(link.kinds)}
    return TimestampSigner(salt=_QUIET_SALT).sign_object(said)


def quiet_link(token: str) -> Quieting:
    """Returns what a link says; raises ``NotFound`` for one that was not made here, or is older than 180 days."""
    said = _said(token, _QUIET_SALT)
    try:
        threads, kinds = (tuple(str(each) for each in said[name]) for name in ("t", "k"))
        if not all(_THREAD.fullmatch(each) for each in threads):
            raise NotFound
        return Quieting(int(said["u"]), threads, kinds)
    except (ValueError, TypeError, KeyError):
        raise NotFound from None


def _said(token: str, salt: str) -> Any:
    try:
        return TimestampSigner(salt=salt).unsign_object(token, max_age=SECONDS)
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None
