"""The inbox, and the page behind the link that ends mails."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.errors import NotFound
from portal.core.templatetags.design import in_this_language
from portal.discovery.models import SavedSearch
from portal.discovery.services.saved_searches import saved_searches_silence

from .links import unsubscribe_link
from .selectors import inbox_page, notification_of, things_visible_to, unread_count
from .services.inbox import notification_read, notifications_drop_unseen, notifications_read_all


@login_required
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """A member's notes, the newest first; ``?show=unread`` those she has not read."""
    notifications_drop_unseen(user=request.user)
    unread = request.GET.get("show") == "unread"
    page = inbox_page(request.user, cursor=request.GET.get("after"), unread=unread)
    context = {"page": page, "only_unread": unread, "unread": unread_count(request.user)}
    return render(request, "notifications/inbox.html", context)


@login_required
@never_cache
@require_safe
def note_open(request: HttpRequest, note_id: int) -> HttpResponse:
    """Leads to what a note tells of, which is read with that."""
    note = notification_of(request.user, note_id)
    key = (note.document_type, note.document_id)
    thing = things_visible_to(request.user, [key]).get(key)
    if thing is None:
        raise NotFound
    notification_read(user=request.user, note_id=note_id)
    return redirect(in_this_language(thing.path))


@login_required
@require_POST
def note_mark(request: HttpRequest, note_id: int) -> HttpResponse:
    """Marks a note as read, or with ``read=0`` as unread."""
    notification_read(user=request.user, note_id=note_id, read=request.POST.get("read") != "0")
    return _back(request)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks everything as read."""
    count = notifications_read_all(user=request.user)
    said = ngettext("%(count)d note is read now.", "%(count)d notes are read now.", count) % {"count": count}
    messages.success(request, said)
    return redirect("inbox")


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if safe and target.startswith("/") else "inbox")


@csrf_exempt  # mail programs send the form (RFC 8058); the signed link is what allows it
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ends the messages about the searches of a mail. Opening the link only asks: mail scanners open links too."""
    link = unsubscribe_link(token)
    searches = SavedSearch.objects.filter(owner_id=link.user_id, pk__in=link.search_ids)
    if request.method == "POST":
        saved_searches_silence(owner_id=link.user_id, ids=list(link.search_ids))
        context = {"title": _("We will no longer tell you of these searches."), "searches": searches}
    else:
        title, answer = _("No more messages about these searches?"), _("Stop the messages")
        context = {"title": title, "answer": answer, "searches": searches}
    response = render(request, "notifications/unsubscribe.html", context)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
