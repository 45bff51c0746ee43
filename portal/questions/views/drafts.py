"""A member's drafts: saved by the script of a page or by a button, looked over, continued, discarded."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.errors import Invalid, PortalError, SignInNeeded
from portal.core.limits import limit_request
from portal.core.permissions import require_member
from portal.questions.models import Draft
from portal.questions.selectors.drafts import (
    DraftPlace,
    draft_address,
    draft_named,
    draft_rows,
    place_named,
    place_question,
)
from portal.questions.services.drafts import DraftStale, draft_discard, draft_save, draft_swap

from .conflicts import conflict_kept
from .posting import drafting_at


@login_required
@never_cache
@require_safe
def draft_list(request: HttpRequest) -> HttpResponse:
    """All of them, the last one touched first, each with where it goes on."""
    context = {"rows": draft_rows(request.user), "days": settings.PORTAL_DRAFT_DAYS}
    return render(request, "questions/drafts.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, name: str) -> HttpResponse:
    """The draft at a place: told to a script, saved by it, or by the button of a form."""
    script = request.headers.get("Accept") == "application/json"
    try:
        require_member(request.user)
        place = place_named(name)
        if request.method == "POST":
            return _saved(request, place, script)
        return JsonResponse(_told(request, draft_named(request.user, name)))
    except PortalError as error:
        if not script:
            raise
        return _refused(request, error)


def _refused(request: HttpRequest, error: PortalError) -> JsonResponse:
    """The refusal as a script reads it; with what it needs to go on when the session or its token has ended."""
    said = " ".join(str(words) for each in getattr(error, "fields", {}).values() for words in each)
    told: dict[str, Any] = {"error": error.code, "words": said or str(error)}
    if not isinstance(error, SignInNeeded):
        told["token"] = get_token(request)
    response = JsonResponse(told, status=error.status)
    if wait := getattr(error, "retry_after", 0):
        response.headers["Retry-After"] = str(wait)
    return response


def _told(request: HttpRequest, draft: Draft | None) -> dict[str, Any]:
    """A draft as the script of a page reads it; version 0 where nothing is kept."""
    token = get_token(request)
    if draft is None:
        return {"version": 0, "fields": {}, "token": token}
    return {
        "version": draft.version,
        "fields": draft.fields,
        "saved_at": draft.updated_at.isoformat(),
        "token": token,
    }


def _saved(request: HttpRequest, place: DraftPlace, script: bool) -> HttpResponse:
    limit_request(request, action="draft")
    fields = request.POST.dict()
    if "merge" in fields:
        fields = {"once": fields.get("once", ""), "aside": fields.get("aside", ""), **conflict_kept(request.POST)}
    try:
        kept = draft_save(
            user=request.user,
            place=place,
            fields=fields,
            version=drafting_at(request, place).version,
            once=fields.get("once", ""),
            aside=_aside(fields),
        )
    except DraftStale as error:
        if script:
            return JsonResponse(
                {**_told(request, error.draft), "error": error.code, "words": str(error), "posted": error.posted},
                status=error.status,
            )
        return _conflict(request, place, fields, error)
    if script:
        return JsonResponse(_told(request, kept))
    messages.success(request, _("Your draft is saved.") if kept else _("There is nothing to keep yet."))
    return redirect(_page(request, place, kept))


def _aside(fields: Mapping[str, str]) -> Mapping[str, str] | None:
    """Returns the text that gives way; a form or script sends it as JSON."""
    if not fields.get("aside"):
        return None
    try:
        given = json.loads(fields["aside"])
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise Invalid({"aside": [_("This request cannot be understood.")]})
    return given


def _page(request: HttpRequest, place: DraftPlace, kept: Draft | None) -> str:
    """Returns the page on which the draft goes on."""
    question = place_question(request.user, place)
    return draft_address(kept or Draft(kind=place.kind, target_id=place.target_id), question)


def _conflict(request: HttpRequest, place: DraftPlace, fields: Mapping[str, str], error: DraftStale) -> HttpResponse:
    """Two versions of a draft met without a script: both are shown, and one is chosen."""
    theirs = error.draft
    mine = {name: text for name, text in fields.items() if name not in ("csrfmiddlewaretoken", "draft_version", "once")}
    context = {
        "place": place,
        "posted": error.posted,
        "mine": mine,
        "theirs": theirs,
        "mine_aside": json.dumps(mine),
        "theirs_aside": json.dumps(theirs.fields) if theirs else "",
        "address": _page(request, place, theirs),
    }
    return render(request, "questions/draft_conflict.html", context, status=error.status)


@require_POST
def discard(request: HttpRequest, name: str) -> HttpResponse:
    """Deletes the draft at a place, and leads back to where it was asked from."""
    place = place_named(name)
    gone = draft_discard(user=request.user, place=place)
    if not gone:
        draft_named(request.user, name)
    messages.success(request, _("The draft is deleted."))
    if request.POST.get("here"):
        return redirect(_page(request, place, None).split("?")[0])
    return redirect("drafts")


@require_POST
def swap(request: HttpRequest, name: str) -> HttpResponse:
    """Takes the text that was set aside in place of the draft's."""
    require_member(request.user)
    draft_named(request.user, name)
    draft_swap(user=request.user, place=place_named(name))
    return redirect("drafts")
