"""Where a question that was asked before leads: always to one that repeats no other."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.errors import Invalid, NotFound
from portal.questions.models import Question, Status
from portal.questions.selectors.access import questions_visible_to
from portal.questions.selectors.duplicates import chain_of
from portal.questions.selectors.merging import question_led_to

from .holding import graph_hold, questions_hold


def duplicates_hold(*, question_id: int, number: int | None) -> None:
    """Holds the graph, then a question, those that repeat it and the chain from ``number``, until the transaction ends.

    number: where the question is to lead, None where it leads nowhere. To be called before any row is held.
    """
    graph_hold()
    if number is None:
        return
    chain = chain_of(number)
    repeats = Question.objects.filter(duplicate_of=question_id).values_list("pk", flat=True)
    questions_hold([question_id, *chain, *repeats])


def duplicate_target(*, user: Any, question_id: int, number: int | None) -> Question:
    """Returns the question that ``question_id`` may be marked as a repeat of: where the chain from ``number`` ends.

    Raises ``Invalid`` where there is no such target. It is held until the transaction ends. The graph must be held.
    """
    if number is None or number == question_id:
        raise Invalid({"duplicate_of": [_("Name the earlier question that this one repeats.")]})
    chain = chain_of(question_led_to(user, number).pk)
    questions_hold(chain)
    if question_id in chain:
        raise Invalid({"duplicate_of": [_("That question is marked as a repeat of this one.")]})
    target = questions_visible_to(user).filter(pk=chain[-1]).first()
    if target is None or target.status == Status.DUPLICATE:
        raise NotFound
    return target


def duplicates_lead(*, question_id: int, target_id: int) -> int:
    """Leads what repeats a question that is itself a repeat now straight to the target; returns how many."""
    return Question.objects.filter(duplicate_of=question_id).exclude(pk=target_id).update(duplicate_of=target_id)


@transaction.atomic
def duplicates_flatten() -> int:
    """Leads every repeat straight to the end of its chain, for imports and repairs; returns how many changed.

    A ring leads nowhere: each of its questions stays as it is, for staff to see.
    """
    graph_hold()
    far = Question.objects.filter(status=Status.DUPLICATE, duplicate_of__status=Status.DUPLICATE)
    changed = 0
    for question in far.only("pk", "duplicate_of").order_by("pk"):
        chain = chain_of(question.pk)
        last = chain[-1]
        if Question.objects.filter(pk=last, status=Status.DUPLICATE, duplicate_of__isnull=False).exists():
            continue
        changed += Question.objects.filter(pk=question.pk).exclude(duplicate_of=last).update(duplicate_of=last)
    return changed
