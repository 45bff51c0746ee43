"""Saying that a question was asked before, and saying that it was not."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.errors import Invalid, NotFound
from portal.core.limits import limit_request
from portal.core.permissions import may_moderate, require_member
from portal.questions.claim_forms import ContestForm, TargetForm
from portal.questions.models import Question, Status
from portal.questions.selectors.access import question_visible_to
from portal.questions.selectors.duplicates import check_contest, check_propose, contestable, target_candidates
from portal.questions.services.life import question_settle
from portal.questions.services.proposals import contest_open, duplicate_propose


@require_safe
def targets(request: HttpRequest, question_id: int) -> HttpResponse:
    """The earlier questions that fit what is typed: the part of the page that htmx asks for."""
    require_member(request.user)
    limit_request(request, action="suggest")
    question = question_visible_to(request.user, question_id)
    return render(request, "questions/targets.html", targets_context(request, question))


def targets_context(request: HttpRequest, question: Question) -> dict[str, Any]:
    """Returns what the list of earlier questions shows. ``q`` are the words, ``target`` the one that is chosen."""
    words = request.GET.get("q", "").replace("\x00", " ")[:300]
    chosen = request.POST.get("target", "") or request.GET.get("target", "")
    found = target_candidates(user=request.user, question=question, words=words)
    return {"question": question, "words": words, "targets": found, "chosen": chosen}


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, question_id: int) -> HttpResponse:
    """Where a member names the earlier question; staff mark it at once."""
    question = question_visible_to(request.user, question_id)
    check_propose(request.user, question)
    form = TargetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limit_request(request, action="edit")
            said = _said(request.user, question, form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        except NotFound:
            form.add_error(None, _("Name the earlier question that this one repeats."))
        else:
            messages.success(request, said)
            return redirect(question)
    context = targets_context(request, question) | {"form": form, "moderator": may_moderate(request.user)}
    status = 422 if form.errors else 200
    return render(request, "questions/duplicate.html", context, status=status)


def _said(user: Any, question: Question, data: dict[str, Any]) -> str:
    if may_moderate(user):
        question_settle(
            user=user,
            question_id=question.pk,
            status=Status.DUPLICATE,
            duplicate_of=data["target"],
            reason=data["words"],
        )
        return _("Done. The page shows the earlier question and its answer now.")
    duplicate_propose(user=user, question_id=question.pk, target_id=data["target"], words=data["words"])
    return _("Thank you. The staff will look at it.")


@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: HttpRequest, question_id: int) -> HttpResponse:
    """Where who asked says that her question is no repeat."""
    require_member(request.user)
    what = contestable(request.user, question_id)
    check_contest(request.user, what.question)
    form = ContestForm(request.POST or None)
    back = what.target or what.question
    if request.method == "POST" and form.is_valid():
        try:
            contest_open(user=request.user, question_id=question_id, words=form.cleaned_data["words"])
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Thank you. The staff will look at it and tell you."))
            return redirect(back if what.merge else what.question)
    context = {"form": form, "what": what, "back": back if what.merge else what.question}
    return render(request, "questions/contest.html", context, status=422 if form.errors else 200)
