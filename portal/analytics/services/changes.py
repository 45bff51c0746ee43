"""Every change of a gap's standing is written down with who made it, and can be taken back."""

from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from portal.analytics.models import Deed, Gap, GapChange
from portal.core.errors import StateForbids

MOMENTS, DATES = ("fixed_at", "closed_at"), ("counted_from",)
COLUMNS = ("status", "assignee_id", "fix_kind", "fix_url", *MOMENTS, *DATES)


def gap_change(
    *, gap: Gap, deed: Deed, user: Any = None, figures: dict[str, Any] | None = None, **values: Any
) -> GapChange | None:
    """Sets columns of a gap and writes the change down; None where nothing differs.

    gap: held by the caller's transaction. user: None for a rule, whose ``figures`` say why. values: of :data:`COLUMNS`.
    """
    moved = {name: value for name, value in values.items() if getattr(gap, name) != value}
    if not moved:
        return None
    before = {name: _plain(getattr(gap, name)) for name in moved}
    for name, value in moved.items():
        setattr(gap, name, value)
    gap.save(update_fields=[name.removesuffix("_id") for name in moved])
    return GapChange.objects.create(
        gap=gap,
        by=user,
        by_rule=user is None,
        deed=deed,
        before=before,
        after={name: _plain(value) for name, value in moved.items()},
        figures=figures or {},
    )


def change_revert(*, gap: Gap, change: GapChange, user: Any) -> GapChange:
    """Sets the columns back to what they were before ``change``; raises ``StateForbids`` if they were changed since."""
    if change.undone_by_id is not None:
        raise StateForbids(_("This was taken back already."))
    if any(_plain(getattr(gap, name)) != value for name, value in change.after.items()):
        raise StateForbids(_("This was changed again since. Take back the later change first."))
    values = {name: _restored(name, value) for name, value in change.before.items()}
    undone = gap_change(gap=gap, deed=Deed.UNDO, user=user, **values)
    if undone is None:
        raise StateForbids
    change.undone_by = undone
    change.save(update_fields=["undone_by"])
    return undone


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _restored(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in MOMENTS:
        return parse_datetime(value)
    return parse_date(value) if name in DATES else value
