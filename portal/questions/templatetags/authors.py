"""Authors in templates: the only way from a post to the name under it."""

from typing import Any
from urllib.parse import quote

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.questions.models import Answer, Post, Question
from portal.questions.selectors.authors import ShownAuthor, author_shown, person_shown

from .writing import of_page

register = template.Library()


@register.simple_tag(takes_context=True)
def post_author(context: template.RequestContext, post: Post, points: bool = False) -> SafeString:
    """Draws the chip of a post's author as the reader of the page may know her; ``points``: with her reputation."""
    return _chip(context, author_shown(reader=_reader(context), post=post), points)


@register.simple_tag(takes_context=True)
def person_in(
    context: template.RequestContext, question: Question, person: Any, name: str = "", post: Post | None = None
) -> SafeString:
    """Draws the chip of somebody who did something to a question, or to ``post`` below it."""
    shown = person_shown(reader=_reader(context), question=question, person=person, name=name, post=post)
    return _chip(context, shown, points=False)


@register.inclusion_tag("questions/post_data.html", takes_context=True)
def post_data(context: dict[str, Any], post: Question | Answer) -> dict[str, Any]:
    """Says to search engines what a post is (microdata of schema.org): what any stranger may know of it."""
    shown = author_shown(reader=None, post=post)
    base = context["request"].build_absolute_uri("/").rstrip("/")
    member = shown.member
    return {
        "post": post,
        "question": post if isinstance(post, Question) else None,
        "created": post.created_at.isoformat(),
        "edited": post.edited_at.isoformat() if post.edited_at else "",
        "url": base + post.get_absolute_url(),
        "name": member.shown_name if member else "" if shown.anonymous else shown.name,
        "profile": f"{base}/{get_language()}/members/{quote(member.username)}/" if member else "",
    }


def _reader(context: template.Context) -> Any:
    return getattr(context.get("request"), "user", None)


def _chip(context: template.Context, shown: ShownAuthor, points: bool) -> SafeString:
    """Draws a chip; who wrote much of a page is drawn once."""
    drawn = of_page(context, "author_chips")
    key = (shown.member.pk if shown.member else None, shown.name, shown.anonymous, points)
    if key not in drawn:
        chip = {"member": shown.member, "name": shown.name, "points": points, "anonymous": shown.anonymous}
        drawn[key] = render_to_string("components/author_chip.html", chip).rstrip()
    return SafeString(drawn[key])
