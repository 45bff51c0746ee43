"""What is done around every view: the CMS's own content policy, and refusals turned into pages."""

import logging
from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render, resolve_url

from .errors import Busy, Moved, PortalError, SignInNeeded, TooMany
from .leading_back import led_back, wants_page
from .locks import REPEATS, conflict_pause, is_lock_conflict, is_passing, repeated

logger = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]

# Wagtail's admin writes inline styles and, in its explorer and editor, scripts. Only who has signed in meets them:
# a stranger's answer there is as strict as any other.
CMS_POLICY = (
    "default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"
)


class CmsPolicyMiddleware:
    """Gives ``/cms/`` a policy of its own; every other page has django-csp's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/cms/"):
            user = getattr(request, "user", None)
            scripts = " 'unsafe-inline'" if user is not None and user.is_authenticated else ""
            response.headers["Content-Security-Policy"] = CMS_POLICY.format(scripts=scripts)
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response


class ErrorPagesMiddleware:
    """Answers a service's refusal with a page in the reader's language (the API has its own answers)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return self._led_back(request, response) if wants_page(request, response) else response

    def _led_back(self, request: HttpRequest, refused: HttpResponse) -> HttpResponse:
        """Returns the way back from an address that only takes forms, or the page that says so."""
        try:
            return led_back(request)
        except PortalError as error:
            response = self.process_exception(request, error)
            if response is None or error.status != refused.status_code:
                return response or refused
            response.headers["Allow"] = refused.headers.get("Allow", "POST")
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Returns the page for a ``PortalError`` or a write that met another one, None for everything else.

        A write that lost its transaction to another one is done again before anybody is told.
        """
        if is_passing(exception) and _may_repeat(request):
            try:
                return _viewed_again(request)
            except Exception as error:
                if not isinstance(error, PortalError) and not is_lock_conflict(error):
                    raise
                exception = error
        if is_lock_conflict(exception):
            logger.warning("%s %s gave way to another write", request.method, request.path, exc_info=exception)
            exception = Busy()
        if not isinstance(exception, PortalError):
            return None
        if isinstance(exception, SignInNeeded) and not request.headers.get("HX-Request"):
            target = request.get_full_path() if request.method == "GET" else request.META.get("HTTP_REFERER", "/")
            return redirect_to_login(target)
        if isinstance(exception, Moved) and request.method in ("GET", "HEAD"):
            return moved_permanently(request, exception)
        if request.headers.get("HX-Request"):
            # A part of a page asked: its script shows these words as they are.
            response = HttpResponse(str(exception), status=exception.status, content_type="text/plain; charset=utf-8")
        else:
            response = render(request, "errors/refusal.html", {"error": exception}, status=exception.status)
        if isinstance(exception, TooMany | Busy):
            response.headers["Retry-After"] = str(exception.retry_after)
        return response


def _may_repeat(request: HttpRequest) -> bool:
    """Whether the view of this request calls one service and writes nowhere else: it takes a form of the portal's own,
    without a file."""
    match = request.resolver_match
    return (
        match is not None
        and request.method == "POST"
        and match.func.__module__.startswith("portal.")
        and not request.FILES
    )


def _viewed_again(request: HttpRequest) -> HttpResponse:
    """Returns what the view answers at the second or third time."""
    match = request.resolver_match
    assert match is not None
    conflict_pause()
    response: HttpResponse = repeated(lambda: match.func(request, *match.args, **match.kwargs), times=REPEATS - 1)
    return response


def moved_permanently(request: HttpRequest, moved: Moved) -> HttpResponse:
    """Returns the redirect to where a thing is now. Nobody keeps it unasked: what was joined can be parted again."""
    query = request.META.get("QUERY_STRING", "")
    address = resolve_url(moved.view, *moved.args_of_view) + (f"?{query}" if query else "")
    response = HttpResponsePermanentRedirect(address)
    response.headers["Cache-Control"] = "no-cache"
    return response
