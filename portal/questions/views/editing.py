"""Changing what was written. A change by somebody else in between is shown, and nothing is overwritten."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core.errors import Stale
from portal.core.once import new_token
from portal.core.topics import topic_choices
from portal.questions.forms import (
    AnswerEditForm,
    EditForm,
    body_initial,
    claim_initial,
    claim_typed,
    ends_claimed,
    question_initial,
)
from portal.questions.models import Answer, Passport, Question
from portal.questions.selectors.access import answer_visible_to, question_visible_to
from portal.questions.selectors.drafts import draft_at, post_place
from portal.questions.selectors.passports import ends_shown
from portal.questions.selectors.releases import releases_about
from portal.questions.selectors.rights import check_edit
from portal.questions.services.answers import answer_edit
from portal.questions.services.drafts import draft_discard
from portal.questions.services.questions import question_edit

from .conflicts import Conflict, conflict_continued, conflict_decided, conflict_of, language_names
from .posting import Drafting, Sent, drafting_at, form_send, led_to_sign_in, shown_again

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
        claim = ends_claimed(data) if releases else None
        return answer_edit(user=request.user, answer_id=answer_id, version=data["version"], claim=claim, **words)

    releases = releases_about(found.question)
    ends = ends_shown(Passport.objects.filter(answer=found).first(), releases)
    initial = {"body": body_initial(found), "version": found.version, **claim_initial(ends)}
    form = AnswerEditForm(request.POST or None, initial=initial, releases=releases)
    return _editing(request, found, form, make)


def _editing(request: HttpRequest, post: Question | Answer, form: Editing, make: Any) -> HttpResponse:
    place = post_place(post)
    asked = post.question if isinstance(post, Answer) else post
    led = led_to_sign_in(request, place, request.path)
    if led is not None:
        return led
    check_edit(request.user, post, asked)
    conflict = None
    if "merge" in request.POST:
        given, conflict = conflict_decided(post, request.POST)
        if given is None:
            return _conflict_page(request, post, conflict, Sent())
        form = form.again(given)
    if request.method != "POST":
        return _form_page(request, post, form)
    sent = Sent()
    if form.is_valid():
        try:
            sent = form_send(request, form=form, action="edit", place=place, make=make)
        except Stale as error:
            return _met(request, post, form, Sent(status=error.status))
    if sent.response is not None:
        messages.success(request, _("Your change is saved."))
        return sent.response
    if conflict is not None:
        return _conflict_page(request, post, conflict, sent, errors=form)
    return _page(request, post, form, sent, drafting_at(request, place))


def _form_page(request: HttpRequest, post: Question | Answer, form: Editing) -> HttpResponse:
    """The form as it begins; a draft that goes on from an older version is put together with what stands now."""
    drafting = drafting_at(request, post_place(post), draft_at(request.user, post_place(post)))
    begun = drafting.initial.get("version", "")
    if begun.isdigit() and int(begun) < post.version:
        continued = form.again(QueryDict(urlencode(drafting.initial)))
        if continued.is_valid():
            choices = drafting.initial.get("choices", "")
            conflict = conflict_continued(post, continued.cleaned_data, begun=int(begun), choices=choices)
            conflict.note = drafting.initial.get("note", "")
            conflict.claim = claim_typed(drafting.initial)
            if not conflict.nothing_new:
                return _conflict_page(request, post, conflict, Sent(status=200, draft=drafting.draft))
    form.initial = {**form.initial, **drafting.initial}
    return _page(request, post, form, Sent(status=200), drafting)


def _page(request: HttpRequest, post: Question | Answer, form: Editing, sent: Sent, drafting: Drafting) -> HttpResponse:
    template = "questions/edit_answer.html" if isinstance(post, Answer) else "questions/edit.html"
    context: dict[str, Any] = {"form": form, **_about(request, post), "drafting": drafting}
    return shown_again(request, template, context, sent)


def _met(request: HttpRequest, post: Question | Answer, form: Editing, sent: Sent) -> HttpResponse:
    """Somebody was faster. Where both did the same it is done; else both are put together, or the editor is asked."""
    post.refresh_from_db()
    conflict = conflict_of(post, form.cleaned_data, begun=form.cleaned_data["version"])
    conflict.note, conflict.claim = form.cleaned_data["note"], claim_typed(form.data)
    place = post_place(post)
    if conflict.nothing_new and not (isinstance(form, AnswerEditForm) and form.claim_changed):
        draft_discard(user=request.user, place=place)
        messages.success(request, _("Your change is saved."))
        return redirect(post)
    sent.draft = draft_at(request.user, place)
    return _conflict_page(request, post, conflict, sent)


def _conflict_page(
    request: HttpRequest, post: Question | Answer, conflict: Conflict, sent: Sent, errors: Editing | None = None
) -> HttpResponse:
    context = {
        "conflict": conflict,
        "form": errors,
        "once": request.POST.get("once") if errors or conflict.missing else new_token(),
        "drafting": drafting_at(request, post_place(post)),
        "languages": language_names(),
        **_about(request, post),
    }
    return shown_again(request, "questions/edit_conflict.html", context, sent)


def _about(request: HttpRequest, post: Question | Answer) -> dict[str, Any]:
    asked = post.question if isinstance(post, Answer) else post
    topics = topic_choices(language=request.LANGUAGE_CODE)
    return {"question": asked, "answer": post, "post": post, "topic_choices": topics}
