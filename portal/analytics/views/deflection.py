"""The page of deflection, and its table."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.analytics.charts import LineChart, Series, line_chart
from portal.analytics.downloads import csv_response
from portal.analytics.proportions import Interval
from portal.analytics.selectors.deflection import ENOUGH, STEPS, Deflection, DeflectionReport, deflection_report
from portal.core.clock import now
from portal.core.staff import staff_only

DAYS = (30, 90, 180, 365)


@require_safe
@staff_only
def deflection(request: HttpRequest) -> HttpResponse:
    """How many readers found the answer and did not ask, and how many of them the suggestions made."""
    asked = _asked(request)
    report = deflection_report(
        since=now() - timedelta(days=asked["days"]),
        language=asked["language"],
        step=asked["step"],
        asking=asked["asking"],
    )
    if request.GET.get("format") == "csv":
        return _table(report)
    context = {
        **asked,
        "report": report,
        "total": report.total,
        "chart": _chart(report),
        "rows": report.periods[::-1],
        "enough_visitors": ENOUGH,
        "holdout_percent": settings.PORTAL_SEARCH_HOLDOUT_PERCENT,
        "day_choices": DAYS,
        "languages": settings.LANGUAGES,
        "language_urls": {},
    }
    return render(request, "analytics/deflection.html", context)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Reads the address: what cannot be read is left out, never refused."""
    days, language, step = (request.GET.get(name, "") for name in ("days", "language", "step"))
    return {
        "days": int(days) if days in {str(each) for each in DAYS} else 90,
        "language": language if language in dict(settings.LANGUAGES) else "",
        "step": step if step in STEPS else STEPS[0],
        "asking": request.GET.get("who") == "asking",
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


def _chart(report: DeflectionReport) -> LineChart:
    groups = [(_("Saw suggestions"), "treated"), (_("Saw none (holdout)"), "holdout")]
    series = [
        Series(name, [_percent(getattr(period, group).deflected_share) for period in report.periods])
        for name, group in groups
    ]
    return line_chart(
        title=_("Deflected visitors, per cent"),
        labels=[formats.date_format(period.start, "SHORT_DATE_FORMAT") for period in report.periods if period.start],
        series=series,
        unit="%",
        right_to_left=get_language_bidi(),
    )


HEADER = (
    "from", "language", "treated_visitors", "treated_opened", "treated_asked", "treated_deflected", "holdout_visitors",
    "holdout_opened", "holdout_asked", "holdout_deflected", "difference", "difference_low", "difference_high",
    "spared", "spared_low", "spared_high", "enough",
)  # fmt: skip


def _table(report: DeflectionReport) -> HttpResponse:
    rows = [_row(each) for each in [*report.periods, *report.languages, report.total]]
    return csv_response(filename="deflection", header=HEADER, rows=rows)


def _row(each: Deflection) -> list[object]:
    def parts(interval: Interval | None) -> list[float | None]:
        if interval is None:
            return [None, None, None]
        return [round(interval.estimate, 4), round(interval.low, 4), round(interval.high, 4)]

    counts = [
        value for group in (each.treated, each.holdout)
        for value in (group.visitors, group.opened, group.asked, group.deflected)
    ]  # fmt: skip
    start = each.start.isoformat() if each.start else ""
    return [start, each.language, *counts, *parts(each.effect), *parts(each.spared), int(each.enough)]
