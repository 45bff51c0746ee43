"""Reminding who asked to accept one of the answers: once for each question."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from portal.core.clock import now
from portal.notifications.models import AcceptReminder
from portal.questions.models import Answer, Status
from portal.questions.selectors.access import questions_visible_to

from .happenings import happening_keep

# Nobody is reminded of a question that has rested for longer than this: an import must not write to thousands.
WINDOW = timedelta(days=30)
AT_ONCE = 500


def accept_reminders_make() -> int:
    """Reminds the askers of questions that have answers by others and none accepted, some days after the last answer.

    How many days is ``PORTAL_REMIND_ACCEPT_DAYS``, 0 for never. Returns how many are reminded.
    """
    days = settings.PORTAL_REMIND_ACCEPT_DAYS
    if not days:
        return 0
    latest = now() - timedelta(days=days)
    theirs = Answer.objects.filter(question=OuterRef("pk"), deleted_at=None).exclude(author=OuterRef("author"))
    last = Max("answers__created_at", filter=Q(answers__deleted_at=None))
    waiting = (
        questions_visible_to(None)
        .filter(status=Status.ANSWERED, locked=False, author__is_active=True, last_activity_at__gte=latest - WINDOW)
        .filter(~Exists(AcceptReminder.objects.filter(question=OuterRef("pk"))), Exists(theirs))
        .annotate(last_answer_at=last)
        .filter(last_answer_at__lte=latest, last_answer_at__gt=latest - WINDOW)
    )
    return sum(_remind(number) for number in list(waiting.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _remind(question_id: int) -> int:
    _row, new = AcceptReminder.objects.get_or_create(question_id=question_id)
    if new:
        happening_keep(what="reminder", question_id=question_id, actor_id=None)
    return int(new)
