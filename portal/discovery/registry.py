"""What kinds of thing can be found, and who may see which of them.

The index filters by what a caller may see, but it may be seconds old. So each hit is looked up once more in the
database, through the one access function of its noun, before anyone sees it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class ResultType:
    """A kind of result.

    label: its name in the plural. icon: of the design system. visible: given a reader (a user or None) and ids, tells
    the path of each that this reader may see now, in one query or two.
    """

    name: str
    label: str | Promise
    icon: str
    visible: Callable[[Any, Sequence[str]], Mapping[str, str]]


_types: dict[str, ResultType] = {}


def register_result_type(kind: ResultType) -> None:
    """Makes a kind of result known; called in an app's ``ready()``."""
    _types[kind.name] = kind


def result_types() -> dict[str, ResultType]:
    """Returns the kinds of result by name, in the order of registration."""
    return dict(_types)
