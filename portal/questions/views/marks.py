"""What a member marks for herself: bookmarks, and "I have this too"."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.errors import Invalid
from portal.core.limits import limit_request
from portal.core.permissions import allows, require_member
from portal.questions.models.bookmark import LONGEST_NOTE
from portal.questions.selectors.access import answer_visible_to, question_visible_to
from portal.questions.selectors.marks import bookmarks_page
from portal.questions.selectors.rights import check_demand
from portal.questions.services.bookmarks import bookmark_remove, bookmark_set
from portal.questions.services.demands import demand_add, demand_remove

from .conversation import typed_keep, typed_of


@require_POST
def bookmark(request: HttpRequest, kind: str, post_id: int) -> HttpResponse:
    """Keeps a post, with ``value=0`` no longer; ``note`` (from the list) is what the member writes to it."""
    require_member(request.user)
    limit_request(request, action="bookmark")
    if request.POST.get("value") == "0":
        bookmark_remove(user=request.user, kind=kind, post_id=post_id)
        kept = False
    else:
        try:
            bookmark_set(user=request.user, kind=kind, post_id=post_id, note=request.POST.get("note"))
        except Invalid as refusal:
            messages.error(request, " ".join(str(words) for said in refusal.fields.values() for words in said))
            return _back(request, kind, post_id)
        kept = True
    if request.headers.get("HX-Request"):
        context = {"kind": kind, "post_id": post_id, "kept": kept}
        return render(request, "questions/bookmark.html", context)
    messages.success(request, _("Kept among your bookmarks.") if kept else _("Taken out of your bookmarks."))
    return _back(request, kind, post_id)


def _back(request: HttpRequest, kind: str, post_id: int) -> HttpResponse:
    target = request.POST.get("next", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return redirect(target)
    post: Any = question_visible_to if kind == "question" else answer_visible_to
    return redirect(post(request.user, post_id))


@login_required
@never_cache
@require_safe
def bookmark_list(request: HttpRequest) -> HttpResponse:
    """A member's bookmarks, the newest first, each with her note."""
    page = bookmarks_page(user=request.user, cursor=request.GET.get("after"))
    context = {"page": page, "deeper": bool(request.GET.get("after")), "longest": LONGEST_NOTE}
    return render(request, "questions/bookmarks.html", context)


@require_POST
def demand(request: HttpRequest, question_id: int) -> HttpResponse:
    """Counts the member among those who have the problem too, with ``value=0`` no longer.

    From the ask page, what was typed so far is kept until she comes back.
    """
    require_member(request.user)
    limit_request(request, action="demand")
    wanted = request.POST.get("value") != "0"
    act = demand_add if wanted else demand_remove
    act(user=request.user, question_id=question_id)
    question = question_visible_to(request.user, question_id)
    if request.headers.get("HX-Request"):
        may = allows(check_demand, request.user, question)
        return render(request, "questions/demand.html", {"question": question, "wanted": wanted, "may_want": may})
    typed_keep(request, typed_of(request.POST))
    if wanted:
        messages.success(request, _("You are counted. We tell you when there is an answer."))
    return redirect(question)
