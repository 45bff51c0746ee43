"""Voting and commenting: plain forms, answered with the part alone where htmx asks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from portal.core.errors import Invalid
from portal.core.limits import limit_request
from portal.core.once import sent_once
from portal.core.permissions import require_member
from portal.questions.forms import CommentForm
from portal.questions.selectors.access import answer_visible_to, comment_visible_to, question_visible_to
from portal.questions.selectors.detail import post_view
from portal.questions.services.comments import comment_create, comment_delete
from portal.questions.services.votes import vote_cast


def _post(user: Any, kind: str, post_id: int) -> Any:
    return question_visible_to(user, post_id) if kind == "question" else answer_visible_to(user, post_id)


@require_POST
def vote(request: HttpRequest, kind: str, post_id: int) -> HttpResponse:
    """Casts, changes or takes back a vote."""
    require_member(request.user)
    limit_request(request, action="vote")
    value = request.POST.get("value", "")
    vote_cast(user=request.user, kind=kind, post_id=post_id, value=int(value) if value in ("-1", "0", "1") else 9)
    post = _post(request.user, kind, post_id)
    if request.headers.get("HX-Request"):
        return render(request, "questions/vote.html", {"item": post_view(user=request.user, post=post), "kind": kind})
    return redirect(post)


@require_POST
def comment(request: HttpRequest, kind: str, post_id: int) -> HttpResponse:
    """Posts a comment; what cannot be accepted comes back on a page of its own with what was typed."""
    require_member(request.user)
    user: Any = request.user
    post = _post(user, kind, post_id)
    form = CommentForm(request.POST)
    if form.is_valid():
        with sent_once(user_id=user.pk, token=request.POST.get("once", "")) as sending:
            if sending.earlier is not None:
                return redirect(sending.earlier or post)
            try:
                limit_request(request, action="comment")
                posted = comment_create(
                    user=user,
                    kind=kind,
                    post_id=post_id,
                    body=form.cleaned_data["body"],
                    parent_id=form.cleaned_data["parent_id"],
                )
            except Invalid as error:
                form.refuse(error)
            else:
                sending.address = posted.get_absolute_url()
                return redirect(posted)
    context = {"form": form, "post": post, "kind": kind, "question": post if kind == "question" else post.question}
    return render(request, "questions/comment.html", context, status=422)


@require_POST
def delete_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Takes a comment away."""
    found = comment_visible_to(request.user, comment_id)
    comment_delete(user=request.user, comment_id=comment_id)
    return redirect(found.question)
