"""Asking and editing a question."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.core.errors import Invalid, Stale
from portal.core.limits import limit_request
from portal.core.markdown import render_markdown
from portal.core.once import sent_once
from portal.core.topics import topic_choices
from portal.questions.forms import EditForm, QuestionForm, question_initial
from portal.questions.selectors.access import question_visible_to
from portal.questions.selectors.rights import check_edit
from portal.questions.services.questions import question_create, question_edit
from portal.questions.services.texts import BODY_LONGEST

KEPT = "ask-draft"
LONGEST_LINK = 1_500
FIELDS = ("title", "body", "language", "topics")


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form for a new question. A stranger is led to sign in, and finds what she typed when she is back."""
    typed = request.POST if request.method == "POST" else request.GET
    if not request.user.is_authenticated:
        return _led_to_sign_in(request, {name: typed[name] for name in FIELDS if typed.get(name)})
    if request.method == "POST":
        return _asked(request)
    initial = {"language": request.LANGUAGE_CODE, **request.session.pop(KEPT, {})}
    initial |= {name: typed[name] for name in FIELDS if typed.get(name)}
    return _ask_page(request, QuestionForm(initial=initial), 200)


def _led_to_sign_in(request: HttpRequest, given: dict[str, str]) -> HttpResponse:
    """Keeps what was typed: a short link in the address itself, which needs no cookie, all else in the session."""
    if request.method != "POST" and len(request.get_full_path()) < LONGEST_LINK:
        return redirect_to_login(request.get_full_path())
    if given:
        limit_request(request, action="keep")
        request.session[KEPT] = {name: text[:BODY_LONGEST] for name, text in given.items()}
    return redirect_to_login(reverse("ask"))


def _asked(request: HttpRequest) -> HttpResponse:
    form = QuestionForm(request.POST)
    user: Any = request.user
    if not form.is_valid():
        return _ask_page(request, form, 422)
    data = form.cleaned_data
    with sent_once(user_id=user.pk, token=data["once"]) as sending:
        if sending.earlier is not None:
            return redirect(sending.earlier or "questions")
        try:
            limit_request(request, action="ask")
            question = question_create(
                user=user, title=data["title"], body=data["body"], language=data["language"], topics=data["topics"]
            )
        except Invalid as error:
            form.refuse(error)
            return _ask_page(request, form, 422)
        sending.address = question.get_absolute_url()
    messages.success(request, _("Your question is posted. We will keep it in sight."))
    return redirect(question)


def _ask_page(request: HttpRequest, form: QuestionForm, status: int) -> HttpResponse:
    context = {"form": form, "topic_choices": topic_choices(language=request.LANGUAGE_CODE)}
    return render(request, "questions/ask.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, question_id: int) -> HttpResponse:
    """The form that changes a question; a change by somebody else in between is shown, and nothing is overwritten."""
    question = question_visible_to(request.user, question_id)
    check_edit(request.user, question, question)
    form = EditForm(request.POST or None, initial=question_initial(question))
    context: dict[str, Any] = {"form": form, "question": question}
    context["topic_choices"] = topic_choices(language=request.LANGUAGE_CODE)
    if request.method != "POST":
        return render(request, "questions/edit.html", context)
    if form.is_valid():
        data = form.cleaned_data
        try:
            limit_request(request, action="edit")
            question = question_edit(
                user=request.user,
                question_id=question_id,
                version=data["version"],
                title=data["title"],
                body=data["body"],
                language=data["language"],
                topics=data["topics"],
                note=data["note"],
            )
        except Invalid as error:
            form.refuse(error)
        except Stale as error:
            context |= {"stale": error, "theirs": question_initial(question)}
            return render(request, "questions/edit.html", context, status=error.status)
        else:
            messages.success(request, _("Your change is saved."))
            return redirect(question)
    return render(request, "questions/edit.html", context, status=422)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The HTML of Markdown being written: the same rendering that readers will get."""
    limit_request(request, action="preview")
    return HttpResponse(render_markdown(request.POST.get("body", "")[:BODY_LONGEST]))
