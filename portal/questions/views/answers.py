"""What members do to answers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.core.errors import Moved
from portal.questions.forms import AnswerForm
from portal.questions.models import Answer, Draft
from portal.questions.selectors.access import answer_visible_to, question_visible_to
from portal.questions.selectors.drafts import DraftPlace
from portal.questions.selectors.releases import releases_about
from portal.questions.selectors.standing import may_answer_officially
from portal.questions.services.answers import (
    answer_accept,
    answer_delete,
    answer_restore,
    answer_unaccept,
)
from portal.questions.services.passport import Claim
from portal.questions.services.repeats import answer_create_once

from .pages import question_response
from .posting import Sent, form_send, led_to_sign_in


@require_POST
def answer(request: HttpRequest, question_id: int) -> HttpResponse:
    """Posts an answer; a text that cannot be accepted now comes back with the page, nothing of it lost."""
    user: Any = request.user
    try:
        question = question_visible_to(user, question_id)
    except Moved as moved:
        # The form stood open while the question was joined with another: what was typed is sent there.
        return redirect("answer", moved.pk, permanent=True, preserve_request=True)
    place = DraftPlace(Draft.Kind.ANSWER, question_id)
    led = led_to_sign_in(request, place, f"{question.get_absolute_url()}#your-answer")
    if led is not None:
        return led
    form = AnswerForm(request.POST, official=may_answer_officially(user, question), releases=releases_about(question))
    sent = Sent()
    if form.is_valid():
        sent = form_send(
            request,
            form=form,
            action="answer",
            place=place,
            make=lambda data: _given(user, question_id, data, form.claim),
        )
    return sent.response or question_response(request, question_id, answer_form=form, sent=sent)


def _given(user: Any, question_id: int, data: dict[str, Any], claim: Claim | None) -> Answer:
    official = data.get("official", False)
    made, _again = answer_create_once(
        user=user, question_id=question_id, body=data["body"], official=official, claim=claim
    )
    return made


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
