"""Posts on paper: nothing there can be pressed, so links say where they lead, and names stand as names.

What is printed is handed on: it tells what any stranger may know, also where its reader knows more.
"""

import re
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import unquote

from django import template
from django.conf import settings
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.questions.models import Post
from portal.questions.selectors.authors import author_shown

from .writing import shown_body

register = template.Library()

LINK = re.compile(r'<a\b([^>]*?)href="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
TAGS = re.compile(r"<[^>]+>")
MEMBER = re.compile(r"/[a-z-]{2,12}/members/")


@register.simple_tag(takes_context=True)
def printed_body(context: template.RequestContext, post: Any) -> SafeString:
    """Draws the words of a post with the address of each link behind it."""
    return SafeString(LINK.sub(_told, shown_body(context, post)))


def _told(match: re.Match[str]) -> str:
    """Returns a link with its address behind it, unless its words are that address or a member's name."""
    before, href, after, words = match.groups()
    if MEMBER.match(href) or href.startswith("#"):
        return match.group(0)
    whole = settings.PORTAL_BASE_URL + href if href.startswith("/") else href
    link = f'<a{before}href="{whole}"{after}>{words}</a>'
    if _bare(unescape(TAGS.sub("", words))) in (_bare(unescape(whole)), _bare(unescape(href))):
        return link
    return f'{link} <span class="print-address" dir="ltr">({whole})</span>'


def _bare(address: str) -> str:
    return re.sub(r"^(https?://|mailto:)", "", unquote(address.strip())).rstrip("/")


@register.simple_tag
def printed_author(post: Post) -> str:
    """Returns the name under a post, as any stranger may know it."""
    shown = author_shown(reader=None, post=post)
    name = shown.member.shown_name if shown.member else shown.name
    return format_html("<bdi>{}</bdi>", name or _("a former member"))


@register.simple_tag
def printed_time(moment: datetime) -> str:
    """Returns a date in full: "3 hours ago" says nothing on paper."""
    return format_html(
        '<time datetime="{}">{}</time>',
        moment.isoformat(),
        formats.date_format(timezone.localtime(moment), "DATE_FORMAT"),
    )
