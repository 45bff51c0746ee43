"""The index of the pages for staff."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.staff import staff_only, staff_pages


@require_safe
@staff_only
def index(request: HttpRequest) -> HttpResponse:
    """Every page for staff, with what it answers."""
    return render(request, "analytics/index.html", {"pages": staff_pages(), "language_urls": {}})
