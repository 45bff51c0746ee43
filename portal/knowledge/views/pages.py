"""What each kind of Wagtail page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page

from portal.core.home import page_sections
from portal.knowledge.forms import CommentForm
from portal.knowledge.models import ArticlePage, HomePage, KnowledgeIndexPage, NewsIndexPage, SectionPage
from portal.knowledge.models.serving import shows
from portal.knowledge.selectors.articles import Place, article_view, home_view, index_view
from portal.knowledge.selectors.comments import article_comments


def _address(request: HttpRequest, page: Page, place: Place) -> dict[str, Any]:
    """Returns what every page tells of its address: the canonical one and those of its translations."""
    return {
        "canonical": settings.PORTAL_BASE_URL + (page.get_url(request) or "/"),
        "language_urls": place.languages.own,
        "language_nearest": place.languages.nearest,
    }


@shows(HomePage)
def home(request: HttpRequest, page: HomePage) -> dict[str, Any]:
    """The front page: what is alive in the areas above, then articles and news."""
    view = home_view(request, page)
    return {"view": view, "sections": page_sections("home", request), **_address(request, page, view.place)}


@shows(KnowledgeIndexPage)
@shows(NewsIndexPage)
@shows(SectionPage)
def index(request: HttpRequest, page: KnowledgeIndexPage | NewsIndexPage | SectionPage) -> dict[str, Any]:
    """A list of articles or news."""
    view = index_view(request, page)
    return {"view": view, **_address(request, page, view.place)}


@shows(ArticlePage)
def article(request: HttpRequest, page: ArticlePage) -> dict[str, Any]:
    """An article or a piece of news."""
    view = article_view(request, page, keep=not getattr(request, "is_preview", False))
    # The preview of a page that was never saved has none.
    comments = article_comments(user=request.user, page=page) if page.pk else None
    form = CommentForm(page) if comments is not None and comments.may_comment else None
    return {"view": view, "comments": comments, "comment_form": form, **_address(request, page, view.place)}
