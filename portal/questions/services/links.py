"""Questions that speak of each other are linked, for as long as they do."""

from collections.abc import Iterable

from django.db import transaction

from portal.questions.models import QuestionLink
from portal.questions.selectors.links import questions_spoken_of

from .holding import questions_hold


def links_sync(*, ids: Iterable[int]) -> int:
    """Makes the links of these questions those that their posts hold; returns how many came or went.

    What an import brought stays. Set from what is there, so that it can be told twice, late or out of order. Each
    question in a transaction of its own, so that no two of them are held at once.
    """
    return sum(_synced(pk) for pk in sorted(set(ids)))


@transaction.atomic
def _synced(pk: int) -> int:
    if not questions_hold([pk]):
        return 0
    wanted = questions_spoken_of(pk)
    related = QuestionLink.objects.filter(question=pk, kind=QuestionLink.Kind.RELATED)
    gone = related.filter(source__isnull=True).exclude(target__in=wanted).delete()[0]
    missing = wanted - set(related.values_list("target", flat=True))
    QuestionLink.objects.bulk_create(QuestionLink(question_id=pk, target_id=target) for target in sorted(missing))
    return int(gone) + len(missing)
