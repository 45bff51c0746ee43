"""The search page and the parts of pages that search while one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.selectors import reading_languages
from portal.core.limits import limit_request

from .chips import narrowing_of, words_without_operators
from .forms import PAGE_SIZE, SORT_NAMES, SearchQuery
from .models import Frequency, Surface
from .rows import pages_of, rows_of
from .selectors import search_run, similar_run, suggest_run
from .services.searches import search_record
from .visitors import visitor_of


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The results page. Without words it lists everything, newest first."""
    limit_request(request, action="search")
    query = SearchQuery.read(request.GET)
    reads = reading_languages(request.user, request.LANGUAGE_CODE)
    page = search_run(user=request.user, request=query.request(reads))
    visitor = visitor_of(request)
    search_id = search_record(
        visitor=visitor,
        surface=Surface.PAGE,
        language=request.LANGUAGE_CODE,
        text=query.text,
        page=page,
        filters=query.filters(),
    )
    words = words_without_operators(query.text)
    context = {
        "query": query,
        "search_id": search_id,
        "visitor_known": bool(visitor.key),
        "page": page,
        "rows": rows_of(page.results, reads, before=(query.page - 1) * PAGE_SIZE),
        "sorts": [(query.sorted_by(sort).address(), sort, label) for sort, label in SORT_NAMES.items()],
        "pages": pages_of(query, page.total),
        "bare_text": words,
        "order": query.sort if words or query.sort != "relevance" else "newest",
        **narrowing_of(query=query, page=page, language=request.LANGUAGE_CODE),
        "frequencies": Frequency.choices,
    }
    return render(request, "discovery/search.html", context)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The list below a search field, as HTML, kind by kind. The API tells the same as JSON."""
    limit_request(request, action="suggest")
    text = request.GET.get("q", "")
    page = suggest_run(user=request.user, text=text, language=request.LANGUAGE_CODE)
    search_id = search_record(
        visitor=visitor_of(request), surface=Surface.SUGGEST, language=request.LANGUAGE_CODE, text=text, page=page
    )
    return render(request, "discovery/suggestions.html", {"page": page, "search_id": search_id})


@require_safe
def similar(request: HttpRequest) -> HttpResponse:
    """Earlier questions for the title being typed on the ask page."""
    limit_request(request, action="suggest")
    title = request.GET.get("title", "").strip()
    page = None
    if len(title) >= 5:
        language = request.GET.get("language") or request.LANGUAGE_CODE
        known = [("question", each) for each in request.GET.getlist("exclude") if each.isascii() and each.isdigit()]
        page = similar_run(
            user=request.user, title=title, body=request.GET.get("body", ""), language=language, exclude=known
        )
    return render(request, "discovery/similar.html", {"page": page, "title": title})
