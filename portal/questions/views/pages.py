"""A question's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.questions.selectors.detail import question_page


@require_safe
def question(request: HttpRequest, question_id: int, slug: str = "") -> HttpResponse:
    """A question with its answers; an address with another slug leads to the right one."""
    view = question_page(user=request.user, question_id=question_id)
    if slug != view.question.slug:
        return redirect("question", question_id, view.question.slug, permanent=True)
    return render(request, "questions/detail.html", {"view": view, "question": view.question})
