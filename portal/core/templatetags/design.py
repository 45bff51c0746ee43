"""Template tags of the design system: icons, relative times, language names and links.

The components themselves are plain HTML and the partials under ``templates/components/``;
``docs/explanation/design-system.md`` shows each one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import translate_url
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from portal.core.markdown import plain_text, render_markdown

register = template.Library()
EXCERPTED = 1_000
"""Characters of Markdown that an excerpt is taken from."""

SPRITE = "img/icons.svg"
"""The one file that holds every icon; its symbols' ids are the names given to ``icon``."""

FLIPPED = frozenset({"next", "previous", "reply", "sign-in", "sign-out", "list", "list-ordered", "menu", "edit"})
"""Icons that point along the line of reading, and so turn round in right-to-left pages."""


AVATAR_SIZES = {"small": 24, "": 32, "medium": 44, "large": 72, "huge": 112}
"""The sizes of pictures of people, in CSS pixels; the sheet scales with the text."""


QUESTION_PATH = re.compile(r"/(?P<code>[a-z-]+)/(?P<rest>questions/\d.*)", re.DOTALL)


@dataclass(frozen=True)
class LanguageLink:
    """One entry of the language switcher: the same page in another language, or (``same`` False) what is nearest."""

    code: str
    name: str
    url: str
    current: bool
    bidi: bool
    same: bool = True

    @property
    def dir(self) -> str:
        """``rtl`` or ``ltr``, the direction of the language's own name."""
        return "rtl" if self.bidi else "ltr"


@register.simple_tag
@lru_cache(maxsize=1_000)
def icon(name: str, label: str = "") -> SafeString:
    """Draw the icon ``name``; with ``label`` it speaks, without it is decoration only. A page has hundreds of them."""
    classes = "icon icon-flip" if name in FLIPPED else "icon"
    address = f"{static(SPRITE)}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, address
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, address)


@register.simple_tag
def avatar(member: Any, size: str = "") -> SafeString:
    """The member's picture, decoration beside the name; ``size`` is small, medium, large, huge or empty (32 px).

    ``member`` is a user, or None where the author has no account here. A ``photo_url`` on the member (or
    ``photo_large_url`` for the two largest sizes) wins over the drawn picture.
    """
    name = getattr(member, "username", "") or "-"
    photo = "photo_large_url" if size in ("large", "huge") else "photo_url"
    source = getattr(member, photo, "") or f"/avatars/{quote(str(name), safe='')}.svg"
    pixels = AVATAR_SIZES.get(size, AVATAR_SIZES[""])
    classes = f"avatar avatar-{size}" if size else "avatar"
    return format_html(
        '<img class="{}" src="{}" alt="" width="{}" height="{}" loading="lazy" decoding="async">',
        classes, source, pixels, pixels,
    )  # fmt: skip


@register.simple_tag
def medal(tier: str, label: str = "") -> SafeString:
    """Draw the medal of a badge; ``tier`` is ``bronze``, ``silver`` or ``gold``."""
    inner = format_html('<use href="{}"></use>', f"{static(SPRITE)}#medal")
    speech = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<span class="medal-{}"><svg class="medal-mark" {}>{}</svg></span>', tier, speech, inner)


@register.simple_tag
def relative_time(moment: datetime | None) -> SafeString:
    """A ``<time>`` that says the date, and which js/times.js turns into "3 hours ago" in the page's language."""
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return _time(moment.isoformat(), local, get_language() or "")


@lru_cache(maxsize=10_000)
def _time(stamp: str, local: datetime, language: str) -> SafeString:
    """A page has as many times as posts and comments, and each is formatted twice: the language decides how."""
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>',
        stamp,
        formats.date_format(local, "DATETIME_FORMAT"),
        formats.date_format(local, "DATE_FORMAT"),
    )


@register.filter
def plain(html: str) -> str:
    """Returns the words of cleaned HTML, for an excerpt: what was escaped there is not escaped twice."""
    return plain_text(html)


@register.filter
def markdown_plain(text: str) -> str:
    """Returns the words at the beginning of somebody's Markdown, for an excerpt of a few lines."""
    return plain_text(render_markdown(text[:EXCERPTED]))


@register.filter("language_own_name")
def language_name(code: str) -> str:
    """The language's name in its own letters ("Русский"), or the code when Django does not know it."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


@register.filter
def language_dir(code: str) -> str:
    """``rtl`` or ``ltr`` for a language code, ``auto`` when Django does not know it."""
    try:
        return "rtl" if get_language_info(code)["bidi"] else "ltr"
    except KeyError:
        return "auto"


@register.filter
def in_this_language(path: str) -> str:
    """The address of a question's page under the reader's own language, so that the frame around it stays as it was.

    A question's own address is under the language it is written in; its page exists under every one. Other
    addresses (an article has one page for each language) come back as they are.
    """
    match = QUESTION_PATH.match(path)
    return f"/{get_language()}/{match['rest']}" if match and match["code"] in _known_languages() else path


@register.simple_tag(takes_context=True)
def language_links(context: dict[str, Any]) -> list[LanguageLink]:
    """The page in each language of the site, for the switcher and for ``hreflang``.

    A view that knows better (an article whose translation has another slug) puts
    ``language_urls``, a mapping of code to address, into the context; a language
    missing from that mapping leads to ``language_nearest[code]`` (the list above an
    untranslated article), else to its home page, and is no ``hreflang`` of the page.
    """
    return list(_language_links(context))


def _language_links(context: dict[str, Any]) -> Iterator[LanguageLink]:
    request = context.get("request")
    known: dict[str, str] | None = context.get("language_urls")
    nearest: dict[str, str] = context.get("language_nearest") or {}
    here = get_language()
    path = request.get_full_path() if request is not None else "/"
    for code, _name in settings.LANGUAGES:
        home = f"/{code}/"
        other = nearest.get(code, home)
        url = known.get(code, other) if known is not None else (translate_url(path, code) or home)
        bidi = bool(get_language_info(code)["bidi"]) if code in _known_languages() else False
        same = known is None or code in known
        yield LanguageLink(code, language_name(code), url, code == here, bidi, same)


def _known_languages() -> frozenset[str]:
    return frozenset(code for code, _name in settings.LANGUAGES)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The current query string with ``changes`` applied, led by ``?``; a value of None or "" drops the key."""
    request = context.get("request")
    params = request.GET.copy() if request is not None else None
    if params is None:
        return "?" + urlencode({key: value for key, value in changes.items() if value not in (None, "")})
    for key, value in changes.items():
        if value in (None, ""):
            params.pop(key, None)
        else:
            params[key] = str(value)
    return f"?{params.urlencode()}" if params else "?"


@register.simple_tag(takes_context=True)
def current(context: dict[str, Any], prefix: str) -> SafeString:
    """``aria-current="page"`` where the request's path lies under ``prefix`` (an address below the language's)."""
    request = context.get("request")
    if request is not None and request.path.startswith(f"/{get_language()}{prefix}"):
        return SafeString('aria-current="page"')
    return SafeString("")
