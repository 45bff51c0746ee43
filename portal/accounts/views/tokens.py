"""A member's API tokens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.forms import TokenForm
from portal.accounts.selectors import signed_in, tokens_of
from portal.accounts.services import token_create, token_delete
from portal.core.limits import limit_request


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """Lists the tokens and makes new ones. A new one is shown in the answer to its making, and nowhere again."""
    user, form = signed_in(request), TokenForm(request.POST or None)
    made, status = "", 200
    if request.method == "POST":
        limit_request(request, action="edit")
        if form.is_valid():
            made, form = token_create(user=user, name=form.cleaned_data["name"]), TokenForm()
        else:
            status = 422
    context = {"form": form, "made": made, "tokens": tokens_of(user=user)}
    return render(request, "account/tokens.html", context, status=status)


@login_required
@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Takes a token back at once."""
    token_delete(user=signed_in(request), token_id=token_id)
    messages.success(request, _("The token no longer works."))
    return redirect("account_tokens")
