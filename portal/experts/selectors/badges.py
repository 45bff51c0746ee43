"""What is read of badges."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, QuerySet

from portal.accounts.models import User
from portal.experts.badges import BADGES, BY_SLUG, Badge
from portal.experts.models import BadgeAward, Tier

TIERS = (Tier.GOLD, Tier.SILVER, Tier.BRONZE)


@dataclass(slots=True)
class ImportedBadge:
    """A badge of another community and how often a member got it there."""

    name: str
    tier: str
    source: str
    count: int = 0
    awarded_at: datetime | None = None


@dataclass(slots=True)
class BadgesShown:
    """A member's badges: earned here, with their moments, and brought along; ``counts`` by tier of both."""

    earned: list[tuple[Badge, datetime]] = field(default_factory=list)
    imported: list[ImportedBadge] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def badges_held() -> QuerySet[BadgeAward]:
    """Returns the awards that count: not those that were withdrawn with votes in series."""
    return BadgeAward.objects.filter(withdrawn_for__isnull=True)


def badges_shown(*, member: User) -> BadgesShown:
    """Returns a member's badges, the hardest to earn first."""
    shown = BadgesShown()
    brought: dict[tuple[str, str, str], ImportedBadge] = {}
    awards = badges_held().filter(user=member).select_related("source")
    for award in awards.order_by("-awarded_at", "-pk"):
        rule = BY_SLUG.get(award.slug)
        if rule is not None:
            shown.earned.append((rule, award.awarded_at))
        elif award.name:
            source = str(award.source) if award.source else ""
            badge = brought.setdefault((source, award.name, award.tier), ImportedBadge(award.name, award.tier, source))
            badge.count += 1
            badge.awarded_at = badge.awarded_at or award.awarded_at
    order = {tier: place for place, tier in enumerate(TIERS)}
    shown.earned.sort(key=lambda entry: order[entry[0].tier])
    shown.imported = sorted(brought.values(), key=lambda badge: order[Tier(badge.tier)])
    for tier in TIERS:
        shown.counts[tier] = sum(rule.tier == tier for rule, _moment in shown.earned)
    return shown


def badges_with_holders() -> list[tuple[Badge, int]]:
    """Returns every badge that can be earned here and how many members hold it."""
    held = dict(badges_held().exclude(slug="").values_list("slug").annotate(Count("pk")))
    return [(badge, held.get(badge.slug, 0)) for badge in sorted(BADGES, key=lambda badge: TIERS.index(badge.tier))]
