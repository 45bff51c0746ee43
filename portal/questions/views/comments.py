"""What members do to comments that are there: changing, bringing back, making an answer of one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.errors import Invalid, Stale
from portal.core.limits import limit_request
from portal.core.permissions import require_member
from portal.questions.forms import CommentEditForm, body_initial
from portal.questions.selectors.access import answer_visible_to, comment_visible_to
from portal.questions.selectors.rights import check_edit
from portal.questions.services.comments import comment_edit, comment_restore
from portal.questions.services.conversions import comment_convert, conversion_undo


@require_safe
def answer_at(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Leads to an answer, wherever it stands now."""
    return _led(answer_visible_to(request.user, answer_id).get_absolute_url())


@require_safe
def comment_at(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Leads to a comment, wherever it stands now."""
    return _led(comment_visible_to(request.user, comment_id).get_absolute_url())


def _led(address: str) -> HttpResponse:
    response = redirect(address)
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The form that changes a comment. A change by somebody else in between is shown, and nothing is overwritten."""
    require_member(request.user)
    found = comment_visible_to(request.user, comment_id)
    check_edit(request.user, found, found.question)
    theirs = {"body": body_initial(found), "version": found.version, "language": found.language}
    form = CommentEditForm(request.POST or None, initial=theirs)
    context = {"form": form, "comment": found, "question": found.question}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                limit_request(request, action="edit")
                words = {"body": data["body"], "language": data["language"] or None}
                comment_edit(user=request.user, comment_id=comment_id, version=data["version"], **words)
            except Invalid as error:
                form.refuse(error)
            except Stale as error:
                context |= {"stale": error, "theirs": theirs}
                status = error.status
            else:
                messages.success(request, _("Your change is saved."))
                return redirect(found)
    return render(request, "questions/edit_comment.html", context, status=status)


@require_safe
def history(request: HttpRequest, comment_id: int) -> HttpResponse:
    """What a comment said before it was edited."""
    found = comment_visible_to(request.user, comment_id)
    versions = found.versions.select_related("editor")
    context = {"comment": found, "question": found.question, "versions": versions}
    return render(request, "questions/comment_history.html", context)


@require_POST
def restore(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Brings a deleted comment back."""
    return redirect(comment_restore(user=request.user, comment_id=comment_id))


@require_POST
def convert(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Makes an answer of a comment."""
    require_member(request.user)
    limit_request(request, action="edit")
    answer = comment_convert(user=request.user, comment_id=comment_id)
    messages.success(request, _("The comment is an answer now."))
    return redirect(answer)


@require_POST
def convert_back(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Makes an answer that was a comment that comment again."""
    comment = conversion_undo(user=request.user, answer_id=answer_id)
    messages.success(request, _("The answer is a comment again."))
    return redirect(comment)
