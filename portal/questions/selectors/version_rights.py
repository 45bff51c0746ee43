"""Who may say what of the versions that an answer holds for. Each ``check_`` raises the reason."""

from typing import Any

from django.utils.translation import gettext as _

from portal.core.errors import NotAllowed
from portal.core.permissions import may_moderate, require_member
from portal.questions.models import Answer, ObsoleteMark, Question

from .rights import check_accept, check_edit, check_unlocked


def check_confirm(user: Any, question: Question) -> None:
    """Whether ``user`` may say that answers of ``question`` still work, or no longer do: any member."""
    require_member(user)
    check_unlocked(user, question)


def check_passport(user: Any, answer: Answer, question: Question) -> None:
    """Whether ``user`` may say which versions ``answer`` was written for: who may change its words."""
    check_edit(user, answer, question)


def check_solution(user: Any, question: Question) -> None:
    """Whether ``user`` may mark answers as solutions for some versions: who may accept one."""
    check_accept(user, question)


def check_obsolete(user: Any, answer: Answer, question: Question) -> None:
    """Whether ``user`` may mark ``answer`` as outdated: its author, or staff."""
    require_member(user)
    if answer.author_id != user.pk and not may_moderate(user):
        raise NotAllowed(_("Only the author and the staff can mark an answer as outdated."))
    check_unlocked(user, question)


def check_lift(user: Any, mark: ObsoleteMark, question: Question) -> None:
    """Whether ``user`` may take a mark back: who made it, or staff."""
    require_member(user)
    if mark.marked_by_id != user.pk and not may_moderate(user):
        raise NotAllowed(_("Only who marked it and the staff can take this back."))
    check_unlocked(user, question)
