"""How templates show what members wrote."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.utils.safestring import SafeString

from portal.core.link_cards import with_link_cards

register = template.Library()
KEPT = "shown_bodies"


@register.simple_tag(takes_context=True)
def shown_body(context: template.RequestContext, post: Any) -> SafeString:
    """Draws the words of a post: its HTML, with bare links to our own pages shown by title.

    On a question's page the links of all its posts are looked up together, when the first post is drawn.
    """
    kept: dict[str, str] | None = context.get(KEPT)
    if kept is None:
        texts = list(dict.fromkeys(_texts(context.get("view"))))
        # At the bottom of the stack, where it outlives the template that is included for one post.
        kept = dict(zip(texts, with_link_cards(texts), strict=True))
        base: dict[str, Any] = context.dicts[0]
        base[KEPT] = kept
    if post.body_html not in kept:
        kept[post.body_html] = with_link_cards([post.body_html])[0]
    # What is kept was cleaned when it was rendered, and the titles are escaped.
    return SafeString(kept[post.body_html])


def _texts(view: Any) -> Iterator[str]:
    """Yields the words of every post on a question's page."""
    if view is None:
        return
    for item in (view.asked, *view.answers):
        yield item.post.body_html
        yield from _spoken(item.comments)


def _spoken(entries: Any) -> Iterator[str]:
    for entry in entries:
        yield entry.comment.body_html
        yield from _spoken(entry.replies)
