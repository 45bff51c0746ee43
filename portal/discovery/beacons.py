"""What a page tells on its way: that its search was seen, and which result was opened.

A browser sends these by itself (the ``ping`` of a link, ``sendBeacon``), so they carry no CSRF token. They need none:
they change nothing of the sender's, only count for the search whose mark they bring, and only a page of that search
holds its marks. Every answer is empty.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.core.limits import limit_request

from .services.searches import search_open_record, search_visitor_record
from .signatures import result_named, search_named
from .visitors import refuses_tracking, visitor_begun, visitor_keep


def is_own_page(request: HttpRequest) -> bool:
    """Whether the request does not say that another site's page sent it."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    ours = f"{request.scheme}://{request.get_host()}"
    return site == "same-origin" and origin in (None, ours)


@csrf_exempt
@require_POST
def seen(request: HttpRequest, mark: str) -> HttpResponse:
    """The script of a results page is at work: the search gets its visitor, a new one a cookie."""
    search_id = search_named(mark)
    if search_id is None or not is_own_page(request):
        return HttpResponse(status=404)
    limit_request(request, action="beacon")
    visitor, response = visitor_begun(request), HttpResponse(status=204)
    search_visitor_record(search_id=search_id, visitor=visitor)
    visitor_keep(request, response, visitor)
    return response


@csrf_exempt
@require_POST
def opened(request: HttpRequest, mark: str) -> HttpResponse:
    """A result was opened."""
    shown = result_named(mark)
    if shown is None or not is_own_page(request):
        return HttpResponse(status=404)
    limit_request(request, action="beacon")
    visitor, response = visitor_begun(request), HttpResponse(status=204)
    if not refuses_tracking(request):
        # A program may tell it too: it has the mark, but is no visitor.
        search_visitor_record(search_id=shown.search_id, visitor=visitor)
        search_open_record(shown=shown)
        visitor_keep(request, response, visitor)
    return response
