"""Domain events: what happened, told to whoever listens, after the change is safely committed.

A service calls ``announce(SomethingHappened(...))`` inside its transaction. Receivers subscribe in their app's
``ready()`` (by importing its ``receivers`` module) and run after the commit, each by itself: one that fails is
logged and keeps nobody else from being told. What a receiver derives can always be recomputed from the database.

What must not be lost where a process dies right after a commit is written down by a keeper instead (``kept_by``): it
runs inside the transaction of the change, so that its row and the change are there together or not at all. A keeper
writes a row or two; what follows from them is a worker's.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainEvent:
    """What every event tells: when it happened and by whom (a user's id, None for the system)."""

    at: datetime
    actor_id: int | None


Event = TypeVar("Event", bound=DomainEvent)
_receivers: dict[type[DomainEvent], list[Callable[[Any], None]]] = defaultdict(list)
_keepers: dict[type[DomainEvent], list[Callable[[Any], None]]] = defaultdict(list)


Function = Callable[[Event], None]


def receives(*kinds: type[Event]) -> Callable[[Function[Event]], Function[Event]]:
    """Subscribes the decorated function to events of these kinds."""
    return _subscriber(_receivers, kinds)


def kept_by(*kinds: type[Event]) -> Callable[[Function[Event]], Function[Event]]:
    """Makes the decorated function write events of these kinds down in the transaction that they happen in."""
    return _subscriber(_keepers, kinds)


def _subscriber(
    register: dict[type[DomainEvent], list[Callable[[Any], None]]], kinds: tuple[type[Event], ...]
) -> Callable[[Function[Event]], Function[Event]]:
    def subscribe(function: Function[Event]) -> Function[Event]:
        for kind in kinds:
            if function not in register[kind]:
                register[kind].append(function)
        return function

    return subscribe


_untold: ContextVar[bool] = ContextVar("untold", default=False)


@contextmanager
def untold() -> Iterator[None]:
    """Tells nobody of what happens in the block: for a history that is played anew, and that nobody waits for.

    Who derives something from events has to derive it from the database afterwards.
    """
    before = _untold.set(True)
    try:
        yield
    finally:
        _untold.reset(before)


def announce(event: DomainEvent) -> None:
    """Has ``event`` written down now by its keepers, and tells its receivers once the current transaction is committed
    (at once outside of one). Neither can make the change fail."""
    if _untold.get():
        return
    _run(_keepers, event)
    transaction.on_commit(lambda: _run(_receivers, event))


def _run(register: dict[type[DomainEvent], list[Callable[[Any], None]]], event: DomainEvent) -> None:
    for function in tuple(register[type(event)]):
        try:
            with transaction.atomic():
                function(event)
        except Exception:
            logger.exception("%s failed on %s", function.__qualname__, type(event).__name__)
