"""The page of a limit that is reached."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.core.errors import TooMany

WAIT_S = 60


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Says that it was a lot in a short time, and when to try again (allauth's limits lead here)."""
    error = TooMany(retry_after=WAIT_S)
    response = render(request, "errors/refusal.html", {"error": error}, status=error.status)
    response.headers["Retry-After"] = str(error.retry_after)
    return response
