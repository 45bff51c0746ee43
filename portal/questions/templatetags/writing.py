"""How templates show what members wrote."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.core.link_cards import with_link_cards

register = template.Library()
KEPT = "shown_bodies"


@register.simple_tag(takes_context=True)
def shown_body(context: template.RequestContext, post: Any) -> SafeString:
    """Draws the words of a post: its HTML, with bare links to our own pages shown by title.

    On a question's page the links of all its posts are looked up together, when the first post is drawn.
    """
    kept = of_page(context, KEPT)
    if not kept:
        texts = list(dict.fromkeys(_texts(context.get("view"))))
        kept.update(zip(texts, with_link_cards(texts), strict=True))
    if post.body_html not in kept:
        kept[post.body_html] = with_link_cards([post.body_html])[0]
    # What is kept was cleaned when it was rendered, and the titles are escaped.
    return SafeString(kept[post.body_html])


@register.simple_tag(takes_context=True)
def remark_forms(context: template.RequestContext) -> SafeString:
    """Draws the forms of a comment and of a reply, from which the page's script makes the one that is begun."""
    form = context.get("comment_form")
    once = form["once"].value() if form is not None else ""
    forms = (
        render_to_string("questions/remark_form.html", {"once": once, "reply": reply}, request=context.request)
        for reply in (False, True)
    )
    # Drawn by a template, which escapes what it is given.
    return SafeString("".join(forms))


def of_page(context: template.Context, name: str) -> dict[Any, Any]:
    """Returns what a page keeps under a name while it is drawn.

    It lies at the bottom of the stack, where it outlives the template that is included for one post.
    """
    base: dict[str, dict[Any, Any]] = context.dicts[0]
    return base.setdefault(name, {})


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
