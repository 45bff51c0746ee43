"""\"I have this too\": members who have the problem of a question, counted, and told of what becomes of it."""

from typing import Any

from django.db import transaction

from portal.core.permissions import require_member
from portal.questions import events
from portal.questions.models import Demand, Question
from portal.questions.selectors.rights import check_demand

from .counters import questions_recount
from .holding import question_hold


@transaction.atomic
def demand_add(*, user: Any, question_id: int) -> int:
    """Counts a member among those who have the problem too; returns how many there are. Repeating changes nothing.

    Whoever listens to ``DemandAdded`` lets her follow the question.
    """
    question = _held(user, question_id)
    _demand, made = Demand.objects.get_or_create(user=user, question=question)
    return _counted(question, user, events.DemandAdded) if made else question.demand_count


@transaction.atomic
def demand_remove(*, user: Any, question_id: int) -> int:
    """Takes it back; returns how many there are. Repeating changes nothing."""
    question = _held(user, question_id)
    gone, _tables = Demand.objects.filter(user=user, question=question).delete()
    return _counted(question, user, events.DemandRemoved) if gone else question.demand_count


def _held(user: Any, question_id: int) -> Question:
    """Returns the question, held until the transaction ends, so that all who press at once are counted."""
    require_member(user)
    question = question_hold(user=user, question_id=question_id)
    check_demand(user, question)
    return question


def _counted(question: Question, user: Any, kind: type[events.QuestionEvent]) -> int:
    questions_recount(ids=[question.pk])
    question.refresh_from_db(fields=["demand_count"])
    events.announce_question(kind, question, user)
    return question.demand_count
