"""What surrounds every call under ``/api/``."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from .problems import MEDIA_TYPE, problem

PREFIX = "/api/"
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")
# What people type to be searched for: any text of theirs gives an answer, a NUL in it is a blank.
TYPED = {"/api/v1/search": ("q",), "/api/v1/suggest": ("q",), "/api/v1/similar": ("title", "body")}
Answer = Callable[[HttpRequest], HttpResponse]


def is_malformed(request: HttpRequest) -> bool:
    """Whether the address holds a NUL, which no text here can hold and some databases choke on; but in ``TYPED``."""
    typed = TYPED.get(request.path_info, ())
    parts = request.META.get("QUERY_STRING", "").split("&")
    query = "&".join(part for part in parts if part.partition("=")[0] not in typed)
    return "\x00" in request.path_info or "\x00" in query or "%00" in query


def refusal(request: HttpRequest) -> HttpResponse | None:
    """Returns what answers a call that no view is to see, None for any other."""
    if is_malformed(request):
        return problem(request, 400)
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        return problem(request, 411)  # Django would take it for a call without a body
    return None


class ApiMiddleware:
    """Makes every error under ``/api/`` a problem document, also those that never reach a view, and says who may
    keep an answer: what a token's owner sees is nobody else's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = refusal(request) or self._response(request)
        if response.status_code >= 400 and not response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
            response = problem(request, response.status_code, headers=kept)
        patch_vary_headers(response, ("Authorization", "Accept-Language"))
        private = "Authorization" in request.headers
        response.headers.setdefault("Cache-Control", "private, no-store" if private else "no-cache")
        return response

    def _response(self, request: HttpRequest) -> HttpResponse:
        """Returns what the views answer; to HEAD, the head of what they answer to GET."""
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        response = self.get_response(request)
        request.method = "HEAD"
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
        return response
