"""Suggesting an edit of what somebody else wrote, and deciding on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.errors import Invalid, NotFound, PortalError, Stale, StateForbids, TooMany
from portal.core.limits import limit_request
from portal.core.once import sent_once
from portal.core.permissions import allows, require_member
from portal.core.staff import staff_only
from portal.core.topics import topic_choices
from portal.questions.models import Answer, Question, Suggestion
from portal.questions.selectors.access import answer_visible_to, question_visible_to
from portal.questions.selectors.revisions import words_of_post
from portal.questions.selectors.rights import check_edit, check_review, check_suggest
from portal.questions.selectors.suggestions import (
    SuggestionView,
    suggestion_page,
    suggestions_page,
    waits_from,
)
from portal.questions.services.suggestions import (
    suggestion_accept,
    suggestion_create,
    suggestion_reject,
    suggestion_withdraw,
)
from portal.questions.suggestion_forms import (
    ImproveAnswerForm,
    ImproveQuestionForm,
    RejectForm,
    SuggestAnswerForm,
    SuggestQuestionForm,
    words_initial,
)

WORDS = ("title", "body", "topics")


@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest, kind: str, post_id: int) -> HttpResponse:
    """The form that suggests an edit; who may edit the post herself is led to do so."""
    post: Question | Answer
    post = (
        question_visible_to(request.user, post_id) if kind == "question" else answer_visible_to(request.user, post_id)
    )
    asked = post.question if isinstance(post, Answer) else post
    if allows(check_edit, request.user, post, asked):
        return redirect(f"{kind}-edit", post.pk)
    check_suggest(request.user, post, asked)
    waiting = waits_from(request.user, post)
    if waiting is not None:
        return redirect(waiting)
    make = SuggestAnswerForm if isinstance(post, Answer) else SuggestQuestionForm
    form = make(request.POST or None, initial=words_initial(post, words_of_post(post)))
    context: dict[str, Any] = {"form": form, "post": post, "question": asked, "kind": kind}
    status = 200
    if request.method == "POST":
        made, status = _suggested(request, form, context)
        if made is not None:
            return made
    return _form_page(request, "questions/suggest.html", context, status)


def _suggested(request: HttpRequest, form: Any, context: dict[str, Any]) -> tuple[HttpResponse | None, int]:
    """Returns where the member is led, or None and the status of the form that is shown again with what she typed."""
    if not form.is_valid():
        return None, 422
    user: Any = request.user
    data = form.cleaned_data
    post = context["post"]
    with sent_once(user_id=user.pk, token=data["once"]) as sending:
        if sending.earlier is not None:
            return redirect(sending.earlier or post), 302
        try:
            limit_request(request, action="edit")
            made = suggestion_create(
                user=user,
                kind=context["kind"],
                post_id=post.pk,
                version=data["version"],
                reason=data["reason"],
                **{name: data[name] for name in WORDS if name in data},
            )
        except PortalError as error:
            return None, _refused(form, error, context)
        sending.address = made.get_absolute_url()
    messages.success(request, _("Thank you. The author and the staff see your suggestion, and you are told."))
    return redirect(made), 302


def _refused(form: Any, error: PortalError, context: dict[str, Any]) -> int:
    """Puts a refusal into the form, so that nothing typed is lost; raises again what is no matter of the form."""
    if isinstance(error, Invalid):
        form.refuse(error)
    elif isinstance(error, Stale):
        context["stale"] = error
        context["theirs"] = words_initial(context["post"], words_of_post(context["post"]))
    elif isinstance(error, StateForbids | TooMany):
        form.add_error(None, str(error))
    else:
        raise error
    return error.status


@require_safe
def suggestion(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """A suggested edit side by side with the post, and its decision."""
    require_member(request.user)
    view = request.GET.get("view", "source")
    if view not in ("source", "rendered"):
        raise NotFound
    found = suggestion_page(user=request.user, suggestion_id=suggestion_id, rendered=view == "rendered")
    return _suggestion_response(request, found, RejectForm(), view=view)


def _suggestion_response(
    request: HttpRequest, found: SuggestionView, form: RejectForm, *, view: str = "source", status: int = 200
) -> HttpResponse:
    context = {**_around(found), "view": view, "form": form}
    return render(request, "questions/suggestion.html", context, status=status)


@require_POST
def accept(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """Makes a suggestion the post's next version."""
    limit_request(request, action="edit")
    try:
        made = suggestion_accept(user=request.user, suggestion_id=suggestion_id)
    except (Stale, StateForbids) as error:
        return _told(request, suggestion_id, error)
    messages.success(request, _("Accepted. It is the post's newest version now."))
    return redirect(made.post)


@require_http_methods(["GET", "HEAD", "POST"])
def improve(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """The editor with the suggestion in it: what the reviewer makes of it is accepted."""
    require_member(request.user)
    found = suggestion_page(user=request.user, suggestion_id=suggestion_id)
    check_review(request.user, found.suggestion)
    if found.proposal is None:
        return redirect(found.suggestion)
    make = ImproveAnswerForm if isinstance(found.post, Answer) else ImproveQuestionForm
    form = make(request.POST or None, initial=words_initial(found.post, found.proposal.words))
    context = {**_around(found), "form": form}
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, "questions/improve.html", context, 422 if form.errors else 200)
    data = form.cleaned_data
    try:
        limit_request(request, action="edit")
        made = suggestion_accept(
            user=request.user,
            suggestion_id=suggestion_id,
            version=data["version"],
            words=data["words"],
            **{name: data[name] for name in WORDS if name in data},
        )
    except PortalError as error:
        return _form_page(request, "questions/improve.html", context, _refused(form, error, context))
    messages.success(request, _("Accepted. It is the post's newest version now."))
    return redirect(made.post)


@require_POST
def reject(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """Declines a suggestion with a reason."""
    form = RejectForm(request.POST)
    if form.is_valid():
        try:
            suggestion_reject(user=request.user, suggestion_id=suggestion_id, words=form.cleaned_data["words"])
        except Invalid as error:
            form.refuse(error)
        except StateForbids as error:
            return _told(request, suggestion_id, error)
        else:
            messages.success(request, _("Declined. The member sees why."))
            return redirect("suggestion", suggestion_id)
    found = suggestion_page(user=request.user, suggestion_id=suggestion_id)
    check_review(request.user, found.suggestion)
    return _suggestion_response(request, found, form, status=422)


@require_POST
def withdraw(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """Takes back what one suggested."""
    require_member(request.user)
    try:
        made = suggestion_withdraw(user=request.user, suggestion_id=suggestion_id)
    except StateForbids as error:
        return _told(request, suggestion_id, error)
    messages.success(request, _("Your suggestion is taken back."))
    return redirect(made.post)


@require_safe
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """What waits for the member's decision, and what she suggested herself (``tab=mine``)."""
    require_member(request.user)
    return _listed(request, role=request.GET.get("tab", "review"), template="questions/suggestions.html")


@require_safe
@staff_only
def queue(request: HttpRequest) -> HttpResponse:
    """Every suggestion that waits, the longest waiting first; with ``status`` those that are decided."""
    return _listed(request, role="review", template="questions/staff_edits.html", language_urls={})


def _listed(request: HttpRequest, *, role: str, template: str, **more: Any) -> HttpResponse:
    status = request.GET.get("status", "pending" if role == "review" else "")
    status = status if status in Suggestion.Status.values else ""
    page = suggestions_page(user=request.user, role=role, status=status, cursor=request.GET.get("after"))
    context = {
        "page": page,
        "tab": role,
        "status": status,
        "statuses": Suggestion.Status.choices,
        "deeper": bool(request.GET.get("after")),
        **more,
    }
    return render(request, template, context)


def _told(request: HttpRequest, suggestion_id: int, error: PortalError) -> HttpResponse:
    """Leads back to the suggestion as it stands now, and says why nothing was done."""
    messages.warning(request, str(error))
    return redirect("suggestion", suggestion_id)


def _around(found: SuggestionView) -> dict[str, Any]:
    post = found.post
    return {
        "found": found,
        "suggestion": found.suggestion,
        "post": post,
        "question": found.suggestion.question,
        "kind": "answer" if isinstance(post, Answer) else "question",
        "change": found.change,
    }


def _form_page(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    context["topic_choices"] = topic_choices(language=request.LANGUAGE_CODE)
    return render(request, template, context, status=status)
