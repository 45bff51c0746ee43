"""One form sent twice makes one thing: a token in the form remembers what became of it."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.cache import cache

KEPT_S = 3600
WAIT_S = 8.0
WORKING = "working"


@dataclass(slots=True)
class Sending:
    """A form on its way.

    earlier: None for who sends it first; for everyone after that the address that the first was led to, empty where it
    is not known. address: set it to where the sender is led once the thing is made.
    """

    earlier: str | None
    address: str = ""


def new_token() -> str:
    """Returns a fresh token for a form."""
    return uuid.uuid4().hex


@contextmanager
def sent_once(*, user_id: int, token: str) -> Iterator[Sending]:
    """Claims a form's token for as long as the block takes.

    Who sends the form first makes the thing and sets ``address``, which is kept. Where none is set, or the block
    raises, the token is free again: the form had an error and will be sent once more. Who comes meanwhile waits a few
    seconds for the first. A form without a token is never held up.
    """
    sending = Sending(_earlier(user_id, token))
    first = bool(token) and sending.earlier is None
    try:
        yield sending
    finally:
        if first and sending.address:
            cache.set(_place(user_id, token), sending.address, KEPT_S)
        elif first:
            cache.delete(_place(user_id, token))


def sent_earlier(*, user_id: int, token: str) -> str | None:
    """Returns where the form of this token was led when it was sent, None where it was not (or is on its way)."""
    found = cache.get(_place(user_id, token)) if token else None
    return None if found in (None, WORKING) else str(found)


def _place(user_id: int, token: str) -> str:
    return f"once:{user_id}:{token[:64]}"


def _earlier(user_id: int, token: str) -> str | None:
    """Claims the token, or waits for who has it and returns where that one was led."""
    place = _place(user_id, token)
    if not token or cache.add(place, WORKING, KEPT_S):
        return None
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        found = cache.get(place)
        if found is None:
            return None if cache.add(place, WORKING, KEPT_S) else ""
        if found != WORKING:
            return str(found)
        time.sleep(0.05)
    return ""
