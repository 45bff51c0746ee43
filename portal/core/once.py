"""One form sent twice makes one thing: a token in the form remembers what became of it."""

import time
import uuid

from django.core.cache import cache

KEPT_S = 3600
WAIT_S = 8.0
WORKING = "working"


def new_token() -> str:
    """Returns a fresh token for a form."""
    return uuid.uuid4().hex


def _place(user_id: int, token: str) -> str:
    return f"once:{user_id}:{token[:64]}"


def once_begin(*, user_id: int, token: str) -> str | None:
    """Claims a form's token for the caller.

    Returns None for the first who sends it (who then calls ``once_done`` or ``once_failed``), and for everyone after
    that the address that the first was led to, waiting a few seconds while it is still at work.
    """
    if not token or cache.add(_place(user_id, token), WORKING, KEPT_S):
        return None
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        found = cache.get(_place(user_id, token))
        if found is None:
            return None if cache.add(_place(user_id, token), WORKING, KEPT_S) else ""
        if found != WORKING:
            return str(found)
        time.sleep(0.05)
    return ""


def once_done(*, user_id: int, token: str, address: str) -> None:
    """Keeps where the first sender was led."""
    if token:
        cache.set(_place(user_id, token), address, KEPT_S)


def once_failed(*, user_id: int, token: str) -> None:
    """Gives the token free: the form had an error and will be sent again."""
    if token:
        cache.delete(_place(user_id, token))
