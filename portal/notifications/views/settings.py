"""How a member wants to be told."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.selectors import signed_in
from portal.notifications.forms import NotificationSettingsForm
from portal.notifications.models import NotificationSettings
from portal.notifications.services.mails import may_be_mailed
from portal.notifications.services.settings import FIELDS, notification_settings_update


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notification_settings(request: HttpRequest) -> HttpResponse:
    """By which way each kind of note comes, what makes her follow a question, and hours without mails."""
    user = signed_in(request)
    found = NotificationSettings.objects.filter(user=user).first() or NotificationSettings(user=user)
    form = NotificationSettingsForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in FIELDS}
        notification_settings_update(user=user, channels=form.chosen(), **values)
        messages.success(request, _("Your settings are saved."))
        return redirect("notification-settings")
    context = {"form": form, "reachable": may_be_mailed(user)}
    return render(request, "notifications/settings.html", context, status=422 if form.is_bound else 200)
