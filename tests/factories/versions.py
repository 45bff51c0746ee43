"""Releases, passports and what members say of answers, made by the services that make real ones."""

from datetime import timedelta
from itertools import count
from typing import Any

from portal.core.clock import now
from portal.core.models import Topic
from portal.questions.models import Answer, Passport, Release
from portal.questions.services.passport import answer_confirm, passport_set
from portal.questions.services.releases import release_register

from .accounts import member
from .events import committed
from .questions import topic

_numbers = count(1)


def product(name: str = "Lamp", **more: Any) -> Topic:
    """Returns a product."""
    return topic(name, product=True, **more)


def release(of: Topic | None = None, label: str = "", *, days: float = 0, by: Any = None, **more: Any) -> Release:
    """Returns a registered release of a product (default: the lamp), which came out so many days ago."""
    with committed():
        return release_register(
            user=by or member(staff=True),
            product=(of or product()).slug,
            label=label or f"v{next(_numbers)}",
            released_at=now().date() - timedelta(days=days),
            **more,
        )


def releases(*labels: str, of: Topic | None = None) -> list[Release]:
    """Returns releases of a product in this order, ten days apart, the last one of today."""
    of, staff = of or product(), member(staff=True)
    return [release(of, label, days=10 * (len(labels) - place - 1), by=staff) for place, label in enumerate(labels)]


def claim(given: Answer, first: Release, last: Release | None = None, by: Any = None) -> Passport:
    """Says which releases an answer was written for, by its author unless another is named."""
    with committed():
        return passport_set(
            user=by or given.author, answer_id=given.pk, first_id=first.pk, last_id=last.pk if last else None
        )


def say(given: Answer, works: bool | None = True, on: Release | None = None, by: Any = None) -> Release:
    """Says that an answer still works, or no longer, by a new member unless another is named."""
    with committed():
        return answer_confirm(user=by or member(), answer_id=given.pk, works=works, release_id=on.pk if on else None)
