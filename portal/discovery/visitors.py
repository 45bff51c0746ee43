"""Who a search counts for: a random key in a cookie of the portal's own, and nothing that names a person.

The key lives as long as a search may still lead to a question (``WINDOW``) and is not renewed. The log holds only its
hash under the portal's secret. It is set by what a script sends and by forms, never by a page that is merely read, so
that pages stay cacheable (docs/adr/0005). Who asks not to be tracked has no key and is not recorded.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from portal.core.permissions import is_member, may_moderate

from .models import Who

COOKIE = "visitor"
WINDOW = timedelta(days=7)
KEY = re.compile(r"[A-Za-z0-9_-]{22}")
# What says of itself that it is no browser. What does not is found out by its haste (services/retention.py).
MACHINE = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|archiver|preview|monitor|uptime|feed|validator|scan|lighthouse|curl|wget"
    r"|python|httpx|aiohttp|java/|okhttp|go-http|node-fetch|axios|libwww|perl|ruby|php|postman|facebookexternalhit",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a request counts for.

    recorded: whether anything may be written down. key is the random key, empty without a cookie; hashed what the log
    holds of it. holdout: she is shown no suggestions on the ask page.
    """

    recorded: bool
    who: Who
    key: str = ""

    @property
    def hashed(self) -> str:
        """The key's hash under the portal's secret, empty where there is no key."""
        return _keyed("visitor", self.key) if self.key else ""

    @property
    def holdout(self) -> bool:
        """Whether the key falls into the share that is shown no suggestions; staff see them always."""
        if not self.key or self.who == Who.STAFF:
            return False
        return int(_keyed("holdout", self.key)[:13], 16) / 16**13 < settings.PORTAL_SEARCH_HOLDOUT_PERCENT / 100


def _keyed(purpose: str, key: str) -> str:
    return hmac.new(f"{purpose}:{settings.SECRET_KEY}".encode(), key.encode(), "sha256").hexdigest()


def visitor_of(request: HttpRequest) -> Visitor:
    """Returns who ``request`` counts for, as far as it tells."""
    wanted = not (refuses_tracking(request) or is_machine(request) or is_prefetch(request))
    key = request.COOKIES.get(COOKIE, "")
    return Visitor(wanted, who_is(request.user), key if wanted and KEY.fullmatch(key) else "")


def visitor_begun(request: HttpRequest) -> Visitor:
    """Returns who ``request`` counts for, with a new key where she may be recorded and has none.

    The view gives the key to ``visitor_keep``, which sets the cookie.
    """
    found = visitor_of(request)
    if found.key or not found.recorded:
        return found
    return Visitor(found.recorded, found.who, secrets.token_urlsafe(16))


def visitor_keep(request: HttpRequest, response: HttpResponseBase, visitor: Visitor) -> None:
    """Sets the cookie of a visitor whose key is new; one that is there already runs out when it was to."""
    if visitor.key and request.COOKIES.get(COOKIE) != visitor.key:
        response.set_cookie(
            COOKIE,
            visitor.key,
            max_age=int(WINDOW.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def who_is(user: Any) -> Who:
    """Returns what kind of reader a user is."""
    if may_moderate(user):
        return Who.STAFF
    return Who.MEMBER if is_member(user) else Who.STRANGER


def refuses_tracking(request: HttpRequest) -> bool:
    """Whether the browser asks not to be tracked: Global Privacy Control or Do Not Track."""
    return request.headers.get("Sec-GPC", "").strip() == "1" or request.headers.get("DNT", "").strip() == "1"


def is_machine(request: HttpRequest) -> bool:
    """Whether the caller says that it is no browser, or does not say what it is."""
    agent = request.headers.get("User-Agent", "")
    return not agent.strip() or MACHINE.search(agent) is not None


def is_prefetch(request: HttpRequest) -> bool:
    """Whether a browser only guesses that the page will be wanted, or asks for its head alone."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "HEAD" or "prefetch" in purpose
