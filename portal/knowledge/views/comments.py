"""Commenting on an article, and the links in mails about comments."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from portal.core.errors import TooMany
from portal.core.limits import limit_request
from portal.core.once import sent_once
from portal.core.permissions import require_member
from portal.knowledge.forms import CommentForm
from portal.knowledge.models import ArticlePage
from portal.knowledge.selectors.access import article_visible_to
from portal.knowledge.selectors.comments import article_comment_visible_to, check_comment, reply_parent
from portal.knowledge.selectors.follows import follow_link
from portal.knowledge.services.comments import (
    COMMENT_LONGEST,
    article_comment_approve,
    article_comment_create,
    article_comment_flag,
    article_comment_remove,
    comment_html,
)
from portal.knowledge.services.follows import article_follow_confirm, article_follow_mute


@require_http_methods(["GET", "POST"])
def comment_add(request: HttpRequest, page_id: int) -> HttpResponse:
    """Posts a comment, once however often its form is sent.

    A form that asks for a preview, needs another look or comes too soon after others is shown on a page of its own,
    with what was typed.
    """
    page = article_visible_to(request.user, page_id)
    check_comment(request.user, page)
    if request.method == "GET":
        parent = request.GET.get("parent_id", "")
        known = parent if parent.isascii() and parent.isdigit() and len(parent) < 10 else None
        return _form_page(request, page, CommentForm(page, initial={"parent_id": known}))
    form = CommentForm(page, request.POST)
    valid = form.is_valid()
    if "preview" in request.POST:
        limit_request(request, action="preview")
        return _form_page(request, page, form, shown_html=comment_html(request.POST.get("body", "")[:COMMENT_LONGEST]))
    if not valid:
        return _form_page(request, page, form, status=422)
    return _send(request, page, form)


def _send(request: HttpRequest, page: ArticlePage, form: CommentForm) -> HttpResponse:
    user: Any = request.user
    words = {name: form.cleaned_data[name] for name in ("body", "parent_id", "follow")}
    with sent_once(user_id=user.pk, token=form.cleaned_data["once"]) as sending:
        if sending.earlier is not None:
            return redirect(sending.earlier or page.get_url(request))
        try:
            limit_request(request, action="comment")
        except TooMany as error:
            response = _form_page(request, page, form, status=error.status, wait=error.retry_after)
            response.headers["Retry-After"] = str(error.retry_after)
            return response
        comment = article_comment_create(user=user, page_id=page.pk, **words)
        sending.address = f"{page.get_url(request)}#comment-{comment.pk}"
    if not comment.is_public:
        messages.info(request, _("Thank you. Your comment will be seen by others once the staff has read it."))
    if words["follow"] and not comment.followup:
        messages.info(request, _("We wrote to your address. Open the link in that mail to be told of new comments."))
    return redirect(sending.address)


def _form_page(
    request: HttpRequest, page: ArticlePage, form: CommentForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    given = form["parent_id"].value()
    parent = None
    if given and not form.errors.get("parent_id"):
        parent = reply_parent(page, int(given))
    context = {"page": page, "page_url": page.get_url(request), "form": form, "parent": parent, **more}
    return render(request, "knowledge/comment_form.html", context, status=status)


@require_POST
def comment_preview(request: HttpRequest) -> HttpResponse:
    """The HTML of a comment being written: the same rendering that readers will get."""
    limit_request(request, action="preview")
    return HttpResponse(comment_html(request.POST.get("body", "")[:COMMENT_LONGEST]))


@require_POST
def comment_flag(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Asks the staff to look at a comment."""
    require_member(request.user)
    limit_request(request, action="comment")
    article_comment_flag(user=request.user, comment_id=comment_id)
    messages.success(request, _("Thank you. The staff will look at this comment."))
    return _back(request, comment_id)


@require_POST
def comment_remove(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Takes a comment away."""
    page = article_comment_visible_to(request.user, comment_id).page
    article_comment_remove(user=request.user, comment_id=comment_id)
    messages.success(request, _("The comment is removed."))
    return redirect(f"{page.get_url(request)}#comments")


@require_POST
def comment_approve(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Shows a comment that waited for the staff."""
    article_comment_approve(user=request.user, comment_id=comment_id)
    messages.success(request, _("The comment is shown."))
    return _back(request, comment_id)


def _back(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = article_comment_visible_to(request.user, comment_id)
    return redirect(f"{comment.page.get_url(request)}#comment-{comment_id}")


# What a mail program posts for "unsubscribe" has neither cookie nor CSRF token: the signed link is the proof.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def comments_mute(request: HttpRequest, token: str) -> HttpResponse:
    """Ends the mails about a page. Opening the link only asks: mail scanners open links too."""
    link = follow_link("mute", token)
    if request.method == "POST":
        article_follow_mute(link=link)
        return _told(request, _("You will get no more mails about comments on this page."))
    return _asked(request, _("No more mails about comments on this page?"), _("Stop the mails"))


@csrf_exempt
@require_http_methods(["GET", "POST"])
def comments_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Turns on the mails that a member with an unverified address asked for."""
    link = follow_link("confirm", token)
    if request.method == "POST":
        article_follow_confirm(link=link)
        return _told(request, _("Done. We will write to you when others comment on this page."))
    return _asked(request, _("Write to you when others comment on this page?"), _("Yes, write to me"))


def _asked(request: HttpRequest, question: str, answer: str) -> HttpResponse:
    return _uncached(render(request, "knowledge/follow_link.html", {"title": question, "answer": answer}))


def _told(request: HttpRequest, words: str) -> HttpResponse:
    return _uncached(render(request, "knowledge/follow_link.html", {"title": words}))


def _uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
