"""Awarding badges. One that was earned stays."""

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction

from portal.core.bulk import rows_insert
from portal.core.clock import now
from portal.core.events import announce
from portal.experts.badges import BADGES, Badge, Members
from portal.experts.events import BadgeAwarded
from portal.experts.models import BadgeAward

BATCH = 500


def badges_award(*, user_ids: Collection[int], after: Sequence[str]) -> int:
    """Gives these members every badge that they now meet among those that ``after`` may earn; returns how many.

    user_ids: a few members, as an event concerns them. after: what happened, in the words of ``experts/badges.py``.
    """
    members = [pk for pk in user_ids if pk]
    if not members:
        return 0
    rules = [badge for badge in BADGES if set(badge.after) & set(after)]
    held = set(
        BadgeAward.objects.filter(user__in=members, slug__in=[rule.slug for rule in rules]).values_list("user", "slug")
    )
    made = 0
    for rule in rules:
        missing = [pk for pk in members if (pk, rule.slug) not in held]
        made += _award(rule, missing, told=True) if missing else 0
    return made


def badges_award_all() -> int:
    """Gives everybody every badge that the history tells of, one query for each rule; returns how many were new.

    Nobody is told of these one by one: it is for imports and for rules that are new.
    """
    return sum(_award(rule, None, told=False) for rule in BADGES)


@transaction.atomic
def _award(rule: Badge, members: Members, *, told: bool) -> int:
    held = BadgeAward.objects.filter(slug=rule.slug)
    held = held if members is None else held.filter(user__in=members)
    known = set(held.values_list("user", flat=True))
    new = [
        BadgeAward(user_id=pk, slug=rule.slug, tier=rule.tier, awarded_at=moment)
        for pk, moment in sorted(rule.earned(members))
        if pk not in known
    ]
    BadgeAward.objects.bulk_create(new, BATCH, ignore_conflicts=True)
    if told:
        for award in new:
            announce(BadgeAwarded(at=now(), actor_id=None, user_id=award.user_id, slug=award.slug))
    return len(new)


@transaction.atomic
def badges_import(*, awards: Iterable[BadgeAward]) -> int:
    """Keeps awards of another community (unsaved, with source, source_key, name, tier and awarded_at).

    Importing again changes nothing. Returns how many were given.
    """
    rows = list(awards)
    rows_insert(model=BadgeAward, objects=rows, ignore_conflicts=True)
    return len(rows)
