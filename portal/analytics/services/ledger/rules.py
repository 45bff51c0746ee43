"""When a gap closes by itself, and when it opens again.

Of searches: the click rate is counted over the last 28 days, from the day after a fix, a closing or a reopening on.
With at least ten searches, a gap closes when the rate is above 30 % for sure (the lower bound of its 95 % Wilson
interval), and opens again when it is below 30 % for sure (the upper bound). Between the two nothing happens, so that it
does not flap. Of what is found late, or is a poor match, only what was found well counts as led somewhere: such results
are opened, for want of better ones. One that led nobody astray for 90 days closes as well.

Of questions: unanswered ones close when all are answered and open when one waits again; a question that was repeated
closes 28 days after a fix without another repetition, and opens with the next one.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Sum, When

from portal.analytics.models import Deed, Gap, GapChange, GapDay, GapKind, GapSource, GapStatus
from portal.analytics.proportions import wilson
from portal.analytics.services.changes import gap_change
from portal.analytics.services.gaps import gap_reopened
from portal.core.clock import now

from .questions import gaps_of_questions

CLICK_RATE = 0.3
SEARCHES_FROM = 10
COUNTED = timedelta(days=28)
_OPENED_ALL_THE_SAME = (GapKind.WEAK, GapKind.POOR_MATCH)
_LIVE = (GapStatus.OPEN, GapStatus.ASSIGNED)


def rules_apply() -> None:
    """Closes and opens what the rules say."""
    for gap_id, searches, clicked in _rates():
        _judge(gap_id, searches, clicked)
    for gap in _quiet():
        _close(gap.pk, {"quiet_days": 90})
    for gap in gaps_of_questions():
        _judge_questions(gap)


def _rates() -> Iterator[tuple[int, int, int]]:
    """Yields the gaps with enough searches to say something, with their searches and those that led somewhere."""
    earliest = now().date() - COUNTED
    judged = GapDay.objects.filter(day__gte=earliest, gap__status__in=(*_LIVE, GapStatus.CLOSED)).exclude(gap__kind="")
    fresh = judged.filter(Q(gap__counted_from__isnull=True) | Q(day__gte=F("gap__counted_from")))
    led = Case(When(gap__kind__in=_OPENED_ALL_THE_SAME, then=F("well")), default=F("clicked"))
    summed = fresh.values_list("gap_id").annotate(searches_sum=Sum("searches"), clicked_sum=Sum(led))
    yield from summed.filter(searches_sum__gte=SEARCHES_FROM).order_by("gap_id")


def _judge(gap_id: int, searches: int, clicked: int) -> None:
    rate = wilson(min(clicked, searches), searches)
    figures = {"searches": searches, "clicked": clicked, "low": round(rate.low, 3), "high": round(rate.high, 3)}
    if rate.low > CLICK_RATE:
        _close(gap_id, figures)
    elif rate.high < CLICK_RATE:
        _reopen(gap_id, figures)


def _quiet() -> QuerySet[Gap]:
    shown = Gap.objects.filter(source=GapSource.SEARCHES, status=GapStatus.OPEN, failed=0, late=0, poor=0)
    return shown.exclude(kind="").only("pk")


def _judge_questions(gap: Gap) -> None:
    if gap.source == GapSource.UNANSWERED:
        if gap.status in _LIVE and not gap.failed:
            _close(gap.pk, {"waiting": 0})
        elif gap.status == GapStatus.CLOSED and gap.failed and (_is_newer(gap) or _was_rule(gap)):
            _reopen(gap.pk, {"waiting": gap.failed})
        return
    if gap.status in _LIVE:
        mended = gap.fixed_at is not None and now() - max(gap.fixed_at, gap.last_seen) > COUNTED
        if mended:
            _close(gap.pk, {"quiet_days": COUNTED.days})
    elif _is_newer(gap):
        _reopen(gap.pk, {"repeated": gap.total})


def _is_newer(gap: Gap) -> bool:
    """Whether something came after the closing."""
    return gap.closed_at is None or gap.last_seen > gap.closed_at


def _was_rule(gap: Gap) -> bool:
    """Whether the rule closed it: there was no question left then, so one waits again."""
    last = GapChange.objects.filter(gap=gap, deed=Deed.CLOSE).order_by("-pk").first()
    return last is not None and last.by_rule


@transaction.atomic
def _close(gap_id: int, figures: dict[str, Any]) -> None:
    gap = Gap.objects.select_for_update(of=["self"]).get(pk=gap_id)
    if gap.status not in _LIVE:
        return
    moment = now()
    tomorrow = moment.date() + timedelta(days=1)
    gap_change(
        gap=gap,
        deed=Deed.CLOSE,
        figures=figures,
        status=GapStatus.CLOSED,
        closed_at=moment,
        counted_from=tomorrow,
    )


@transaction.atomic
def _reopen(gap_id: int, figures: dict[str, Any]) -> None:
    gap = Gap.objects.select_for_update(of=["self"]).get(pk=gap_id)
    if gap.status == GapStatus.CLOSED:
        gap_reopened(gap=gap, figures=figures)
