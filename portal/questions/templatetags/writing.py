"""How templates show what members wrote."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from portal.core.link_cards import with_link_cards
from portal.questions.models import Answer, Comment, Question

register = template.Library()
KEPT = "shown_bodies"
# Characters that no text of a template has.
MARKS = {name: chr(0xE000 + place) for place, name in enumerate(("action", "place", "name", "field", "parent"))}


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
def remark_form(context: template.RequestContext, post: Question | Answer, parent: Comment | None = None) -> SafeString:
    """Draws the form of a comment below a post, or of a reply to a comment there.

    A page has one below each post and each comment, alike but for addresses and names made of numbers: the template is
    drawn once for each kind of form, with a mark where each of these stands.
    """
    drawn, kind = of_page(context, "remark_forms"), "answer" if isinstance(post, Answer) else "question"
    reply = parent is not None
    if reply not in drawn:
        form = context.get("comment_form")
        once = form["once"].value() if form is not None else ""
        marked = {**MARKS, "once": once, "reply": reply}
        drawn[reply] = render_to_string("questions/remark_form.html", marked, request=context.request)
    html = drawn[reply]
    name = f"reply-{parent.pk}" if parent else f"{kind}-{post.pk}"
    values = {
        "action": reverse("comment", args=[kind, post.pk]),
        "place": name if parent else f"{kind}-comment-{post.pk}",
        "name": name,
        "field": name if parent else f"comment-{name}",
        "parent": str(parent.pk) if parent else "",
    }
    for part, value in values.items():
        html = html.replace(MARKS[part], value)
    return SafeString(html)


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
