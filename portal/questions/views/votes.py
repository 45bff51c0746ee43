"""Voting and commenting: plain forms, answered with the part alone where htmx asks."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core.limits import limit_request
from portal.core.permissions import require_member
from portal.questions.forms import CommentForm
from portal.questions.models import Answer, Comment, Draft, Question
from portal.questions.selectors.access import answer_visible_to, comment_visible_to, question_visible_to
from portal.questions.selectors.detail import post_view
from portal.questions.selectors.drafts import DraftPlace, draft_at, post_place
from portal.questions.selectors.reversals import votes_broken_down
from portal.questions.selectors.rights import check_breakdown
from portal.questions.services.comments import comment_delete
from portal.questions.services.repeats import comment_create_once
from portal.questions.services.votes import vote_cast

from .posting import Sent, drafting_at, form_send, led_to_sign_in, shown_again


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


@require_safe
def breakdown(request: HttpRequest, kind: str, post_id: int) -> HttpResponse:
    """How many votes for a post were up and how many down; never by whom."""
    check_breakdown(request.user)
    post = _post(request.user, kind, post_id)
    up, down = votes_broken_down(post=post)
    context = {"post": post, "up": up, "down": down, "question": post if kind == "question" else post.question}
    page = "questions/breakdown_part.html" if request.headers.get("HX-Request") else "questions/breakdown.html"
    return render(request, page, context)


@require_POST
def comment(request: HttpRequest, kind: str, post_id: int) -> HttpResponse:
    """Posts a comment; what cannot be accepted now comes back on a page of its own with what was typed."""
    user: Any = request.user
    post = _post(user, kind, post_id)
    form = CommentForm(request.POST)
    parent_id = request.POST.get("parent_id", "")
    replying = parent_id.isascii() and parent_id.isdigit()
    place = DraftPlace(Draft.Kind.REPLY, int(parent_id)) if replying else post_place(post, commenting=True)
    led = led_to_sign_in(request, place, post.get_absolute_url())
    if led is not None:
        return led
    sent = Sent()
    if form.is_valid():
        sent = form_send(
            request, form=form, action="comment", place=place, make=lambda data: _said(user, kind, post_id, data)
        )
    return sent.response or _comment_page(request, form, post, place, sent)


def _said(user: Any, kind: str, post_id: int, data: dict[str, Any]) -> Comment:
    said = comment_create_once(user=user, kind=kind, post_id=post_id, body=data["body"], parent_id=data["parent_id"])
    return said[0]


@require_safe
def write_comment(request: HttpRequest, kind: str, post_id: int) -> HttpResponse:
    """The form of a comment on a page of its own, where its draft goes on."""
    require_member(request.user)
    post = _post(request.user, kind, post_id)
    return _comment_page(request, CommentForm(), post, post_place(post, commenting=True), Sent(status=200))


@require_safe
def reply(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The form of a reply to a comment on a page of its own, where its draft goes on."""
    require_member(request.user)
    parent = comment_visible_to(request.user, comment_id)
    form = CommentForm(initial={"parent_id": comment_id})
    place = DraftPlace(Draft.Kind.REPLY, comment_id)
    return _comment_page(request, form, parent.answer or parent.question, place, Sent(status=200), parent=parent)


def _comment_page(
    request: HttpRequest,
    form: CommentForm,
    post: Question | Answer,
    place: DraftPlace,
    sent: Sent,
    *,
    parent: Comment | None = None,
) -> HttpResponse:
    drafting = drafting_at(request, place, draft_at(request.user, place))
    form.initial = {**form.initial, **drafting.initial}
    kind, question = ("answer", post.question) if isinstance(post, Answer) else ("question", post)
    context = {"form": form, "post": post, "kind": kind, "question": question, "drafting": drafting, "parent": parent}
    return shown_again(request, "questions/comment.html", context, sent)


@require_POST
def delete_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Takes a comment away, and says how it comes back."""
    found = comment_visible_to(request.user, comment_id)
    comment_delete(user=request.user, comment_id=comment_id)
    messages.success(request, _("The comment is deleted."), extra_tags=reverse("comment-restore", args=[comment_id]))
    return redirect(found.question)
