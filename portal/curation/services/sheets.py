"""Taking over an uploaded sheet of the termbase."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from portal.curation.models import TermEntry
from portal.curation.selectors.rights import require_curator
from portal.curation.selectors.sheets import Outcome, SheetLine

from .entries import curated_save


@transaction.atomic
def sheet_apply(*, lines: Iterable[SheetLine], user: Any) -> int:
    """Writes what the lines say, all or nothing, each entry with a revision; returns how many were written.

    Lines that are refused or change nothing are passed over. Who may not publish may not upload published entries.
    """
    written = 0
    for line in lines:
        if line.entry is None or line.outcome in (Outcome.REFUSED, Outcome.SAME):
            continue
        require_curator(user, TermEntry, "add" if line.outcome is Outcome.NEW else "change")
        entry = line.entry
        if line.publish or entry.live:
            require_curator(user, TermEntry, "publish")
        if entry.live and not line.publish:
            entry.unpublish(user=user)
        curated_save(item=entry, user=user, publish=line.publish)
        written += 1
    return written
