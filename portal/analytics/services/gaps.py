"""What staff do with a gap."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from portal.analytics.models import Deed, FixKind, Gap, GapChange, GapStatus
from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, StateForbids
from portal.core.permissions import require_moderator

from .changes import change_revert, gap_change

LONGEST_URL = 500


def _held(user: Any, gap_id: int) -> Gap:
    """Returns the gap, held until the transaction ends, to staff only."""
    require_moderator(user)
    gap = Gap.objects.select_for_update(of=["self"]).filter(pk=gap_id).first()
    if gap is None:
        raise NotFound
    return gap


def staff_members() -> Any:
    """Returns the members whom a gap can be assigned to."""
    return get_user_model().objects.filter(is_staff=True, is_active=True).order_by("display_name", "username")


@transaction.atomic
def gap_assign(*, user: Any, gap_id: int, assignee_id: int | None) -> Gap:
    """Gives a gap to a member of the staff, or to nobody. Raises ``StateForbids`` for one that is closed or ignored."""
    gap = _held(user, gap_id)
    if gap.status not in (GapStatus.OPEN, GapStatus.ASSIGNED):
        raise StateForbids(_("Open it again first."))
    if assignee_id is not None and not staff_members().filter(pk=assignee_id).exists():
        raise Invalid({"assignee": [_("Choose somebody of the staff.")]})
    status = GapStatus.OPEN if assignee_id is None else GapStatus.ASSIGNED
    gap_change(gap=gap, deed=Deed.ASSIGN, user=user, status=status, assignee_id=assignee_id)
    return gap


@transaction.atomic
def gap_fix(*, user: Any, gap_id: int, kind: str, url: str) -> Gap:
    """Links a gap with what mends it. From the next day on its click rate is counted, and closes it when it rises.

    kind: of ``FixKind``. url: an address of the portal ("/en/…") or a whole one.
    """
    gap = _held(user, gap_id)
    url = url.strip()
    if kind not in FixKind.values:
        raise Invalid({"kind": [_("Choose what it is.")]})
    if not _is_address(url):
        raise Invalid({"url": [_("Enter an address such as /en/knowledge/printing/.")]})
    moment = now()
    gap_change(
        gap=gap,
        deed=Deed.FIX,
        user=user,
        fix_kind=kind,
        fix_url=url,
        fixed_at=moment,
        counted_from=moment.date() + timedelta(days=1),
    )
    return gap


def _is_address(url: str) -> bool:
    local = url.startswith("/") and not url.startswith(("//", "/\\"))
    whole = url.startswith(("https://", "http://")) and len(url) > len("https://")
    return (local or whole) and len(url) <= LONGEST_URL and not any(char.isspace() or ord(char) < 32 for char in url)


@transaction.atomic
def gap_close(*, user: Any, gap_id: int) -> Gap:
    """Closes a gap. It opens again by itself when its click rate falls."""
    gap = _held(user, gap_id)
    if gap.status in (GapStatus.CLOSED, GapStatus.IGNORED):
        raise StateForbids(_("It is closed already."))
    moment = now()
    tomorrow = moment.date() + timedelta(days=1)
    gap_change(gap=gap, deed=Deed.CLOSE, user=user, status=GapStatus.CLOSED, closed_at=moment, counted_from=tomorrow)
    return gap


@transaction.atomic
def gap_ignore(*, user: Any, gap_id: int) -> Gap:
    """Takes a gap off the list for good: words that mean nothing, or that are none of our business."""
    gap = _held(user, gap_id)
    if gap.status == GapStatus.IGNORED:
        raise StateForbids(_("It is ignored already."))
    gap_change(gap=gap, deed=Deed.IGNORE, user=user, status=GapStatus.IGNORED, assignee_id=None, closed_at=None)
    return gap


@transaction.atomic
def gap_reopen(*, user: Any, gap_id: int) -> Gap:
    """Opens a closed or ignored gap again."""
    gap = _held(user, gap_id)
    if gap.status in (GapStatus.OPEN, GapStatus.ASSIGNED):
        raise StateForbids(_("It is open already."))
    gap_reopened(gap=gap, user=user)
    return gap


def gap_reopened(*, gap: Gap, user: Any = None, figures: dict[str, Any] | None = None) -> None:
    """Opens a gap that the caller holds, for its former assignee where there is one; without ``user`` by a rule."""
    gap_change(
        gap=gap,
        deed=Deed.REOPEN,
        user=user,
        figures=figures,
        status=GapStatus.ASSIGNED if gap.assignee_id else GapStatus.OPEN,
        closed_at=None,
        counted_from=now().date() + timedelta(days=1),
    )


@transaction.atomic
def gap_undo(*, user: Any, change_id: int) -> Gap:
    """Takes a change back. Raises ``StateForbids`` when what it set was changed again since."""
    require_moderator(user)
    change = GapChange.objects.select_related("gap").filter(pk=change_id).first()
    if change is None:
        raise NotFound
    gap = _held(user, change.gap_id)
    change_revert(gap=gap, change=change, user=user)
    return gap
