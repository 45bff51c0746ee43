"""Articles and news: pages by a named author."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from portal.core.models import Topic

from .author import Author
from .blocks import ArticleBody
from .serving import PortalPage


class ArticleTopic(ItemBase):
    """An article has a topic."""

    tag = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="article_items")
    content_object = ParentalKey("knowledge.ArticlePage", on_delete=models.CASCADE, related_name="topic_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="one_topic_once_per_article")]


class ArticlePage(PortalPage):
    """An article of the knowledge base. News are articles too (``NewsPage``): one table holds what both have."""

    summary = models.TextField(
        _("summary"), max_length=300, help_text=_("One or two sentences: what the reader will find here.")
    )
    body = StreamField(ArticleBody(), verbose_name=_("body"), blank=True)
    author = models.ForeignKey(
        Author,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="articles",
        help_text=_("Shown with name, photo and job title."),
    )
    reviewed_at = models.DateField(
        _("last reviewed"), null=True, blank=True, help_text=_("When somebody last checked that all of this holds.")
    )
    comments_open = models.BooleanField(_("readers may comment"), default=True)
    topics = ClusterTaggableManager(through=ArticleTopic, blank=True, verbose_name=_("topics"))

    content_panels = [
        *PortalPage.content_panels,
        FieldPanel("summary"),
        FieldPanel("author"),
        FieldPanel("topics"),
        FieldPanel("body"),
    ]
    settings_panels = [
        *PortalPage.settings_panels,
        FieldPanel("reviewed_at"),
        MultiFieldPanel([FieldPanel("comments_open")], heading=_("Comments")),
    ]
    # Wagtail's own search serves the admin only; readers search with the portal's (portal/knowledge/indexing.py).
    search_fields = [*PortalPage.search_fields, index.SearchField("summary")]
    override_translatable_fields = [
        SynchronizedField("author", overridable=False),
        SynchronizedField("topic_items", overridable=False),
        SynchronizedField("reviewed_at", overridable=False),
        SynchronizedField("comments_open"),
    ]
    parent_page_types = ["knowledge.KnowledgeIndexPage", "knowledge.SectionPage"]
    subpage_types: list[str] = []
    template = "knowledge/article.html"

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class NewsPage(ArticlePage):
    """A piece of news."""

    parent_page_types = ["knowledge.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "knowledge/article.html"

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")
