"""A member's saved searches: keep one from the results page, look them over, change and delete them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.selectors import signed_in
from portal.core.errors import Invalid, StateForbids
from portal.core.limits import limit_request

from .models import Frequency, SavedSearch
from .saved_forms import SavedSearchForm
from .selectors import saved_search_of, saved_searches_of
from .services.saved_searches import MOST_SAVED, saved_search_change, saved_search_create, saved_search_delete


@login_required
@never_cache
@require_safe
def saved_list(request: HttpRequest) -> HttpResponse:
    """All of them, with how often each tells, and the way to its results."""
    return _listed(request)


def _listed(request: HttpRequest, bound: SavedSearchForm | None = None, status: int = 200) -> HttpResponse:
    rows: list[tuple[SavedSearch, SavedSearchForm]] = []
    for search in saved_searches_of(request.user):
        own = bound is not None and bound.instance.pk == search.pk
        form = bound if bound is not None and own else SavedSearchForm(instance=search, auto_id=f"id_{search.pk}_%s")
        rows.append((search, form))
    return render(request, "discovery/saved_searches.html", {"rows": rows, "most": MOST_SAVED}, status=status)


@require_POST
def saved_add(request: HttpRequest) -> HttpResponse:
    """Keeps the search that the form came from."""
    user = signed_in(request)
    limit_request(request, action="keep")
    try:
        saved_search_create(
            user=user,
            query=request.POST.get("query", ""),
            name=request.POST.get("name", ""),
            frequency=request.POST.get("frequency", Frequency.DAILY),
            language=request.LANGUAGE_CODE,
        )
    except StateForbids as refusal:
        messages.error(request, str(refusal))
    except Invalid as refusal:
        messages.error(request, " ".join(str(words) for said in refusal.fields.values() for words in said))
    else:
        messages.success(request, _("Your search is saved."))
    return redirect("saved-searches")


@login_required
@require_POST
def saved_change(request: HttpRequest, search_id: int) -> HttpResponse:
    """Renames a search, or changes how often it tells."""
    user = signed_in(request)
    limit_request(request, action="keep")
    search = saved_search_of(user, search_id)
    form = SavedSearchForm(request.POST, instance=search, auto_id=f"id_{search.pk}_%s")
    if not form.is_valid():
        return _listed(request, form, status=422)
    saved_search_change(user=user, search_id=search_id, **form.cleaned_data)
    messages.success(request, _("Your search is saved."))
    return redirect("saved-searches")


@login_required
@require_POST
def saved_remove(request: HttpRequest, search_id: int) -> HttpResponse:
    """Deletes a search."""
    saved_search_delete(user=signed_in(request), search_id=search_id)
    messages.success(request, _("The saved search is deleted."))
    return redirect("saved-searches")
