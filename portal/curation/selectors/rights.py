"""Who may keep the termbase and promoted results."""

from typing import Any

from portal.core.errors import NotAllowed
from portal.core.permissions import is_member
from portal.curation.models import Promotion, TermEntry

Kept = TermEntry | Promotion


def may_curate(user: Any, model: type[Kept], act: str = "change") -> bool:
    """Whether ``user`` may ``act`` (add, change, delete, publish) on entries of the termbase or promoted results."""
    return is_member(user) and bool(user.has_perm(f"curation.{act}_{model._meta.model_name}"))


def require_curator(user: Any, model: type[Kept], act: str = "change") -> None:
    """Raises ``NotAllowed`` for whoever may not."""
    if not may_curate(user, model, act):
        raise NotAllowed
