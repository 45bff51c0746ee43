"""What the portal adds to Wagtail's admin and rendering."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.core.permissions import may_moderate

from .models import Author
from .selectors.bodies import KnownPageLinks
from .views.moderation import comment_queue


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
