"""Votes in series, for the staff."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core.errors import Invalid
from portal.core.staff import staff_only
from portal.questions.selectors.reversals import reversals_page, reversals_shown
from portal.questions.services.serial_votes import reversal_undo


@require_safe
@staff_only
def reversal_list(request: HttpRequest) -> HttpResponse:
    """Every reversal with what spoke for it, the newest first."""
    page = reversals_page(user=request.user, cursor=request.GET.get("after"))
    context: dict[str, Any] = {
        "shown": reversals_shown(user=request.user, reversals=page.rows),
        "next": page.next,
        "deeper": bool(request.GET.get("after")),
        "language_urls": {},
    }
    return render(request, "questions/reversals.html", context)


@require_POST
@staff_only
def reversal_take_back(request: HttpRequest, reversal_id: int) -> HttpResponse:
    """Gives the votes of a reversal back."""
    try:
        reversal_undo(user=request.user, reversal_id=reversal_id, reason=request.POST.get("reason", ""))
    except Invalid as refusal:
        messages.error(request, " ".join(str(words) for said in refusal.fields.values() for words in said))
    else:
        messages.success(request, _("These votes count again."))
    return redirect("staff-votes")
