"""What kinds of thing can be found, and who may see which of them.

The index filters by what a caller may see, but it may be seconds old. So each hit is looked up once more in the
database, through the one access function of its noun, before anyone sees it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Preview:
    """What is read of a thing without going to its page: a template and its context."""

    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResultType:
    """A kind of result.

    label: its name in the plural. icon: of the design system. visible: given a reader (a user or None) and ids, tells
    the path of each that this reader may see now, in one query or two. listed: found by every search; one that is not
    is suggested, and found by who asks for this kind. previews: what can be read of each in place; None where a kind
    has nothing to read. statuses: what each status of such a result is called, where it has one.
    """

    name: str
    label: str | Promise
    icon: str
    visible: Callable[[Any, Sequence[str]], Mapping[str, str]]
    listed: bool = True
    previews: Callable[[Any, Sequence[str]], Mapping[str, Preview]] | None = None
    statuses: Mapping[str, str | Promise] = field(default_factory=dict)


_types: dict[str, ResultType] = {}


def register_result_type(kind: ResultType) -> None:
    """Makes a kind of result known; called in an app's ``ready()``."""
    _types[kind.name] = kind


def unlisted_types(*, but: Sequence[str] = ()) -> tuple[str, ...]:
    """Returns the kinds that a search leaves out, ``but`` those that were asked for."""
    return tuple(name for name, kind in _types.items() if not kind.listed and name not in but)


def result_types() -> dict[str, ResultType]:
    """Returns the kinds of result by name, in the order of registration."""
    return dict(_types)


# Given a query's text and the reader's language, (type, id) of what is to be shown before all results, in order.
Promoter = Callable[[str, str], Sequence[tuple[str, str]]]
_promoters: list[Promoter] = []


def register_promoter(promoter: Promoter) -> None:
    """Makes known who promotes results; called in an app's ``ready()``."""
    if promoter not in _promoters:
        _promoters.append(promoter)


def promoters() -> tuple[Promoter, ...]:
    """Returns who promotes results."""
    return tuple(_promoters)
