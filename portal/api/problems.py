"""Refusals as problem documents (RFC 9457): one form for every error under ``/api/``, whoever raised it."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import HttpError, ValidationError

from portal.core.errors import Busy, Invalid, Moved, NotFound, PortalError, SignInNeeded, TooMany, Words
from portal.core.locks import is_lock_conflict

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
REALM = 'Bearer realm="api"'
# Names that stay the same in every language and version; docs/reference/api.md says what each means.
CODES = {
    400: "malformed",
    401: "sign-in-needed",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    409: "state-forbids",
    411: "length-required",
    412: "stale",
    413: "too-large",
    414: "too-large",
    422: "invalid",
    428: "precondition-needed",
    429: "too-many",
    500: "failure",
    503: "unavailable",
}
WORDS: dict[int, Words] = {
    400: PortalError.default,
    401: SignInNeeded.default,
    404: NotFound.default,
    405: gettext_lazy("This address does not take that method."),
    411: gettext_lazy("Say how long the body is: send Content-Length."),
    413: gettext_lazy("This is too large to be taken."),
    500: gettext_lazy("Something went wrong here. It is noted; please try again later."),
}


class BadToken(SignInNeeded):
    """A token that is unknown, was taken back, or belongs to an account that may not act."""

    default = gettext_lazy("This token is not valid.")


class PreconditionNeeded(PortalError):
    """A change that does not say which version it began from."""

    status, code = 428, "precondition-needed"
    default = gettext_lazy("Say which version you change: send If-Match with the version that you read.")


def problem(
    request: HttpRequest,
    status: int,
    *,
    words: Words | None = None,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    """Returns a problem document. words: for a person, in her language; code: for a program; more: further members."""
    code = code or CODES.get(status, "malformed" if status < 500 else "failure")
    content = {
        "type": f"/api/v1/docs#problem-{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": str(words or WORDS.get(status) or HTTPStatus(status).phrase),
        "instance": request.path,
        **more,
    }
    response = JsonResponse(content, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def on_refusal(request: HttpRequest, error: PortalError | type[PortalError]) -> HttpResponse:
    """Turns a service's refusal into a problem document."""
    refusal = error() if isinstance(error, type) else error
    headers: dict[str, str] = {}
    more: dict[str, Any] = {}
    if isinstance(refusal, TooMany | Busy):
        headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, SignInNeeded):
        headers["WWW-Authenticate"] = f'{REALM}, error="invalid_token"' if isinstance(refusal, BadToken) else REALM
    status = refusal.status
    if isinstance(refusal, Moved):
        more["merged_into" if refusal.kind == refusal.to else f"became_{refusal.to[:-1]}"] = refusal.pk
        if request.method in ("GET", "HEAD"):
            status, before = 301, f"/{refusal.kind}/{refusal.earlier}"
            headers["Location"] = request.get_full_path().replace(before, f"/{refusal.to}/{refusal.pk}", 1)
            headers["Cache-Control"] = "no-cache"
    if isinstance(refusal, Invalid):
        more["errors"] = {name: [str(said) for said in messages] for name, messages in refusal.fields.items()}
    code = None if refusal.status == 400 else refusal.code
    return problem(request, status, words=refusal.words, code=code, headers=headers, **more)


def field_words(error: Mapping[str, Any]) -> str:
    """Returns what is wrong with a field, in the person's language, for one entry of a pydantic error."""
    kind = str(error.get("type", ""))
    if kind == "missing":
        return _("This field is required.")
    if kind.startswith("int_") or kind == "int_type":
        return _("Enter a whole number.")
    if kind.startswith("string_"):
        return _("This must be text.")
    if kind.startswith(("list_", "set_")):
        return _("Enter a list of values.")
    if kind.startswith("bool_"):
        return _("This must be true or false.")
    if kind in ("enum", "literal_error"):
        expected = str((error.get("ctx") or {}).get("expected", ""))
        return _("Choose one of these: %(choices)s.") % {"choices": expected.replace("'", "").replace(" or ", ", ")}
    if kind == "value_error":
        return str((error.get("ctx") or {}).get("error") or _("Enter a valid value."))
    return _("Enter a valid value.")


def field_name(place: Sequence[str | int]) -> str:
    """Returns the field of a pydantic error's place, without the source and the view's own name for the body."""
    names = [part for part in place[1:] if part != "payload"]
    return str(names[0]) if names else ""


def on_invalid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    """Turns fields of the wrong form into a problem document: 422, or 400 where the body is no JSON object at all."""
    fields: dict[str, list[str]] = {}
    for entry in getattr(error, "errors", []):
        name = field_name(entry["loc"])
        if not name:
            return problem(request, 400, words=_("The body must be a JSON object."))
        said = fields.setdefault(name, [])
        words = field_words(entry)
        if words not in said:
            said.append(words)
    return on_refusal(request, Invalid(fields))


def on_http_error(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    """Turns django-ninja's own errors (a body that is no JSON) into a problem document."""
    status = getattr(error, "status_code", 400)
    words = _("The body is not valid JSON.") if status == 400 else None
    headers = {"WWW-Authenticate": REALM} if status == 401 else {}
    return problem(request, status, words=words, headers=headers)


def on_suspicious(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Turns what Django itself refuses into a problem document."""
    return problem(request, 413 if isinstance(error, RequestDataTooBig) else 400)


def on_missing(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Says that there is nothing here, never what was looked for."""
    return problem(request, 404)


def on_denied(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Says that this caller may not."""
    return problem(request, 403)


def on_database(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Says that a write gave way to another one; any other trouble of the database is an error of ours."""
    if isinstance(error, Exception) and is_lock_conflict(error):
        logger.warning("%s %s gave way to another write", request.method, request.path, exc_info=error)
        return on_refusal(request, Busy())
    return on_failure(request, error)


def on_failure(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Notes an error of ours with all its detail, and tells the caller none of it."""
    logger.error("%s %s failed", request.method, request.path, exc_info=error if isinstance(error, Exception) else None)
    return problem(request, 500)


HANDLERS: tuple[tuple[type[Exception], Any], ...] = (
    (PortalError, on_refusal),
    (ValidationError, on_invalid),
    (HttpError, on_http_error),
    (SuspiciousOperation, on_suspicious),
    (PermissionDenied, on_denied),
    (Http404, on_missing),
    (OperationalError, on_database),
    (Exception, on_failure),
)
