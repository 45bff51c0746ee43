"""Badges.xml becomes badges that members bring along."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.core.bulk import rows_update
from portal.experts.models import BadgeAward, Tier
from portal.experts.services.badges import badges_import

from .map import BADGE_ATTRIBUTES, Award, award
from .rows import Kind, Ledger, amend, imported_rows, remember
from .stage import Item, Numbered, Stage

TIERS = {1: Tier.GOLD, 2: Tier.SILVER, 3: Tier.BRONZE}


@dataclass(slots=True)
class BadgeWork:
    """Awards to be given, and awards whose row changed."""

    awards: list[BadgeAward]
    rows: list[Ledger]
    changed: list[BadgeAward]
    changed_rows: list[Ledger]


class BadgeStage(Stage[BadgeWork]):
    """Gives the badges."""

    name, file, kind = "badges", "Badges", Kind.BADGE

    def prepare(self, batch: Sequence[Numbered]) -> BadgeWork:
        """Sorts a batch."""
        items = self.mapped(batch, award, BADGE_ATTRIBUTES)
        owners = imported_rows(self.source, [Kind.USER], (item.record.owner for item in items))
        found = self.sort(self._with_owner(items, owners))
        awards, rows = [], []
        for item in found.new:
            user = owners[item.record.owner].object_id
            awards.append(self._award(item.record, user))
            row = self.remembered(item)
            row.object_id = user
            rows.append(row)
        keys = {str(item.record.key): item.record for item in found.changed}
        changed = list(BadgeAward.objects.filter(source=self.source, source_key__in=keys))
        for held in changed:
            record = keys[held.source_key]
            held.name, held.tier, held.awarded_at = record.name, TIERS.get(record.level, Tier.BRONZE), record.created
        return BadgeWork(awards, rows, changed, [item.seen for item in found.changed if item.seen])

    def _with_owner(self, items: Sequence[Item[Award]], owners: dict[int, Ledger]) -> list[Item[Award]]:
        """Returns the awards whose member is here."""
        kept = []
        for item in items:
            owner = owners.get(item.record.owner)
            if owner is None:
                self.bad(item.line, _("its user %(key)d is not in the dump") % {"key": item.record.owner})
            elif not owner.object_id:
                self.counts.left_out += 1
            else:
                kept.append(item)
        return kept

    def _award(self, record: Award, user: int) -> BadgeAward:
        return BadgeAward(
            user_id=user,
            name=record.name,
            tier=TIERS.get(record.level, Tier.BRONZE),
            awarded_at=record.created,
            source=self.source,
            source_key=str(record.key),
        )

    def write(self, work: BadgeWork) -> None:
        """Writes a batch."""
        badges_import(awards=work.awards)
        remember(work.rows)
        rows_update(model=BadgeAward, objects=work.changed, names=["name", "tier", "awarded_at"])
        amend(work.changed_rows, "digest")
