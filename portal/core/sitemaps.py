"""Sitemaps on the portal's own address (Django's ask the sites framework, which knows nothing of the port in use)."""

from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

Row = TypeVar("Row", bound=Model)


class PortalSitemap(Sitemap[Row], Generic[Row]):
    """A sitemap of rows that have ``get_absolute_url``, in pages of 5,000."""

    limit = 5000

    def get_domain(self, site: Any = None) -> str:
        """Returns the host and port under which the portal is known."""
        return urlsplit(settings.PORTAL_BASE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        """Returns ``http`` or ``https``."""
        return urlsplit(settings.PORTAL_BASE_URL).scheme


@require_safe
def sitemap_index(request: HttpRequest, sitemaps: dict[str, type[PortalSitemap[Any]]]) -> HttpResponse:
    """``/sitemap.xml``: where each page of each sitemap lies."""
    places = []
    for section, kind in sitemaps.items():
        path = settings.PORTAL_BASE_URL + reverse("sitemap-section", args=[section])
        places += [{"location": path if page == 1 else f"{path}?p={page}"} for page in kind().paginator.page_range]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": places}, content_type="application/xml")
