"""The gap ledger, for the staff's own programs."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from portal.analytics.forms import gap_filter
from portal.analytics.models import Gap
from portal.analytics.selectors.gaps import gaps_page

from .answering import page_told
from .auth import MEMBER
from .parsing import PageLimit
from .representations import absolute

router = Router(tags=["Staff"])


class GapTold(BaseModel):
    """What people look for and do not find. Figures are of the last 90 days where nothing else is said."""

    id: int
    url: str
    kind: str = Field(description="`no-result`, `poor-match`, `no-click`, `weak`, `unanswered` or `repeated`.")
    language: str
    words: str = Field(description="Empty once the log has forgotten them.")
    status: str = Field(description="`open`, `assigned`, `closed` or `ignored`.")
    assignee: str | None
    searches: int
    led_nowhere: int
    poor_matches: int = Field(description="The best result held less than 40 % of the weight of the words.")
    found_late: int
    click_rate: float | None = Field(description="0 to 1.")
    last_30_days: int
    previous_30_days: int
    total: int
    first_seen: datetime
    last_seen: datetime
    fix_url: str | None


class GapPage(BaseModel):
    """A page of gaps."""

    results: list[GapTold]
    next: str | None


def gap_told(request: HttpRequest, gap: Gap) -> GapTold:
    """Returns a gap."""
    return GapTold(
        id=gap.pk,
        url=absolute(request, f"/staff/search/{gap.pk}/"),
        kind=gap.kind,
        language=gap.language,
        words=gap.words,
        status=gap.status,
        assignee=gap.assignee.username if gap.assignee else None,
        searches=gap.window,
        led_nowhere=gap.failed,
        poor_matches=gap.poor,
        found_late=gap.late,
        click_rate=gap.click_rate,
        last_30_days=gap.lately,
        previous_30_days=gap.earlier,
        total=gap.total,
        first_seen=gap.first_seen,
        last_seen=gap.last_seen,
        fix_url=gap.fix_url or None,
    )


@router.get("/staff/gaps", auth=MEMBER, response=GapPage, summary="List what is missing", operation_id="staff_gaps")
def gap_list(
    request: HttpRequest,
    *,
    language: str = "",
    kind: str = "",
    status: str = "",
    assignee: str = "",
    cursor: str | None = None,
    limit: PageLimit = 50,
) -> dict[str, object]:
    """What people look for and do not find, by the staff only; what leads most people nowhere first.

    `status` is one of a gap's, or `all`; left out, those that are open or assigned. `assignee` is `me`, `nobody` or a
    number. What a filter cannot mean is left out.
    """
    wanted = gap_filter({"language": language, "kind": kind, "status": status, "assignee": assignee})
    return page_told(request, gaps_page(user=request.user, wanted=wanted, cursor=cursor, size=limit), gap_told)
