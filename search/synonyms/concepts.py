"""What a termbase consists of."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Term:
    """A word or several. ``language`` None: written so in every language, as names of products are.

    ``one_way``: whoever types it also means the others of its concept, but nobody who types those means it.
    """

    text: str
    language: str | None = None
    one_way: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """Terms that mean the same. ``key`` names it; it holds from ``starts_at`` until before ``ends_at`` (None: always).

    Those of a ``protected`` one are taken as they are written: they match no inflected form, nothing corrects them,
    and no other concept expands them. Spellings of the same name still find each other.
    """

    key: str
    terms: tuple[Term, ...]
    protected: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Say whether the concept holds at a moment (aware)."""
        begun = self.starts_at is None or self.starts_at <= moment
        return begun and (self.ends_at is None or moment < self.ends_at)
