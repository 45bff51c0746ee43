"""The front page of each language and the pages that list others."""

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.url_routing import RouteResult

from .article import ArticlePage
from .serving import PortalPage


class CommentsPolicy(models.TextChoices):
    """When a member's comment is shown."""

    OPEN = "open", _("At once")
    FIRST = "first", _("A member's first comment waits for the staff")
    ALL = "all", _("Every comment waits for the staff")


class HomePage(PortalPage):
    """The front page of one language: search first, then what is alive."""

    headline = models.CharField(_("headline"), max_length=120)
    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("headline"), FieldPanel("intro")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["knowledge.KnowledgeIndexPage", "knowledge.NewsIndexPage"]
    template = "knowledge/home.html"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Finds an article by its whole path at once, with what its page shows of its author.

        Wagtail goes down the tree level by level, two queries for each; it still does for every other kind of page.
        """
        if path_components:
            path = f"{self.url_path}{'/'.join(path_components)}/"
            found = ArticlePage.objects.filter(url_path=path, live=True)
            parts = found.select_related("author__user", "author__photo", "locale").prefetch_related("author__texts")
            article = parts.first()
            if article is not None:
                return RouteResult(article)
        return super().route(request, path_components)


class IndexPage(PortalPage):
    """What the pages that list articles and news share."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)
    comments_policy = models.CharField(
        _("comments below are shown"),
        max_length=8,
        choices=CommentsPolicy.choices,
        default=CommentsPolicy.OPEN,
        help_text=_("What waits is listed under Reports › Comments."),
    )

    content_panels = [*PortalPage.content_panels, FieldPanel("intro")]
    settings_panels = [
        *PortalPage.settings_panels,
        MultiFieldPanel([FieldPanel("comments_policy")], heading=_("Comments")),
    ]
    max_count_per_parent = 1

    class Meta:
        abstract = True


class KnowledgeIndexPage(IndexPage):
    """All articles of one language."""

    parent_page_types = ["knowledge.HomePage"]
    subpage_types = ["knowledge.SectionPage", "knowledge.ArticlePage"]
    template = "knowledge/index.html"


class NewsIndexPage(IndexPage):
    """All news of one language."""

    parent_page_types = ["knowledge.HomePage"]
    subpage_types = ["knowledge.NewsPage"]
    template = "knowledge/news_index.html"


class SectionPage(PortalPage):
    """Articles that belong together, below the knowledge index."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("intro")]
    parent_page_types = ["knowledge.KnowledgeIndexPage"]
    subpage_types = ["knowledge.ArticlePage"]
    template = "knowledge/section.html"
