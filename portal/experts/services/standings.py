"""Keeping members' standing in step with their answers."""

from collections.abc import Iterable

from django.db import transaction

from portal.core.bulk import rows_insert
from portal.experts.models import Standing
from portal.experts.selectors.standings import Place, standings_due, topics_above
from portal.questions.models import Answer

from .holding import members_hold

BATCH = 300
COUNTED = ("answers", "accepted", "votes", "points")


def standing_recompute(*, user_ids: Iterable[int]) -> int:
    """Writes the standing of these members anew; returns how many rows differed."""
    above = topics_above()
    wanted = sorted(set(user_ids))
    return sum(_batch_recompute(wanted[at : at + BATCH], above) for at in range(0, len(wanted), BATCH))


def standing_question_sync(*, question_id: int) -> None:
    """Brings the standing of everybody who answered a question up to date (deleted answers' authors too)."""
    authors = Answer.objects.filter(question_id=question_id, author__isnull=False).values_list("author_id", flat=True)
    standing_recompute(user_ids=[pk for pk in authors if pk is not None])


@transaction.atomic
def _batch_recompute(ids: list[int], above: dict[int, tuple[int, ...]]) -> int:
    members_hold(ids)
    due: dict[Place, Standing] = {
        (row.user_id, row.topic_id, row.language): row for row in standings_due(user_ids=ids, above=above)
    }
    obsolete, changed = [], []
    for row in Standing.objects.filter(user_id__in=ids):
        target = due.pop((row.user_id, row.topic_id, row.language), None)
        if target is None:
            obsolete.append(row.pk)
        elif any(getattr(row, name) != getattr(target, name) for name in COUNTED):
            target.pk = row.pk
            changed.append(target)
    for at in range(0, len(obsolete), BATCH):
        Standing.objects.filter(pk__in=obsolete[at : at + BATCH]).delete()
    Standing.objects.bulk_update(changed, COUNTED, batch_size=BATCH)
    rows_insert(model=Standing, objects=list(due.values()), ignore_conflicts=True)
    return len(obsolete) + len(changed) + len(due)
