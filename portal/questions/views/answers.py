"""What members do to answers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.core.errors import Invalid, Stale
from portal.core.limits import limit_request
from portal.core.once import sent_once
from portal.core.permissions import may_moderate, require_member
from portal.questions.forms import AnswerEditForm, AnswerForm, body_initial
from portal.questions.selectors.access import answer_visible_to, question_visible_to
from portal.questions.selectors.rights import check_edit
from portal.questions.services.answers import (
    answer_accept,
    answer_create,
    answer_delete,
    answer_edit,
    answer_restore,
    answer_unaccept,
)

from .pages import question_response


@require_POST
def answer(request: HttpRequest, question_id: int) -> HttpResponse:
    """Posts an answer; a text that cannot be accepted comes back with the page, nothing of it lost."""
    require_member(request.user)
    user: Any = request.user
    question_visible_to(user, question_id)
    form = AnswerForm(request.POST, staff=may_moderate(user))
    if not form.is_valid():
        return question_response(request, question_id, answer_form=form, status=422)
    with sent_once(user_id=user.pk, token=request.POST.get("once", "")) as sending:
        if sending.earlier is not None:
            return redirect(sending.earlier or "questions")
        try:
            limit_request(request, action="answer")
            posted = answer_create(
                user=user,
                question_id=question_id,
                body=form.cleaned_data["body"],
                official=form.cleaned_data.get("official", False),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            sending.address = posted.get_absolute_url()
            return redirect(posted)
    return question_response(request, question_id, answer_form=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, answer_id: int) -> HttpResponse:
    """The form that changes an answer."""
    found = answer_visible_to(request.user, answer_id)
    check_edit(request.user, found, found.question)
    form = AnswerEditForm(request.POST or None, initial={"body": body_initial(found), "version": found.version})
    context: dict[str, Any] = {"form": form, "answer": found, "question": found.question}
    if request.method != "POST":
        return render(request, "questions/edit_answer.html", context)
    if form.is_valid():
        data = form.cleaned_data
        try:
            limit_request(request, action="edit")
            found = answer_edit(
                user=request.user, answer_id=answer_id, version=data["version"], body=data["body"], note=data["note"]
            )
        except Invalid as error:
            form.refuse(error)
        except Stale as error:
            context |= {"stale": error, "theirs": {"body": body_initial(found), "version": found.version}}
            return render(request, "questions/edit_answer.html", context, status=error.status)
        else:
            messages.success(request, _("Your change is saved."))
            return redirect(found)
    return render(request, "questions/edit_answer.html", context, status=422)


@require_POST
def accept(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Accepts an answer, or takes the acceptance back (``value=0``)."""
    act = answer_unaccept if request.POST.get("value") == "0" else answer_accept
    return redirect(act(user=request.user, answer_id=answer_id))


@require_POST
def delete(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Takes an answer away, and says how it comes back."""
    found = answer_visible_to(request.user, answer_id)
    answer_delete(user=request.user, answer_id=answer_id)
    messages.success(request, _("The answer is deleted."), extra_tags=reverse("answer-restore", args=[answer_id]))
    return redirect(found.question)


@require_POST
def restore(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Brings a deleted answer back."""
    return redirect(answer_restore(user=request.user, answer_id=answer_id))
