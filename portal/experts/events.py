"""What happens to profiles and badges, for whoever listens."""

from dataclasses import dataclass

from portal.core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChanged(DomainEvent):
    """A member wrote her profile."""

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeAwarded(DomainEvent):
    """A member earned a badge; slug names its rule in ``experts/badges.py``."""

    user_id: int
    slug: str
