"""Asking a question."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core.limits import limit_request
from portal.core.once import sent_earlier
from portal.core.topics import topic_choices
from portal.discovery.duplicates import likely_duplicates
from portal.discovery.services.searches import search_question_record
from portal.discovery.signatures import search_named
from portal.discovery.visitors import visitor_begun, visitor_keep, visitor_of
from portal.questions.forms import QuestionForm
from portal.questions.models import Question
from portal.questions.selectors.authors import anonymous_allowed
from portal.questions.selectors.drafts import ASKING, draft_at
from portal.questions.services.repeats import question_create_once

from .conversation import KEPT, NOTHING, Candidates, candidates_for, decline_record, typed_keep, typed_of
from .posting import Sent, drafting_at, form_send, shown_again

LONGEST_LINK = 1_500


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form for a new question. A stranger is led to sign in, and finds what she typed when she is back."""
    typed = request.POST if request.method == "POST" else request.GET
    given = typed_of(typed)
    if not request.user.is_authenticated:
        return _led_to_sign_in(request, given)
    if request.method == "POST" and not {"look", "none"} & set(typed):
        return _asked(request)
    if request.method != "POST":
        given = {**request.session.pop(KEPT, {}), **given}
    else:
        given["once"] = typed.get("once", "")
    if typed.get("none"):
        given["declined"] = typed["none"]
    decline_record(given.get("declined", ""))
    return _looked(request, given)


def _led_to_sign_in(request: HttpRequest, given: dict[str, str]) -> HttpResponse:
    """Keeps what was typed: a short link in the address itself, which needs no cookie, all else in the session."""
    if request.method != "POST" and len(request.get_full_path()) < LONGEST_LINK:
        return redirect_to_login(request.get_full_path())
    if given:
        limit_request(request, action="keep")
        typed_keep(request, given)
    return redirect_to_login(reverse("ask"))


def _looked(request: HttpRequest, given: dict[str, str]) -> HttpResponse:
    """The form with what was typed, and what is there for it."""
    found, visitor = NOTHING, visitor_of(request)
    if given.get("title") and not given.get("declined"):
        limit_request(request, action="suggest")
        visitor = visitor_begun(request)
        found = candidates_for(
            request, visitor, title=given["title"], body=given.get("body", ""), language=given.get("language", ""),
            opened=True,
        )  # fmt: skip
    drafting = drafting_at(request, ASKING, draft_at(request.user, ASKING))
    initial = {"language": request.LANGUAGE_CODE, **given, **drafting.initial}
    form = QuestionForm(anonymous=_offers_anonymity(initial), initial=initial)
    response = _ask_page(request, form, Sent(status=200), found=found, declined=given.get("declined", ""))
    visitor_keep(request, response, visitor)
    return response


def _offers_anonymity(typed: Mapping[str, Any]) -> bool:
    """Whether the form has the box: where the staff allow it, and where it was ticked before they stopped allowing it.

    Else a question that was to be anonymous would be posted under its asker's name.
    """
    return anonymous_allowed() or bool(typed.get("anonymous"))


def _asked(request: HttpRequest) -> HttpResponse:
    form = QuestionForm(request.POST, anonymous=_offers_anonymity(request.POST))
    said_none = request.POST.get("declined", "")
    if not form.is_valid():
        return _ask_page(request, form, Sent(), declined=said_none)
    data = form.cleaned_data
    known = sent_earlier(user_id=request.user.pk or 0, token=data["once"])
    repeats = NOTHING if said_none or known is not None else _repeated(request, data)
    if repeats.shown:
        return _ask_page(request, form, Sent(status=200), found=repeats, declined=repeats.mark or "1", confirm=True)
    sent = form_send(request, form=form, action="ask", place=ASKING, make=lambda data: _made(request, data))
    return sent.response or _ask_page(request, form, sent, declined=said_none)


def _made(request: HttpRequest, data: dict[str, Any]) -> Question:
    question, repeated = question_create_once(
        user=request.user,
        title=data["title"],
        body=data["body"],
        language=data["language"],
        topics=data["topics"],
        anonymous=data.get("anonymous", False),
    )
    if not repeated:
        search_question_record(
            visitor=visitor_of(request),
            question_id=question.pk,
            search_id=search_named(request.POST.get("search", "")),
        )
        messages.success(request, _("Your question is posted. We will keep it in sight."))
    return question


def _repeated(request: HttpRequest, data: dict[str, Any]) -> Candidates:
    """Looks once more before a question is posted: whether it was asked before, and not only something near it."""
    found = candidates_for(
        request, visitor_of(request), title=data["title"], body=data["body"], language=data["language"], opened=True
    )
    if found.page is None:
        return NOTHING
    same = likely_duplicates(title=data["title"], language=data["language"], page=found.page)
    return replace(found, shown=[each for each in found.shown if each.result in same])


def _ask_page(
    request: HttpRequest,
    form: QuestionForm,
    sent: Sent,
    *,
    found: Candidates = NOTHING,
    declined: str = "",
    confirm: bool = False,
) -> HttpResponse:
    context = {
        "form": form,
        "topic_choices": topic_choices(language=request.LANGUAGE_CODE),
        "found": found,
        "declined": declined[:300],
        "confirm": confirm,
        "step": "ask",
        "drafting": drafting_at(request, ASKING, draft_at(request.user, ASKING)),
    }
    return shown_again(request, "questions/ask.html", context, sent)
