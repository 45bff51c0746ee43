"""A query as a small tree that either engine renders: what is asked, without either engine's words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Term:
    """Documents holding exactly ``value`` in ``field``, by BM25."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Near:
    """Documents holding ``value`` in ``field``, or a term of one letter more, less, wrong or swapped."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """Documents holding any of ``values`` in a field that is not analysed; no score of its own."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Documents whose number in ``field`` is from ``low`` to ``high``, both included; None leaves a side open."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents holding the terms side by side in ``field``."""

    field: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Documents holding terms that the engine's own analyzer of ``field`` makes of ``text``."""

    field: str
    text: str
    minimum: str = "1"


@dataclass(frozen=True, slots=True)
class Best:
    """The best score of ``nodes`` counts: the same words in fields of which a document fills one."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Boost:
    node: "Node"
    factor: float


@dataclass(frozen=True, slots=True)
class Constant:
    """``score`` for each document that ``node`` finds."""

    node: "Node"
    score: float


@dataclass(frozen=True, slots=True)
class Bool:
    """``must`` and ``should`` score, ``filters`` and ``must_not`` do not; ``minimum`` of ``should`` have to match."""

    must: tuple["Node", ...] = ()
    should: tuple["Node", ...] = ()
    filters: tuple["Node", ...] = ()
    must_not: tuple["Node", ...] = ()
    minimum: int = 0


Node = Everything | Term | Near | OneOf | Range | Phrase | Match | Best | Boost | Constant | Bool
