"""How often one may do something, counted in the cache, which all processes share when it is Redis.

What is done seldom (asking, answering, editing) is counted exactly: each time takes a slot that is free again
``seconds`` later, so that no moment begins a new count. What is done often is counted in fixed windows.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from .errors import TooMany

# action: (times, seconds). A signed-in member and an address are counted apart.
LIMITS: dict[str, tuple[int, int]] = {
    "ask": (6, 600),
    "keep": (30, 600),
    "answer": (4, 60),
    "comment": (10, 60),
    "vote": (60, 60),
    "bookmark": (60, 60),
    "demand": (30, 60),
    "edit": (20, 60),
    "reveal": (20, 3600),
    "draft": (90, 60),
    "follow": (60, 60),
    "preview": (120, 60),
    "upload": (20, 600),
    "upload-day": (80, 86_400),
    "search": (120, 60),
    "suggest": (600, 60),
    "beacon": (240, 60),
    "api-write": (120, 60),
}
MOST_SLOTS = 20


def client_address(request: Any) -> str:
    """Returns the address of the caller as the server saw it (a proxy must pass it on as the peer's)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def limit_check(*, action: str, key: str) -> None:
    """Counts one ``action`` (a name of LIMITS) of ``key``; raises ``TooMany`` when there were too many."""
    if not settings.PORTAL_LIMITS:
        return
    times, seconds = LIMITS[action]
    if times <= MOST_SLOTS:
        _take_slot(f"limit:{action}:{key}", times, seconds)
    else:
        _count_in_window(f"limit:{action}:{key}", times, seconds)


def _take_slot(place: str, times: int, seconds: int) -> None:
    """Takes a free slot until ``seconds`` from now; each holds the moment at which it is free again."""
    moment = time.time()
    slots = [f"{place}:slot{number}" for number in range(times)]
    held = cache.get_many(slots)
    # The cache forgets a slot by its own clock; one that should be long forgotten by ours counts as free.
    late = [slot for slot, until in held.items() if until <= moment - 1]
    cache.delete_many(late)
    for slot in slots:
        if (slot not in held or slot in late) and cache.add(slot, moment + seconds, timeout=seconds):
            return
    held = cache.get_many(slots) or {place: moment}
    raise TooMany(retry_after=math.ceil(min(held.values()) - moment))


def _count_in_window(place: str, times: int, seconds: int) -> None:
    moment = int(time.time())
    place = f"{place}:{moment // seconds}"
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


@contextmanager
def limited_deed(request: Any, *, action: str) -> Iterator[None]:
    """Counts what is done inside as one ``action``, once it is done; over the limit it is undone.

    A refusal therefore tells its own reason, whatever the limit, and takes nothing of it.
    """
    with transaction.atomic():
        yield
        limit_request(request, action=action)
