"""What the log of the staff's acts says of questions."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.audit import AuditAction, register_audit_action

from .services.anonymity import REVEALED
from .services.merging import MERGED, PARTED


def _question_path(question_id: str) -> str:
    return reverse("question-short", args=[int(question_id)])


def register_actions() -> None:
    """Names the acts on questions that must be answered for."""
    register_audit_action(AuditAction(REVEALED, _("Looked up who wrote anonymously"), _question_path))
    register_audit_action(AuditAction(MERGED, _("Joined a question with another"), _question_path))
    register_audit_action(AuditAction(PARTED, _("Parted two questions that were joined"), _question_path))
