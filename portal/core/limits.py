"""How often one may do something: fixed windows counted in the cache, shared by all processes when it is Redis."""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache

from .errors import TooMany

# action: (times, seconds). A signed-in member and an address are counted apart.
LIMITS: dict[str, tuple[int, int]] = {
    "ask": (6, 600),
    "keep": (30, 600),
    "answer": (4, 60),
    "comment": (10, 60),
    "vote": (60, 60),
    "edit": (20, 60),
    "reveal": (20, 3600),
    "preview": (120, 60),
    "upload": (20, 600),
    "upload-day": (80, 86_400),
    "search": (120, 60),
    "suggest": (600, 60),
    "beacon": (240, 60),
    "api-write": (120, 60),
}


def client_address(request: Any) -> str:
    """Returns the address of the caller as the server saw it (a proxy must pass it on as the peer's)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def limit_check(*, action: str, key: str) -> None:
    """Counts one ``action`` (a name of LIMITS) of ``key``; raises ``TooMany`` when its window is full."""
    if not settings.PORTAL_LIMITS:
        return
    times, seconds = LIMITS[action]
    moment = int(time.time())
    place = f"limit:{action}:{key}:{moment // seconds}"
    if cache.add(place, 1, timeout=seconds + 1):
        return
    try:
        count = cache.incr(place)
    except ValueError:  # it ran out between the two calls
        return
    if count > times:
        raise TooMany(retry_after=seconds - moment % seconds)


def limit_request(request: Any, *, action: str) -> None:
    """Counts one ``action`` of the member, or of the stranger's address, who sent ``request``."""
    user = getattr(request, "user", None)
    key = f"u{user.pk}" if user is not None and user.is_authenticated else f"a{client_address(request)}"
    limit_check(action=action, key=key)
