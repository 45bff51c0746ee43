"""Serving a Wagtail page: the same steps as Wagtail's own view, with two plain queries to find where to begin.

Wagtail asks for the site with a query that takes longer to build than to run, then for the language's row, then for
the home page's own table. The result is left on the request where Wagtail itself keeps it.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils import translation
from wagtail.models import Site
from wagtail.views import serve

from portal.knowledge.models import HomePage


def page_serve(request: HttpRequest, path: str) -> HttpResponse:
    """Serves the page at ``path`` below the home page of the current language."""
    site = _site(request)
    home = None
    if site is not None:
        request._wagtail_site = site  # type: ignore[attr-defined]
        home = (
            HomePage.objects.select_related("locale")
            .filter(translation_key=site.root_page.translation_key, locale__language_code=translation.get_language())
            .first()
        )
    if home is not None and home.live:
        try:
            found = home.route(request, [part for part in path.split("/") if part])
        except Http404:
            found = None
        request._wagtail_route_for_request = found  # type: ignore[attr-defined]
    response: HttpResponse = serve(request, path)
    return response


def _site(request: HttpRequest) -> Site | None:
    """Returns the site that Wagtail would find: of this host and port, else of this host, else the default one."""
    host, _port = split_domain_port(request.get_host())
    sites = list(Site.objects.select_related("root_page"))
    named = [site for site in sites if site.hostname == host]
    for site in named:
        if str(site.port) == request.get_port():
            return site
    default = next((site for site in sites if site.is_default_site), None)
    return named[0] if len(named) == 1 and default not in named else default
