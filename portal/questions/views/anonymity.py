"""Giving one's name to an anonymous question, and looking an author up."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.core.errors import Invalid, NotAllowed, StateForbids
from portal.core.limits import limit_request
from portal.core.permissions import require_member, require_moderator
from portal.questions.forms import RevealForm
from portal.questions.selectors.access import answer_visible_to, question_visible_to
from portal.questions.services.anonymity import author_reveal, question_sign


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, question_id: int) -> HttpResponse:
    """Asks the asker whether to show her name from now on; sent, it is shown."""
    require_member(request.user)
    question = question_visible_to(request.user, question_id)
    if request.method == "POST":
        limit_request(request, action="edit")
        signed = question_sign(user=request.user, question_id=question_id)
        messages.success(request, _("Your name stands at the question now, and at all that you wrote below it."))
        return redirect(signed)
    if question.author_id != request.user.pk:
        raise NotAllowed(_("Only who asked can do this."))
    return render(request, "questions/sign.html", {"question": question})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, kind: str, post_id: int) -> HttpResponse:
    """Tells a moderator who gives a reason who wrote an anonymous post: in this one answer, and nowhere else."""
    require_moderator(request.user)
    post: Any = question_visible_to if kind == "question" else answer_visible_to
    post = post(request.user, post_id)
    if not post.anonymous:
        raise StateForbids(_("This was not written anonymously."))
    form = RevealForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "post": post, "question": post if kind == "question" else post.question}
    if request.method == "POST" and form.is_valid():
        limit_request(request, action="reveal")
        try:
            author = author_reveal(user=request.user, kind=kind, post_id=post_id, reason=form.cleaned_data["reason"])
        except Invalid as error:
            form.refuse(error)
        else:
            return _private(render(request, "questions/revealed.html", {**context, "author": author}))
    return _private(render(request, "questions/reveal.html", context, status=422 if form.errors else 200))


def _private(response: HttpResponse) -> HttpResponse:
    """Returns the answer marked to be kept by nobody.

    Its address goes to no other site, as everywhere; a stricter "no-referrer" would make browsers send the form itself
    from an origin "null", which is refused as forged.
    """
    response.headers["Cache-Control"] = "private, no-store"
    return response
