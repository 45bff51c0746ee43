"""What the portal adds to Wagtail's admin and rendering."""

from typing import Any

from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Author
from .selectors.bodies import KnownPageLinks


class AuthorViewSet(SnippetViewSet):
    """The authors' profiles under Snippets."""

    model = Author
    icon = "user"
    list_display = ["name", "user"]
    search_fields = ["name"]


register_snippet(AuthorViewSet)


@hooks.register("register_rich_text_features", order=100)  # type: ignore[untyped-decorator]  # Wagtail ships no types
def register_page_links(features: Any) -> None:
    """Lets links to pages in rich text take the addresses that are already known."""
    features.register_link_type(KnownPageLinks)
