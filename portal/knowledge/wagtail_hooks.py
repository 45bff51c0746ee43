"""What the portal adds to Wagtail's admin and rendering."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.core.permissions import may_moderate

from .models import Author
from .selectors.bodies import KnownPageLinks
from .selectors.comments import comments_to_look_at
from .views.moderation import comment_queue


class CommentsSummaryItem(SummaryItem):
    """How many comments wait, on the first page of the admin, for who may act on them."""

    order = 400
    template_name = "knowledge/admin/summary.html"

    def get_context_data(self, parent_context: Any) -> dict[str, int]:
        """Returns what the template shows."""
        return {"waiting": comments_to_look_at().count()}

    def is_shown(self) -> bool:
        """Whether the reader of the admin may act on comments."""
        return may_moderate(self.request.user)


class CommentQueueItem(MenuItem):
    """An entry of the admin's menu that only the staff sees."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader of the admin may act on comments."""
        return may_moderate(request.user)


class AuthorViewSet(SnippetViewSet):
    """The authors' profiles under Snippets."""

    model = Author
    icon = "user"
    list_display = ["name", "user"]
    search_fields = ["name"]


register_snippet(AuthorViewSet)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def register_comment_queue() -> list[URLPattern]:
    """The staff's list of comments."""
    return [path("reports/comments/", comment_queue, name="knowledge-comment-queue")]


@hooks.register("construct_homepage_summary_items")  # type: ignore[untyped-decorator]
def add_comments_summary(request: HttpRequest, items: list[SummaryItem]) -> None:
    """Puts the waiting comments beside the counts of pages, images and documents."""
    items.append(CommentsSummaryItem(request))


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]
def register_comment_queue_item() -> MenuItem:
    """The list's entry under Reports, for those who may act there."""
    return CommentQueueItem(
        _("Comments"), reverse("knowledge-comment-queue"), name="comments", icon_name="comment", order=900
    )


@hooks.register("register_rich_text_features", order=100)  # type: ignore[untyped-decorator]  # Wagtail ships no types
def register_page_links(features: Any) -> None:
    """Lets links to pages in rich text take the addresses that are already known."""
    features.register_link_type(KnownPageLinks)
