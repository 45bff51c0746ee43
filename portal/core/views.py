"""Pages for machines that watch the portal, and the log of what the staff did."""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from . import health
from .audit import audit_actions, audit_page
from .staff import staff_only


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Says that the process answers, through the whole middleware stack."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Says whether pages can be served: 200, or 503 with the reasons."""
    state = health.readiness()
    return JsonResponse(asdict(state), status=200 if state.ready else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Gives the figures to those who ask from inside only."""
    if not health.comes_from_inside(request):
        raise PermissionDenied
    return HttpResponse(health.figures(), content_type=CONTENT_TYPE_LATEST)


@require_safe
@staff_only
def audit(request: HttpRequest) -> HttpResponse:
    """The log of what the staff did, one kind of act with ``?action=``."""
    actions = audit_actions()
    chosen = request.GET.get("action", "")
    chosen = chosen if chosen in actions else ""
    rows, following = audit_page(user=request.user, action=chosen, cursor=request.GET.get("after"))
    context: dict[str, Any] = {
        "rows": rows,
        "next": following,
        "deeper": bool(request.GET.get("after")),
        "actions": list(actions.values()),
        "chosen": chosen,
        "language_urls": {},
    }
    return render(request, "core/audit.html", context)
