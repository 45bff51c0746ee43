"""Where a member writes her profile."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.selectors import signed_in
from portal.core.errors import Invalid
from portal.core.limits import limit_request
from portal.core.topics import topic_choices
from portal.experts.forms import ProfileForm, profile_initial
from portal.experts.selectors.profiles import profile_shown
from portal.experts.services.profiles import profile_update


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: HttpRequest) -> HttpResponse:
    """The form of a member's own profile."""
    user = signed_in(request)
    if request.method == "POST":
        limit_request(request, action="edit")
        form = ProfileForm(request.POST, request.FILES)
        if form.is_valid() and _kept(request, form):
            messages.success(request, _("Your profile is saved."))
            return redirect("member", user.username)
        status = 422
    else:
        form = ProfileForm(initial=profile_initial(user, profile_shown(user), request.LANGUAGE_CODE))
        status = 200
    context = {"form": form, "topics": topic_choices(language=request.LANGUAGE_CODE)}
    return render(request, "experts/profile_edit.html", context, status=status)


def _kept(request: HttpRequest, form: ProfileForm) -> bool:
    """Keeps what the form holds; puts what the service refuses at its fields and returns False."""
    values = form.cleaned_data
    try:
        profile_update(
            user=signed_in(request),
            display_name=values["display_name"],
            bio=values["bio"],
            company=values["company"],
            role=values["role"],
            location=values["location"],
            website=values["website"],
            languages=form.levels(),
            topics=values["topics"],
            photo=values["photo"],
            photo_remove=values["photo_remove"],
        )
    except Invalid as error:
        for field, said in error.fields.items():
            form.add_error(field if field in form.fields else None, [str(words) for words in said])
        return False
    return True
