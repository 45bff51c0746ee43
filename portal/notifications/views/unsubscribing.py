"""The pages behind the links that end mails.

Opening a link only asks, because mail scanners open links too; a mail program that knows RFC 8058 sends the form at
once, without a session: the signed link is what allows it.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.accounts.models import User
from portal.discovery.models import SavedSearch
from portal.discovery.services.saved_searches import saved_searches_silence
from portal.notifications.links import Quieting, quiet_link, unsubscribe_link
from portal.notifications.models import Kind
from portal.notifications.selectors.things import threads_visible_to
from portal.notifications.services.follows import thread_silence
from portal.notifications.services.settings import kinds_silence


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ends the messages about the searches of a mail."""
    link = unsubscribe_link(token)
    searches = SavedSearch.objects.filter(owner_id=link.user_id, pk__in=link.search_ids)
    if request.method == "POST":
        saved_searches_silence(owner_id=link.user_id, ids=list(link.search_ids))
        context = {"title": _("We will no longer tell you of these searches."), "searches": searches}
    else:
        title, answer = _("No more messages about these searches?"), _("Stop the messages")
        context = {"title": title, "answer": answer, "searches": searches}
    return _private(render(request, "notifications/unsubscribe.html", context))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def quiet(request: HttpRequest, token: str) -> HttpResponse:
    """Ends the messages about the threads that a link names, and the mails of the kinds that it names."""
    link = quiet_link(token)
    reader = User.objects.filter(pk=link.user_id).first()
    if request.method == "POST" and reader is not None:
        for thread in link.threads:
            thread_silence(user_id=reader.pk, thread=thread)
        if link.kinds:
            kinds_silence(user_id=reader.pk, kinds=link.kinds)
    context = {
        "done": request.method == "POST",
        "names": _names(reader, link),
        "threads": bool(link.threads),
    }
    return _private(render(request, "notifications/quiet.html", context))


def _names(reader: Any, link: Quieting) -> list[str]:
    """Returns what a link names, as far as its owner may see it now."""
    found = threads_visible_to(reader, [tuple(each.split(":", 1)) for each in link.threads])  # type: ignore[misc]
    kinds = [str(Kind(kind).label) for kind in link.kinds if kind in Kind.values]
    return [thread.title for thread in found.values()] + kinds


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
