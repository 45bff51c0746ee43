"""The versions of a question or an answer: the list, one of them, two beside each other, and bringing one back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core.errors import NotFound, Stale
from portal.core.limits import limit_request
from portal.core.permissions import allows
from portal.questions.models import Answer, Question
from portal.questions.selectors.credit import credits_of
from portal.questions.selectors.moves import moves_of
from portal.questions.selectors.revisions import (
    comparison_page,
    history_page,
    post_of,
    revision_html,
    revision_of,
    words_of_revision,
)
from portal.questions.selectors.rights import check_edit
from portal.questions.services.restoring import revision_restore

VIEWS = ("source", "rendered")
MOVES_SHOWN = 200


@require_safe
def history(request: HttpRequest, question_id: int, answer_id: int | None = None) -> HttpResponse:
    """Every version of a question or of one of its answers: who, when, why, and what changed; and where it went."""
    below = _number(request.GET.get("below", ""))
    found = history_page(user=request.user, question_id=question_id, answer_id=answer_id, below=below)
    context = {
        **_around(request, found.question, found.post),
        "entries": found.entries,
        "older": found.older,
        "below": below,
        "credits": credits_of(found.question, [found.post])[_key(found.post)],
        "moves": moves_of(found.question)[:MOVES_SHOWN] if answer_id is None and below is None else (),
    }
    return render(request, "questions/history.html", context)


@require_safe
def version(request: HttpRequest, question_id: int, number: int, answer_id: int | None = None) -> HttpResponse:
    """One version whole, as readers saw it and as it was written."""
    question, post = post_of(user=request.user, question_id=question_id, answer_id=answer_id)
    found = revision_of(post, number)
    context = {
        **_around(request, question, post),
        "revision": found,
        "source": words_of_revision(found).body,
        "body_html": revision_html(found),
    }
    return render(request, "questions/version.html", context)


@require_safe
def compare(request: HttpRequest, question_id: int, answer_id: int | None = None) -> HttpResponse:
    """Leads from the form of the history to the address of the comparison, which stays; the older version first."""
    _question, post = post_of(user=request.user, question_id=question_id, answer_id=answer_id)
    chosen = [_number(request.GET.get(name, "")) for name in ("from", "to")]
    if None in chosen:
        return redirect(_address(post, "history"))
    old, new = sorted(number or 0 for number in chosen)
    return redirect(_address(post, "comparison", old, new))


@require_safe
def comparison(
    request: HttpRequest, question_id: int, old: int, new: int, answer_id: int | None = None
) -> HttpResponse:
    """Two versions side by side: word by word as they were written, or as readers saw them (``view=rendered``)."""
    chosen = request.GET.get("view", VIEWS[0])
    if chosen not in VIEWS:
        raise NotFound
    found = comparison_page(
        user=request.user, question_id=question_id, answer_id=answer_id, old=old, new=new, rendered=chosen == "rendered"
    )
    context = {
        **_around(request, found.question, found.post),
        "old": found.old,
        "new": found.new,
        "change": found.change,
        "view": chosen,
    }
    return render(request, "questions/comparison.html", context)


@require_POST
def restore(request: HttpRequest, question_id: int, number: int, answer_id: int | None = None) -> HttpResponse:
    """Makes an earlier version the newest; where somebody edited meanwhile it changes nothing and says so."""
    _question, post = post_of(user=request.user, question_id=question_id, answer_id=answer_id)
    kind = "answer" if isinstance(post, Answer) else "question"
    limit_request(request, action="edit")
    try:
        restored = revision_restore(
            user=request.user,
            kind=kind,
            post_id=post.pk,
            number=number,
            version=_number(request.POST.get("version", "")) or 0,
        )
    except Stale:
        messages.warning(request, _("Somebody changed this meanwhile. Look at the newest version before you go on."))
        return redirect(_address(post, "history"))
    messages.success(request, _("Version %(number)d is back.") % {"number": number})
    return redirect(restored)


def _around(request: HttpRequest, question: Question, post: Question | Answer) -> dict[str, Any]:
    """Returns what every page about versions shows of the post, and the addresses of the others."""
    return {
        "question": question,
        "post": post,
        "kind": "answer" if isinstance(post, Answer) else "question",
        "root": _address(post, "history"),
        "may_edit": allows(check_edit, request.user, post, question),
    }


def _key(post: Question | Answer) -> int | None:
    return post.pk if isinstance(post, Answer) else None


def _address(post: Question | Answer, name: str, *numbers: int) -> str:
    if isinstance(post, Answer):
        return reverse(f"answer-{name}", args=[post.question_id, post.pk, *numbers])
    return reverse(f"question-{name}", args=[post.pk, *numbers])


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
