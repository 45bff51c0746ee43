"""What happens to a question when nothing happens to it: closed for want of details, archived when long inactive.

Each question is moved in a transaction of its own, and looked at again in it: somebody may have come before.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from portal.core.clock import now
from portal.questions.models import Act, Question, QuestionMove, Status, Why
from portal.questions.models.lifecycle import RULES, Role
from portal.questions.selectors.access import questions_visible_to

from .holding import graph_hold, questions_hold
from .life import question_settle

MOST = 500
"""How many questions one run moves, so that a first run in a large portal stays short; the next one goes on."""
AGING = next(rule.froms for rule in RULES if rule.act == Act.ARCHIVE and Role.PORTAL in rule.roles)


def unanswered_close(*, most: int = MOST) -> int:
    """Closes questions without answers whose details were asked for and never came; returns how many.

    Both the last request and the last activity of any kind are PORTAL_DETAILS_DAYS ago (0: none is closed). Who asked
    still opens it by adding the details.
    """
    if not settings.PORTAL_DETAILS_DAYS:
        return 0
    return _settle_all(_waiting, Status.CLOSED, Why.NO_DETAILS, settings.PORTAL_DETAILS_DAYS, most)


def inactive_archive(*, most: int = MOST) -> int:
    """Archives what was answered or closed and rested for PORTAL_ARCHIVE_DAYS (0: nothing); returns how many."""
    if not settings.PORTAL_ARCHIVE_DAYS:
        return 0
    return _settle_all(_resting, Status.ARCHIVED, Why.INACTIVE, settings.PORTAL_ARCHIVE_DAYS, most)


def _waiting(before: datetime) -> QuerySet[Question]:
    asked_lately = QuestionMove.objects.filter(act=Act.ASK_DETAILS, at__gte=before).values("question_id")
    found = questions_visible_to(None).filter(status=Status.NEEDS_DETAILS, answers_count=0, locked=False)
    return found.filter(last_activity_at__lt=before).exclude(pk__in=asked_lately)


def _resting(before: datetime) -> QuerySet[Question]:
    return questions_visible_to(None).filter(status__in=AGING, last_activity_at__lt=before)


def _settle_all(find: Callable[[datetime], QuerySet[Question]], status: Status, why: Why, days: int, most: int) -> int:
    before = now() - timedelta(days=days)
    done = 0
    for pk in list(find(before).order_by("pk").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            graph_hold()
            questions_hold([pk])
            if find(before).filter(pk=pk).exists():
                question_settle(user=None, question_id=pk, status=status, why=why)
                done += 1
    return done
