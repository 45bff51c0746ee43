"""The inbox."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.errors import NotFound
from portal.core.templatetags.design import in_this_language
from portal.notifications.selectors.inbox import GROUPS, entries_of, inbox_page, notification_of, unread_count
from portal.notifications.services.inbox import notification_read, notifications_hide_unseen, notifications_read_all

GROUP_NAMES = {
    "mentions": _("Mentions"),
    "answers": _("Answers"),
    "comments": _("Comments"),
    "changes": _("Changes"),
    "following": _("From what you follow"),
    "searches": _("Saved searches"),
}


@login_required
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """A member's notes, the latest first; ``?show=unread`` those she has not read, ``?kind=`` those of one group."""
    notifications_hide_unseen(user=request.user)
    unread = request.GET.get("show") == "unread"
    group = request.GET.get("kind", "")
    page = inbox_page(request.user, cursor=request.GET.get("after"), unread=unread, group=group)
    context = {
        "page": page,
        "only_unread": unread,
        "unread": unread_count(request.user),
        "group": group if group in GROUPS else "",
        "groups": list(GROUP_NAMES.items()),
    }
    return render(request, "notifications/inbox.html", context)


@login_required
@never_cache
@require_safe
def note_open(request: HttpRequest, note_id: int) -> HttpResponse:
    """Leads to what a note tells of, the earliest of it that is unread; the note is read with that."""
    note = notification_of(request.user, note_id)
    entries = entries_of(request.user, [note])
    if not entries:
        raise NotFound
    notification_read(user=request.user, note_id=note_id)
    return redirect(in_this_language(entries[0].path))


@login_required
@require_POST
def note_mark(request: HttpRequest, note_id: int) -> HttpResponse:
    """Marks a note as read, or with ``read=0`` as unread."""
    notification_read(user=request.user, note_id=note_id, read=request.POST.get("read") != "0")
    return led_back(request, "inbox")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks everything as read."""
    count = notifications_read_all(user=request.user)
    said = ngettext("%(count)d note is read now.", "%(count)d notes are read now.", count) % {"count": count}
    messages.success(request, said)
    return redirect("inbox")


def led_back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Leads to the form's ``next`` where that is a path of this site, else to ``otherwise``."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if safe and target.startswith("/") else otherwise)
