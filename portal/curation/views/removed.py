"""What the staff removed, and the way back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.curation.models import Promotion, TermEntry
from portal.curation.selectors.rights import Kept, require_curator
from portal.curation.services.entries import curated_restore

URL_NAME = "curation-removed"
MOST = 200
MODELS: dict[str, type[Kept]] = {"termentry": TermEntry, "promotion": Promotion}


@require_http_methods(["GET", "POST"])
def removed(request: HttpRequest, kind: str) -> HttpResponse:
    """Lists the removed entries of a kind, the last first, and brings one back as a draft."""
    model = MODELS.get(kind)
    if model is None:
        raise Http404
    require_curator(request.user, model, "delete")
    found = model.objects.filter(removed_at__isnull=False)
    if request.method == "POST":
        number = request.POST.get("item", "")
        item: Kept = get_object_or_404(found, pk=number if number.isascii() and number.isdigit() else 0)
        curated_restore(item=item, user=request.user)
        messages.success(request, _("“%(name)s” is back as a draft. Publish it to put it in force.") % {"name": item})
        return redirect(request.path)
    context = {
        "items": found.order_by("-removed_at")[:MOST],
        "list_url": model.snippet_viewset.get_url_name("list"),
        "title": model._meta.verbose_name_plural,
    }
    return render(request, "curation/admin/removed.html", context)
