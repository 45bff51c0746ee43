"""Domain events: what happened, told to whoever listens, after the change is safely committed.

A service calls ``announce(SomethingHappened(...))`` inside its transaction. Receivers subscribe in their app's
``ready()`` (by importing its ``receivers`` module) and run after the commit, each by itself: one that fails is
logged and keeps nobody else from being told. What a receiver derives can always be recomputed from the database.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
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


def receives(*kinds: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Subscribes the decorated function to events of these kinds."""

    def subscribe(function: Callable[[Event], None]) -> Callable[[Event], None]:
        for kind in kinds:
            if function not in _receivers[kind]:
                _receivers[kind].append(function)
        return function

    return subscribe


def announce(event: DomainEvent) -> None:
    """Tells the receivers of ``event`` once the current transaction is committed (at once outside of one)."""
    transaction.on_commit(lambda: _tell(event))


def _tell(event: DomainEvent) -> None:
    for function in tuple(_receivers[type(event)]):
        try:
            with transaction.atomic():
                function(event)
        except Exception:
            logger.exception("%s failed on %s", function.__qualname__, type(event).__name__)
