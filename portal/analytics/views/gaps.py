"""The gap ledger: what people look for and do not find."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.analytics.charts import LineChart, Series, line_chart
from portal.analytics.downloads import csv_response
from portal.analytics.forms import FixForm, gap_filter, language_codes
from portal.analytics.models import Gap, GapKind, GapSource, GapStatus
from portal.analytics.selectors import gaps as selectors
from portal.analytics.selectors.gaps import Week
from portal.analytics.services import gaps as services
from portal.core.errors import Invalid, NotFound
from portal.core.staff import staff_only

CSV_HEADER = [
    "id", "kind", "language", "words", "status", "assignee",
    "searches_90_days", "led_nowhere_90_days", "poor_matches_90_days", "found_late_90_days", "click_rate_percent",
    "last_30_days", "30_days_before", "all", "first_seen", "last_seen", "fix",
]  # fmt: skip
ACTS = {"close": services.gap_close, "ignore": services.gap_ignore, "reopen": services.gap_reopen}


@require_safe
@staff_only
def gap_list(request: HttpRequest) -> HttpResponse:
    """Searching in two charts, and the gaps that are wanted."""
    wanted = gap_filter(request.GET)
    page = selectors.gaps_page(user=request.user, wanted=wanted, cursor=request.GET.get("after"))
    counts = selectors.gap_counts(request.user, wanted)
    weeks = selectors.weeks_of_search(wanted.language)
    context = {
        "page": page,
        "wanted": wanted,
        "kinds": [(value, label, counts.get(value, 0)) for value, label in GapKind.choices],
        "statuses": GapStatus.choices,
        "languages": language_codes(selectors.gap_languages()),
        "staff": services.staff_members(),
        "weeks": weeks,
        "charts": [_rates_chart(weeks), _searches_chart(weeks)],
        "filtered": wanted != gap_filter({}),
        "language_urls": {},
    }
    return render(request, "analytics/gaps.html", context)


@require_safe
@staff_only
def gap_csv(request: HttpRequest) -> HttpResponse:
    """The same gaps as a file."""
    rows = selectors.csv_rows(request.user, gap_filter(request.GET))
    table = [
        [
            gap.pk, gap.kind, gap.language, gap.words, gap.status, gap.assignee.username if gap.assignee else "",
            gap.window, gap.failed, gap.poor, gap.late,
            None if gap.click_rate is None else round(100 * gap.click_rate, 1), gap.lately, gap.earlier,
            gap.total, gap.first_seen.date(), gap.last_seen.date(), gap.fix_url,
        ]
        for gap in rows
    ]  # fmt: skip
    return csv_response(filename="gaps", header=CSV_HEADER, rows=table)


@require_safe
@staff_only
def gap_detail(request: HttpRequest, gap_id: int) -> HttpResponse:
    """One gap: its words, its course, what was done and what can be done."""
    return _detail(request, selectors.gap_for(request.user, gap_id), FixForm())


def _detail(request: HttpRequest, gap: Gap, form: FixForm, status: int = 200) -> HttpResponse:
    weeks = selectors.weeks_of_gap(gap)
    context = {
        "gap": gap,
        "form": form,
        "staff": services.staff_members(),
        "examples": selectors.gap_examples(gap),
        "opened": selectors.gap_opened(request.user, gap),
        "questions": selectors.gap_questions(request.user, gap),
        "changes": selectors.gap_changes(gap),
        "weeks": weeks,
        "charts": [_searches_chart(weeks)] if gap.source == GapSource.SEARCHES else [],
        "ways": _ways(request.user, gap),
        "language_urls": {},
    }
    return render(request, "analytics/gap.html", context, status=status)


@require_POST
@staff_only
def gap_act(request: HttpRequest, gap_id: int, act: str) -> HttpResponse:
    """Closes, ignores or opens a gap; the message offers to take it back."""
    if act not in ACTS:
        raise NotFound
    ACTS[act](user=request.user, gap_id=gap_id)
    return _done(request, gap_id, _("Saved."))


@require_POST
@staff_only
def gap_assign(request: HttpRequest, gap_id: int) -> HttpResponse:
    """Gives a gap to somebody of the staff, or to nobody."""
    chosen = request.POST.get("assignee", "")
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else None
    services.gap_assign(user=request.user, gap_id=gap_id, assignee_id=number)
    return _done(request, gap_id, _("Saved."))


@require_POST
@staff_only
def gap_fix(request: HttpRequest, gap_id: int) -> HttpResponse:
    """Links a gap with what mends it."""
    gap = selectors.gap_for(request.user, gap_id)
    form = FixForm(request.POST)
    if not form.is_valid():
        return _detail(request, gap, form, status=422)
    try:
        services.gap_fix(user=request.user, gap_id=gap_id, **form.cleaned_data)
    except Invalid as error:
        for name, words in error.fields.items():
            form.add_error(name, [str(each) for each in words])
        return _detail(request, gap, form, status=422)
    return _done(request, gap_id, _("Saved. The gap closes by itself when its click rate rises."))


@require_POST
@staff_only
def gap_undo(request: HttpRequest, change_id: int) -> HttpResponse:
    """Takes a change back."""
    gap = services.gap_undo(user=request.user, change_id=change_id)
    messages.success(request, _("Taken back."))
    return redirect("staff-gap", gap_id=gap.pk)


def _done(request: HttpRequest, gap_id: int, words: str) -> HttpResponse:
    last = selectors.gap_changes(selectors.gap_for(request.user, gap_id))[:1]
    undo = reverse("staff-gap-undo", args=[last[0].pk]) if last else ""
    messages.success(request, words, extra_tags=undo)
    return redirect("staff-gap", gap_id=gap_id)


def _rates_chart(weeks: list[Week]) -> LineChart:
    return line_chart(
        title=_("Searches that found nothing, and that led somewhere"),
        labels=_labels(weeks),
        series=[
            Series(_("Found nothing"), [_percent(week.zero_rate) for week in weeks]),
            Series(_("Led somewhere"), [_percent(week.click_rate) for week in weeks]),
        ],
        unit=" %",
        right_to_left=translation.get_language_bidi(),
    )


def _searches_chart(weeks: list[Week]) -> LineChart:
    known = any(week.searches for week in weeks)
    return line_chart(
        title=_("Searches a week"),
        labels=_labels(weeks),
        series=[
            Series(_("Searches"), [week.searches if known else None for week in weeks]),
            Series(_("Led somewhere"), [week.clicked if known else None for week in weeks]),
        ],
        right_to_left=translation.get_language_bidi(),
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _labels(weeks: list[Week]) -> list[str]:
    return [formats.date_format(week.first, "SHORT_DATE_FORMAT") for week in weeks]


def _ways(user: Any, gap: Gap) -> list[tuple[str, str]]:
    """Where a gap can be mended by this member of the staff: each way's name and its address in the CMS."""
    words = f"?{urlencode({'words': gap.words, 'language': gap.language})}" if gap.words else ""
    ways = []
    parent = selectors.article_parent(user, gap.language)
    if parent is not None:
        title = f"?{urlencode({'title': gap.words})}" if gap.words else ""
        address = reverse("wagtailadmin_pages:add", args=["knowledge", "articlepage", parent])
        ways.append((_("Write an article"), f"{address}{title}"))
    for kind, label in (("termentry", _("Add a term")), ("promotion", _("Promote a result"))):
        if user.has_perm(f"curation.add_{kind}"):
            ways.append((label, f"{reverse(f'wagtailsnippets_curation_{kind}:add')}{words}"))
    return ways
