"""What the log of the staff's acts says of questions."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.audit import AuditAction, register_audit_action

from .services.anonymity import REVEALED
from .services.merging import MERGED, PARTED
from .services.serial_votes import GIVEN_BACK, REVERSED


def _question_path(question_id: str) -> str:
    return reverse("question-short", args=[int(question_id)])


def _reversal_path(_reversal_id: str) -> str:
    return reverse("staff-votes")


def register_actions() -> None:
    """Names the acts on questions that must be answered for."""
    register_audit_action(AuditAction(REVEALED, _("Looked up who wrote anonymously"), _question_path))
    register_audit_action(AuditAction(MERGED, _("Joined a question with another"), _question_path))
    register_audit_action(AuditAction(PARTED, _("Parted two questions that were joined"), _question_path))
    register_audit_action(AuditAction(REVERSED, _("Votes in series taken out"), _reversal_path))
    register_audit_action(AuditAction(GIVEN_BACK, _("Votes in series given back"), _reversal_path))
