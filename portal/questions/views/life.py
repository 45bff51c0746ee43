"""What people decide about a question: closing, opening again, archiving, locking, asking for details."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.limits import limit_request
from portal.core.permissions import may_moderate, require_member
from portal.core.staff import staff_only
from portal.questions.forms import CHOICES, SettleForm
from portal.questions.models import Act, Question, Role
from portal.questions.selectors.access import question_visible_to
from portal.questions.selectors.life import DECISIONS, decisions_page, undoable_among
from portal.questions.selectors.moves import acts_open, undoable_move, whys_open
from portal.questions.services.life import (
    move_undo,
    question_ask_details,
    question_lock,
    question_reopen,
    question_reopen_vote,
    question_settle,
)

# The form's choice for each act, and what follows from it.
TOLD: dict[Act, tuple[str, str | Promise]] = {
    Act.ASK_DETAILS: (
        "needs_details",
        gettext_lazy("Your words stand above the question, and who asked is told. Her next edit takes them away."),
    ),
    Act.CLOSE: (
        "closed",
        gettext_lazy("It takes no new answers. It can still be read, commented on and voted for, and opened again."),
    ),
    Act.MARK_DUPLICATE: (
        "duplicate",
        gettext_lazy("It leads its readers to the earlier question and takes no new answers."),
    ),
    Act.MARK_OBSOLETE: (
        "obsolete",
        gettext_lazy("A note says that it no longer holds for what is sold today. It still takes answers."),
    ),
    Act.ARCHIVE: (
        "archived",
        gettext_lazy("It can be read, and nothing else: no answers, comments, votes or edits, not even by the staff."),
    ),
    Act.LOCK: (
        "locked",
        gettext_lazy("Only the staff can answer, comment, vote or edit until it is unlocked."),
    ),
    Act.UNLOCK: ("unlocked", gettext_lazy("Members can answer, comment, vote and edit again.")),
    Act.REOPEN: ("reopened", gettext_lazy("It takes answers again. Its status follows from those that are there.")),
    Act.UNARCHIVE: ("unarchived", gettext_lazy("It becomes what it was before it was archived.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, question_id: int) -> HttpResponse:
    """What staff, the asker and experts can decide from where the question stands, with what follows from it."""
    require_member(request.user)
    found = question_visible_to(request.user, question_id)
    form = SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limit_request(request, action="edit")
            return _done(request, _decided(request.user, question_id, form.cleaned_data))
        except Invalid as error:
            form.refuse(error)
        except NotFound:
            form.add_error("duplicate_of", _("Name the earlier question that this one repeats."))
    return _page(request, found, form)


def _page(request: HttpRequest, question: Question, form: SettleForm) -> HttpResponse:
    acts = acts_open(request.user, question)
    if not acts:
        raise NotAllowed
    labels, chosen = dict(CHOICES), form["status"].value()
    form.offer_reasons(whys_open(request.user, question))
    context = {
        "form": form,
        "question": question,
        "choices": [(name, labels[name], told, name == chosen) for act, (name, told) in TOLD.items() if act in acts],
        "closes": Act.CLOSE in acts,
        "repeats": Act.MARK_DUPLICATE in acts,
        "last": undoable_move(question) if may_moderate(request.user) else None,
        "moderator": may_moderate(request.user),
    }
    return render(request, "questions/settle.html", context, status=422 if form.errors else 200)


def _decided(user: Any, question_id: int, data: dict[str, Any]) -> Question:
    status, words = data["status"], data["reason"]
    if status == "needs_details":
        if not words.strip():
            raise Invalid({"reason": [_("Say what is missing.")]})
        return question_ask_details(user=user, question_id=question_id, words=words)
    if status in ("locked", "unlocked"):
        return question_lock(user=user, question_id=question_id, locked=status == "locked", reason=words)
    if status in ("reopened", "unarchived"):
        return question_reopen(user=user, question_id=question_id, words=words)
    why = data["why"] if status == "closed" else ""
    earlier = data["duplicate_of"] if status == "duplicate" else None
    return question_settle(
        user=user, question_id=question_id, status=status, reason=words, duplicate_of=earlier, why=why
    )


def _done(request: HttpRequest, question: Question) -> HttpResponse:
    """Confirms what was decided, with the way back."""
    move = question.moves.order_by("-id").first()
    if move is None:
        return redirect(question)
    words = _("Done: %(act)s. Everybody can see it on the question's page.") % {"act": move.get_act_display()}
    back = ""
    if may_moderate(request.user) and move.may_be_undone:
        back = reverse("question-undo", args=[question.pk, move.pk])
    elif move.role == Role.ASKER and move.act == Act.CLOSE:
        back = reverse("question-reopen", args=[question.pk])
    messages.success(request, words, extra_tags=back)
    return redirect(question)


@require_POST
def reopen(request: HttpRequest, question_id: int) -> HttpResponse:
    """Opens a question again, by staff or who asked."""
    require_member(request.user)
    limit_request(request, action="edit")
    return _done(request, question_reopen(user=request.user, question_id=question_id))


@require_POST
def reopen_vote(request: HttpRequest, question_id: int) -> HttpResponse:
    """Casts a vote to open a question again, or takes it back (``value=0``)."""
    require_member(request.user)
    limit_request(request, action="vote")
    value = request.POST.get("value") != "0"
    found = question_reopen_vote(user=request.user, question_id=question_id, value=value)
    if found.settled_at is None:
        messages.success(request, _("Your vote was the last that it took: the question is open again."))
    elif value:
        needed = settings.PORTAL_REOPEN_VOTES
        messages.success(
            request,
            ngettext("Your vote is counted. It takes %(count)d.", "Your vote is counted. It takes %(count)d.", needed)
            % {"count": needed},
        )
    return redirect(found)


@require_POST
def undo(request: HttpRequest, question_id: int, move_id: int) -> HttpResponse:
    """Takes the last decision back, by staff; from the staff's list, back to it."""
    require_member(request.user)
    found = move_undo(user=request.user, question_id=question_id, move_id=move_id)
    messages.success(request, _("Taken back."))
    return redirect("staff-questions") if request.POST.get("from") == "staff" else redirect(found)


KIND_NAMES = {
    "closed": gettext_lazy("Closed"),
    "duplicate": gettext_lazy("Marked as asked before"),
    "obsolete": gettext_lazy("Marked as outdated"),
    "archived": gettext_lazy("Archived or taken out"),
    "locked": gettext_lazy("Locked or unlocked"),
    "details": gettext_lazy("Details asked for"),
    "reopened": gettext_lazy("Opened again"),
    "undone": gettext_lazy("Taken back"),
    "joined": gettext_lazy("Joined or parted"),
}
WHO_NAMES = {
    "others": gettext_lazy("By others"),
    "me": gettext_lazy("By me"),
    "portal": gettext_lazy("By itself, or by vote"),
}


@require_safe
@staff_only
def staff_questions(request: HttpRequest) -> HttpResponse:
    """What was decided about questions lately, for staff to check each other."""
    kind, by = request.GET.get("kind", ""), request.GET.get("by", "")
    page = decisions_page(user=request.user, kind=kind, by=by, cursor=request.GET.get("after"))
    context = {
        "page": page,
        "kinds": [(name, KIND_NAMES[name]) for name in DECISIONS],
        "whose": WHO_NAMES.items(),
        "kind": kind,
        "by": by,
        "filtered": kind in DECISIONS or by in WHO_NAMES,
        "undoable": undoable_among(page.rows),
        "language_urls": {},
    }
    return render(request, "questions/staff.html", context)
