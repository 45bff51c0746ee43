"""Following and muting, and the page of all that a member follows."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.limits import limit_request
from portal.core.templatetags.design import in_this_language
from portal.notifications.models import Level
from portal.notifications.panels import follow_context
from portal.notifications.selectors.follows import follow_target, followed_of, follows_page, target_path
from portal.notifications.services.follows import follow_end, follow_set

from .inbox import led_back

KINDS = {
    "question": gettext_lazy("Questions"),
    "topic": gettext_lazy("Topics"),
    "member": gettext_lazy("Members"),
}


@login_required
@never_cache
@require_safe
def follow_list(request: HttpRequest) -> HttpResponse:
    """What a member follows or has muted, the latest first; ``?kind=`` one kind of it."""
    kind = request.GET.get("kind", "")
    page = follows_page(request.user, kind=kind, cursor=request.GET.get("after"))
    context = {
        "page": page,
        "rows": followed_of(request.user, page.rows),
        "kind": kind if kind in KINDS else "",
        "kinds": list(KINDS.items()),
    }
    return render(request, "notifications/follows.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Follows a thing (``value`` is ``follow``), ends that (``leave``) or mutes a question (``mute``).

    Opening the address asks first: a stranger who pressed the button comes here once she has signed in.
    """
    target = follow_target(request.user, kind, key)
    path = in_this_language(target_path(target))
    if request.method != "POST":
        context = {"state": follow_context(request, target), "target": target, "path": path}
        return render(request, "notifications/follow.html", context)
    limit_request(request, action="follow")
    user: Any = request.user
    value = request.POST.get("value", "")
    if value == "leave":
        follow_end(user=user, kind=kind, key=key)
    else:
        follow_set(user=user, kind=kind, key=key, level=Level.MUTED if value == "mute" else Level.FOLLOWING)
    if request.headers.get("HX-Request"):
        return render(request, "notifications/follow_button.html", follow_context(request, target))
    messages.success(request, _said(value))
    return led_back(request, "follows") if request.POST.get("next") else redirect(path)


def _said(value: str) -> str:
    if value == "leave":
        return _("You no longer follow this.")
    return _("You will hear nothing more of this.") if value == "mute" else _("You follow this now.")
