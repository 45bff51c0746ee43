"""Joining two questions, by staff: choose, look at what will happen, do it, undo it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.errors import Invalid, NotFound
from portal.core.permissions import require_moderator
from portal.core.staff import staff_only
from portal.questions.claim_forms import DecisionForm, TargetForm
from portal.questions.selectors.access import question_visible_to
from portal.questions.selectors.duplicates import contests_waiting, pairs_waiting
from portal.questions.selectors.merging import merges_made
from portal.questions.services.merging import merge_plan, merge_undo, questions_merge
from portal.questions.services.proposals import contest_decide, duplicate_decide

from .duplicates import targets_context

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, question_id: int) -> HttpResponse:
    """First which question, then what joining the two would do."""
    require_moderator(request.user)
    question = question_visible_to(request.user, question_id)
    form = TargetForm(request.POST or (request.GET if request.GET.get("target") else None))
    context = {"form": form, "question": question}
    if form.is_bound and form.is_valid():
        pair = {"source_id": question.pk, "target_id": form.cleaned_data["target"]}
        try:
            if request.method == "POST":
                made = questions_merge(user=request.user, reason=form.cleaned_data["words"], **pair)
                messages.success(request, _("The two questions are one now. It can be undone among the repeats."))
                return redirect(made.target)
            context["plan"] = merge_plan(user=request.user, **pair)
        except Invalid as error:
            form.refuse(error)
        except NotFound:
            form.add_error(None, _("There is no such question."))
        else:
            return render(request, "questions/merge.html", context)
    context |= targets_context(request, question)
    return render(request, "questions/merge.html", context, status=422 if form.errors else 200)


@require_safe
@staff_only
def queue(request: HttpRequest) -> HttpResponse:
    """What waits: proposed repeats and what askers contest; and what was joined."""
    return _queue(request)


def _queue(request: HttpRequest, *, refused: dict[str, object] | None = None, status: int = 200) -> HttpResponse:
    context = {
        "pairs": pairs_waiting(request.user),
        "contests": contests_waiting(request.user)[:SHOWN],
        "merges": merges_made(request.user)[:SHOWN],
        "refused": refused or {},
        "language_urls": {},
    }
    return render(request, "questions/duplicate_queue.html", context, status=status)


@require_POST
@staff_only
def decide_proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Marks the question, or declines."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            duplicate_decide(user=request.user, proposal_id=proposal_id, **_decision(form))
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Decided. The member is told."))
            return redirect("staff-duplicates")
    return _queue(request, refused={"proposal": proposal_id, "form": form}, status=422)


@require_POST
@staff_only
def decide_contest(request: HttpRequest, contest_id: int) -> HttpResponse:
    """Lets the question stand by itself again, or declines."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            contest_decide(user=request.user, contest_id=contest_id, **_decision(form))
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Decided. The asker is told."))
            return redirect("staff-duplicates")
    return _queue(request, refused={"contest": contest_id, "form": form}, status=422)


def _decision(form: DecisionForm) -> dict[str, Any]:
    return {"agree": form.cleaned_data["agree"], "reply": form.cleaned_data["reply"]}


@require_POST
@staff_only
def undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Parts two questions again."""
    made = merge_undo(user=request.user, merge_id=merge_id)
    messages.success(request, _("The two questions stand by themselves again."))
    return redirect(made.source)
