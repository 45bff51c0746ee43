"""Pages for machines that watch the portal."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Says that the process answers, through the whole middleware stack."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
