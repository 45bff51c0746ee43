"""The staff's list of comments that wait or were reported, inside the Wagtail admin."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core.errors import PortalError
from portal.core.permissions import require_moderator
from portal.knowledge.selectors.comments import comments_removed, comments_to_look_at
from portal.knowledge.services.comments import (
    article_comment_approve,
    article_comment_remove,
    article_comment_restore,
)

PAGE_SIZE = 50
ACTS = {
    "approve": article_comment_approve,
    "remove": article_comment_remove,
    "restore": article_comment_restore,
}


@require_http_methods(["GET", "POST"])
def comment_queue(request: HttpRequest) -> HttpResponse:
    """Lists the comments to look at, or with ``?removed=1`` the removed ones, and does what the staff decides."""
    require_moderator(request.user)
    removed = request.GET.get("removed") == "1"
    if request.method == "POST":
        _act(request)
        return redirect(request.get_full_path())
    found = comments_removed() if removed else comments_to_look_at()
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("p"))
    return render(request, "knowledge/admin/comments.html", {"comments": page, "removed": removed})


def _act(request: HttpRequest) -> None:
    act, comment_id = ACTS.get(request.POST.get("act", "")), request.POST.get("comment", "")
    if act is None or not comment_id.isdigit():
        messages.error(request, _("This request cannot be understood."))
        return
    try:
        act(user=request.user, comment_id=int(comment_id))
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Done."))
