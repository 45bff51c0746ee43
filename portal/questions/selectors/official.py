"""Who may make an answer the company's official one after it was given, and who may take that back.

The rule and its reasons stand in docs/explanation/order-of-answers.md: nobody puts the company's word into a mouth that
did not speak for it.
"""

from typing import Any

from django.utils.translation import gettext as _

from portal.core.errors import NotAllowed, StateForbids
from portal.core.permissions import may_moderate, require_member
from portal.questions.models import Answer, Question

from .authors import hides
from .rights import check_unlocked
from .standing import may_answer_officially


def check_official(user: Any, answer: Answer, question: Question) -> None:
    """Whether ``user`` may make ``answer`` official: her own, who may answer officially; a colleague's, the staff."""
    require_member(user)
    if not may_answer_officially(user, question):
        raise NotAllowed(_("Only staff give official answers."))
    if answer.author_id != user.pk and not (may_moderate(user) and may_moderate(answer.author)):
        raise NotAllowed(_("Only what the staff answered themselves can be made official by somebody else."))
    _check_named(user, answer, question)


def check_unofficial(user: Any, answer: Answer, question: Question) -> None:
    """Whether ``user`` may take it back that ``answer`` is official: its author, or staff."""
    require_member(user)
    if answer.author_id != user.pk and not may_moderate(user):
        raise NotAllowed(_("Only the author and the staff can take this back."))
    _check_named(user, answer, question)


def _check_named(user: Any, answer: Answer, question: Question) -> None:
    check_unlocked(user, question)
    if answer.anonymous or hides(user, question):
        raise StateForbids(_("An official answer bears its author's name. Give yours to the question first."))
