"""What robots may read."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

CLOSED = ("/cms/", "/staff/", "/api/", "/*/account/", "/*/search/", "/*/questions/ask/", "/*/history/", "/*/inbox/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """``/robots.txt``: everything public but searches, forms and histories, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
