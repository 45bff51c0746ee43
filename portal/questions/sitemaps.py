"""Questions for search engines."""

from datetime import datetime

from django.db.models import QuerySet

from portal.core.sitemaps import PortalSitemap
from portal.questions.models import Question
from portal.questions.selectors.access import questions_visible_to


class QuestionSitemap(PortalSitemap[Question]):
    """Every question that everybody may see."""

    def items(self) -> QuerySet[Question]:
        """Returns the questions, oldest first so that pages of the sitemap stay as they are."""
        return questions_visible_to(None).only("id", "slug", "language", "last_activity_at").order_by("pk")

    def lastmod(self, item: Question) -> datetime:
        """Returns when something last happened to a question."""
        return item.last_activity_at
