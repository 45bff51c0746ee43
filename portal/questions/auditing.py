"""What the log of the staff's acts says of questions."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.audit import AuditAction, register_audit_action

from .services.anonymity import REVEALED


def _question_path(question_id: str) -> str:
    return reverse("question-short", args=[int(question_id)])


def register_actions() -> None:
    """Names the acts on questions that must be answered for."""
    register_audit_action(AuditAction(REVEALED, _("Looked up who wrote anonymously"), _question_path))
