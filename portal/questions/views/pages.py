"""A question's own page, and what is done to the question as a whole."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core.permissions import may_moderate
from portal.questions.forms import AnswerForm, CommentForm
from portal.questions.models import Draft, Question
from portal.questions.selectors.answer_order import BEST
from portal.questions.selectors.answer_pages import Place
from portal.questions.selectors.detail import QuestionView, question_page
from portal.questions.selectors.drafts import DraftPlace, drafts_at
from portal.questions.selectors.standing import may_answer_officially
from portal.questions.services.questions import question_delete, question_restore

from .posting import Sent, drafting_at, shown_again

# So many answers are printed at once.
PRINTED_ANSWERS = 500


@require_safe
def question(request: HttpRequest, question_id: int, slug: str = "") -> HttpResponse:
    """A question with its answers, or on paper (``?print=1``); an address with another slug leads to the right one."""
    if request.GET.get("print"):
        return _printed(request, question_id, slug)
    return question_response(request, question_id, slug=slug)


def _printed(request: HttpRequest, question_id: int, slug: str) -> HttpResponse:
    """A question with all its answers and comments to be printed; very many answers come in parts."""
    place = replace(_place(request), answer_id=None, size=PRINTED_ANSWERS)
    view = question_page(user=request.user, question_id=question_id, place=place)
    if slug != view.question.slug:
        return _led(request, view.question)
    context = {
        "view": view,
        "question": view.question,
        "address": settings.PORTAL_BASE_URL + view.question.get_absolute_url(),
        # One that can be typed from paper, whatever the letters of the title.
        "short": settings.PORTAL_BASE_URL + reverse("question-short", args=[question_id]),
    }
    return render(request, "questions/print.html", context)


def _led(request: HttpRequest, question: Question) -> HttpResponse:
    """Leads to the address of a question as it is called now; what was asked for there is asked for here too."""
    asked = request.META.get("QUERY_STRING", "")
    return redirect(
        reverse("question", args=[question.pk, question.slug]) + (f"?{asked}" if asked else ""), permanent=True
    )


def question_response(
    request: HttpRequest,
    question_id: int,
    *,
    slug: str | None = None,
    answer_form: AnswerForm | None = None,
    sent: Sent | None = None,
) -> HttpResponse:
    """Returns the page of a question, with a form that was not taken in its place where there is one."""
    view = question_page(user=request.user, question_id=question_id, place=_place(request))
    if slug is not None and slug != view.question.slug:
        return _led(request, view.question)
    context = {
        "view": view,
        "question": view.question,
        **_answering(request, view, answer_form),
        "comment_form": CommentForm(auto_id=False),
        "moderator": may_moderate(request.user),
    }
    return shown_again(request, "questions/detail.html", context, sent or Sent(status=200))


def _answering(request: HttpRequest, view: QuestionView, refused: AnswerForm | None) -> dict[str, Any]:
    """Returns the form of an answer with its draft, and the places of this page where the member has drafts."""
    question = view.question
    drafts = drafts_at(request.user, question)
    place = DraftPlace(Draft.Kind.ANSWER, question.pk)
    drafting = drafting_at(request, place, drafts.get(str(place)))
    fresh = refused or AnswerForm(
        initial=drafting.initial,
        official=may_answer_officially(request.user, question),
        releases=view.versions.releases,
    )
    return {"answer_form": fresh, "drafting": drafting, "drafts_here": " ".join(drafts)}


def _place(request: HttpRequest) -> Place:
    """Reads which answers an address asks for; numbers that are none are those of the first page."""
    numbers = {name: request.GET.get(name, "") for name in ("page", "answer")}
    asked = {name: int(text) for name, text in numbers.items() if text.isascii() and text.isdigit() and len(text) < 18}
    return Place(request.GET.get("sort", BEST), asked.get("page", 1), asked.get("answer"))


@require_POST
def delete(request: HttpRequest, question_id: int) -> HttpResponse:
    """Takes a question away, and says how it comes back."""
    question_delete(user=request.user, question_id=question_id)
    messages.success(request, _("The question is deleted."), extra_tags=reverse("question-restore", args=[question_id]))
    return redirect("questions")


@require_POST
def restore(request: HttpRequest, question_id: int) -> HttpResponse:
    """Brings a deleted question back."""
    return redirect(question_restore(user=request.user, question_id=question_id))
