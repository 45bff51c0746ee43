"""Before publishing: what an entry of the termbase would change."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.core.limits import limit_request
from portal.core.templatetags.design import language_name
from portal.curation.forms.validity import lines_of
from portal.curation.models import TermEntry
from portal.curation.selectors.effects import MOST_QUERIES, effects_of, queries_asked, queries_of
from portal.curation.selectors.rights import require_curator
from portal.curation.selectors.termbase import conflicts_of, entries_kept

from .words import conflict_told

URL_NAME = "termbase-effect"
LONGEST = 2_000


@require_safe
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows sample queries before and after: those typed, or terms of the entry and what readers asked lately."""
    require_curator(request.user, TermEntry)
    limit_request(request, action="search")
    entry: TermEntry = get_object_or_404(entries_kept(), pk=pk).get_latest_revision_as_object()
    codes = [code for code, _name in settings.LANGUAGES]
    wanted = request.GET.get("language", get_language() or "")
    language = wanted if wanted in codes else settings.LANGUAGE_CODE
    typed = lines_of(request.GET.get("q", "")[:LONGEST])[:MOST_QUERIES]
    asked = queries_asked(entry)
    queries = typed or list(dict.fromkeys([*queries_of(entry, language), *asked]))
    context = {
        "entry": entry,
        "edit_url": reverse(TermEntry.snippet_viewset.get_url_name("edit"), args=[entry.pk]),
        "typed": "\n".join(queries[:MOST_QUERIES]),
        "asked": asked,
        "language": language,
        "languages": [(code, language_name(code)) for code in codes],
        "effects": effects_of(entry=entry, queries=queries, language=language, user=request.user),
        "conflicts": [conflict_told(each) for each in conflicts_of(entry)],
        "most": MOST_QUERIES,
    }
    return render(request, "curation/admin/effect.html", context)
