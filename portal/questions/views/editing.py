"""Changing what was written. A change by somebody else in between is shown, and nothing is overwritten."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core.errors import Stale
from portal.core.topics import topic_choices
from portal.questions.forms import AnswerEditForm, EditForm, body_initial, question_initial
from portal.questions.models import Answer, Question
from portal.questions.selectors.access import answer_visible_to, question_visible_to
from portal.questions.selectors.drafts import draft_at, post_place
from portal.questions.selectors.rights import check_edit
from portal.questions.services.answers import answer_edit
from portal.questions.services.questions import question_edit

from .posting import Sent, drafting_at, form_send, led_to_sign_in, shown_again

Editing = EditForm | AnswerEditForm


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """The form that changes a question."""
    found = question_visible_to(request.user, question_id)

    def make(data: dict[str, Any]) -> Question:
        words = {name: data[name] for name in ("title", "body", "language", "topics", "note")}
        return question_edit(user=request.user, question_id=question_id, version=data["version"], **words)

    return _editing(request, found, EditForm(request.POST or None, initial=question_initial(found)), make)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """The form that changes an answer."""
    found = answer_visible_to(request.user, answer_id)

    def make(data: dict[str, Any]) -> Answer:
        words = {name: data[name] for name in ("body", "note")}
        return answer_edit(user=request.user, answer_id=answer_id, version=data["version"], **words)

    initial = {"body": body_initial(found), "version": found.version}
    return _editing(request, found, AnswerEditForm(request.POST or None, initial=initial), make)


def _editing(request: HttpRequest, post: Question | Answer, form: Editing, make: Any) -> HttpResponse:
    place = post_place(post)
    asked = post.question if isinstance(post, Answer) else post
    template = "questions/edit_answer.html" if isinstance(post, Answer) else "questions/edit.html"
    led = led_to_sign_in(request, place, request.path)
    if led is not None:
        return led
    check_edit(request.user, post, asked)
    drafting = drafting_at(request, place, draft_at(request.user, place))
    theirs, form.initial = form.initial, {**form.initial, **drafting.initial}
    context: dict[str, Any] = {"form": form, "question": asked, "answer": post, "drafting": drafting}
    context["topic_choices"] = topic_choices(language=request.LANGUAGE_CODE)
    if request.method != "POST":
        return shown_again(request, template, context, Sent(status=200))
    sent = Sent()
    if form.is_valid():
        try:
            sent = form_send(request, form=form, action="edit", place=place, make=make)
        except Stale as error:
            context |= {"stale": error, "theirs": theirs}
            return shown_again(request, template, context, Sent(status=error.status))
    if sent.response is not None:
        messages.success(request, _("Your change is saved."))
        return sent.response
    return shown_again(request, template, context, sent)
