"""Awarding badges. One that was earned stays, unless votes in series earned it: it goes and comes with them."""

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction

from portal.core.bulk import rows_insert
from portal.core.clock import now
from portal.core.events import announce
from portal.experts.badges import BADGES, Badge, Members
from portal.experts.events import BadgeAwarded
from portal.experts.models import BadgeAward
from portal.experts.selectors.badges import badges_held
from portal.questions.models import VoteReversal

from .holding import members_hold

BATCH = 500


def badges_award(*, user_ids: Collection[int], after: Sequence[str]) -> int:
    """Gives these members every badge that they now meet among those that ``after`` may earn; returns how many.

    user_ids: a few members, as an event concerns them. after: what happened, in the words of ``experts/badges.py``.
    """
    members = [pk for pk in user_ids if pk]
    if not members:
        return 0
    rules = [badge for badge in BADGES if set(badge.after) & set(after)]
    slugs = [rule.slug for rule in rules]
    held = set(badges_held().filter(user__in=members, slug__in=slugs).values_list("user", "slug"))
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
    known = dict(held.values_list("user", "withdrawn_for"))
    earned = sorted(rule.earned(members))
    new = [
        BadgeAward(user_id=pk, slug=rule.slug, tier=rule.tier, awarded_at=moment)
        for pk, moment in earned
        if pk not in known
    ]
    again = [pk for pk, _moment in earned if known.get(pk) is not None]
    held.filter(user__in=again).update(withdrawn_for=None)
    BadgeAward.objects.bulk_create(new, BATCH, ignore_conflicts=True)
    if told:
        for award in new:
            announce(BadgeAwarded(at=now(), actor_id=None, user_id=award.user_id, slug=award.slug))
    return len(new)


@transaction.atomic
def badges_reversal_sync(*, reversal_id: int) -> None:
    """Withdraws the badges of voter and author that they would not have earned without a series of votes that was
    taken out; of one that was given back, returns those that nothing else stands against.

    A badge that is lost for other reasons is no business of the series: what was earned stays.
    """
    reversal = VoteReversal.objects.filter(pk=reversal_id).first()
    if reversal is None:
        return
    members = [reversal.author_id, reversal.voter_id]
    members_hold(members)
    for rule in BADGES:
        if rule.reversed is None:
            continue
        met = {pk for pk, _moment in rule.earned(members)}
        lost = {pk for pk, _moment in rule.reversed(members)} - met
        awards = BadgeAward.objects.filter(slug=rule.slug, user__in=members)
        if reversal.undone_at is None:
            awards.filter(withdrawn_for__isnull=True, user__in=lost).update(withdrawn_for=reversal)
        else:
            withdrawn = awards.filter(withdrawn_for__isnull=False)
            withdrawn.filter(user__in=met).update(withdrawn_for=None)
            withdrawn.filter(withdrawn_for__undone_at__isnull=False).exclude(user__in=lost).update(withdrawn_for=None)


@transaction.atomic
def badges_import(*, awards: Iterable[BadgeAward]) -> int:
    """Keeps awards of another community (unsaved, with source, source_key, name, tier and awarded_at).

    Importing again changes nothing. Returns how many were given.
    """
    rows = list(awards)
    rows_insert(model=BadgeAward, objects=rows, ignore_conflicts=True)
    return len(rows)
