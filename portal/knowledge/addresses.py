"""What an address of this area is about, for who came to it by reading though it only takes forms."""

from collections.abc import Mapping
from typing import Any

from portal.core.leading_back import register_about
from portal.knowledge.selectors.comments import article_comment_visible_to


def path_about(user: Any, named: Mapping[str, Any]) -> str | None:
    """Returns the page of an article at the comment that an address names, None where it names none.

    Raises ``NotFound`` where there is none for ``user``.
    """
    if "comment_id" not in named:
        return None
    comment = article_comment_visible_to(user, named["comment_id"])
    return f"{comment.page.get_url()}#comment-{comment.pk}"


def register_addresses() -> None:
    """Lets the portal lead people back from addresses of comments on articles."""
    register_about("portal.knowledge.", path_about)
