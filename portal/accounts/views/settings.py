"""A member's own settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.forms import SettingsForm
from portal.accounts.selectors import signed_in
from portal.accounts.services import settings_update


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Leads to the settings."""
    return redirect("account_settings")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings_edit(request: HttpRequest) -> HttpResponse:
    """The name shown to others, the language of pages and mails, and the languages read."""
    user = signed_in(request)
    form = SettingsForm(
        request.POST or None,
        initial={"display_name": user.display_name, "language": user.language, "reads": user.reads},
    )
    if request.method == "POST" and form.is_valid():
        settings_update(user=user, **form.cleaned_data)
        # The page comes back in the language just chosen, and says so in it.
        with translation.override(user.language):
            messages.success(request, _("Your settings are saved."))
            return redirect(reverse("account_settings"))
    status = 422 if form.is_bound else 200
    return render(request, "account/settings.html", {"form": form}, status=status)
