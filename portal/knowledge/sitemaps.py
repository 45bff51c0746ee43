"""Articles, news and their indexes for search engines."""

from datetime import datetime

from django.db.models import QuerySet
from wagtail.models import Page

from portal.core.sitemaps import PortalSitemap

from .selectors.access import pages_visible_to


class PageSitemap(PortalSitemap[Page]):
    """Every live page that everybody may see."""

    def items(self) -> QuerySet[Page]:
        """Returns the pages below the roots of the languages, in a stable order."""
        return pages_visible_to(None).filter(depth__gt=1).order_by("pk")

    def location(self, item: Page) -> str:
        """Returns the path of a page."""
        return str(item.get_url() or "/")

    def lastmod(self, item: Page) -> datetime | None:
        """Returns when a page was last published."""
        published: datetime | None = item.last_published_at
        return published
