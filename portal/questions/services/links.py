"""Questions that speak of each other are linked, for as long as they do."""

from collections.abc import Iterable

from django.db import transaction

from portal.questions.models import Question, QuestionLink
from portal.questions.selectors.links import questions_spoken_of


@transaction.atomic
def links_sync(*, ids: Iterable[int]) -> int:
    """Makes the links of these questions those that their posts hold; returns how many came or went.

    What an import brought stays. Set from what is there, so that it can be told twice, late or out of order.
    """
    changed = 0
    held = Question.objects.select_for_update(of=["self"]).filter(pk__in=set(ids)).order_by("pk")
    for pk in list(held.values_list("pk", flat=True)):
        wanted = questions_spoken_of(pk)
        related = QuestionLink.objects.filter(question=pk, kind=QuestionLink.Kind.RELATED)
        changed += related.filter(source__isnull=True).exclude(target__in=wanted).delete()[0]
        missing = wanted - set(related.values_list("target", flat=True))
        QuestionLink.objects.bulk_create(QuestionLink(question_id=pk, target_id=target) for target in sorted(missing))
        changed += len(missing)
    return changed
