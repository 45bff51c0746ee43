"""Making an answer official after it was given, and taking that back: a page that asks, and what it sends."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core.errors import Invalid
from portal.core.limits import limit_request
from portal.core.permissions import allows, require_member
from portal.questions.forms import OfficialForm
from portal.questions.models import Answer
from portal.questions.selectors.access import answer_visible_to
from portal.questions.selectors.official import check_official, check_unofficial
from portal.questions.services.official import official_lift, official_mark


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Asks whether an answer is to be the company's official one, and why; sent, it is."""
    return _asked(request, answer_id, official=True)


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Asks whether an official answer is to be one no longer, and why; sent, it is not."""
    return _asked(request, answer_id, official=False)


def _asked(request: HttpRequest, answer_id: int, *, official: bool) -> HttpResponse:
    require_member(request.user)
    answer = answer_visible_to(request.user, answer_id)
    form = OfficialForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limit_request(request, action="edit")
        try:
            return _done(request, answer, form.cleaned_data["words"], official=official)
        except Invalid as error:
            form.refuse(error)
    check: Any = check_official if official else check_unofficial
    check(request.user, answer, answer.question)
    if answer.official == official:
        return redirect(answer)
    context = {"form": form, "answer": answer, "question": answer.question, "official": official}
    return render(request, "questions/official.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, answer: Answer, words: str, *, official: bool) -> HttpResponse:
    """Does what was sent and says so, with the way back for whom may go it."""
    turn: Any = official_mark if official else official_lift
    turned = turn(user=request.user, answer_id=answer.pk, words=words)
    said = _("The answer is official now.") if official else _("The answer is no longer official.")
    back, check = ("answer-official-lift", check_unofficial) if official else ("answer-official", check_official)
    undo = reverse(back, args=[answer.pk]) if allows(check, request.user, turned, turned.question) else ""
    messages.success(request, said, extra_tags=undo)
    return redirect(turned)
