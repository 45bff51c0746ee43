"""What the log of the staff's acts says of questions."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.audit import AuditAction, register_audit_action

from .services.anonymity import REVEALED
from .services.merging import MERGED, PARTED
from .services.official import LIFTED as OFFICIAL_LIFTED
from .services.official import MARKED as OFFICIAL
from .services.passport import LIFTED, OUTDATED
from .services.releases import CHANGED, REGISTERED, RESTORED, WITHDRAWN
from .services.serial_votes import GIVEN_BACK, REVERSED


def _question_path(question_id: str) -> str:
    return reverse("question-short", args=[int(question_id)])


def _reversal_path(_reversal_id: str) -> str:
    return reverse("staff-votes")


def _versions_path(answer_id: str) -> str:
    return reverse("answer-versions", args=[int(answer_id)])


def _answer_path(answer_id: str) -> str:
    return reverse("answer-at", args=[int(answer_id)])


def _release_path(release_id: str) -> str:
    return reverse("staff-release", args=[int(release_id)])


def register_actions() -> None:
    """Names the acts on questions that must be answered for."""
    register_audit_action(AuditAction(REVEALED, _("Looked up who wrote anonymously"), _question_path))
    register_audit_action(AuditAction(MERGED, _("Joined a question with another"), _question_path))
    register_audit_action(AuditAction(PARTED, _("Parted two questions that were joined"), _question_path))
    register_audit_action(AuditAction(REVERSED, _("Votes in series taken out"), _reversal_path))
    register_audit_action(AuditAction(GIVEN_BACK, _("Votes in series given back"), _reversal_path))
    register_audit_action(AuditAction(OUTDATED, _("Marked an answer as outdated"), _versions_path))
    register_audit_action(AuditAction(LIFTED, _("Took the mark of an outdated answer back"), _versions_path))
    register_audit_action(AuditAction(OFFICIAL, _("Made an answer official"), _answer_path))
    register_audit_action(AuditAction(OFFICIAL_LIFTED, _("Took it back that an answer is official"), _answer_path))
    register_audit_action(AuditAction(REGISTERED, _("Registered a version"), _release_path))
    register_audit_action(AuditAction(CHANGED, _("Changed a version"), _release_path))
    register_audit_action(AuditAction(WITHDRAWN, _("Withdrew a version"), _release_path))
    register_audit_action(AuditAction(RESTORED, _("Restored a version"), _release_path))
