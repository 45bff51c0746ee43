"""What becomes of a member's Markdown in a post, a preview and a comment alike: one path for all of them."""

import re
from collections.abc import Collection

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from portal.accounts.models import User
from portal.accounts.selectors import members_visible_to
from portal.core.markdown import render_mentioning
from portal.questions.models import Upload

from .uploads import upload_keys

PICTURE = re.compile(r'<img src="/uploads/([A-Za-z0-9_-]{22})/[^"]*"(?![^>]*\swidth=)')


def body_html(body: str, *, language: str = "") -> str:
    """Returns the HTML of a post's Markdown: coloured code, mentions as links, pictures with their sizes.

    language: under whose prefix mentions lead; empty for that of the request.
    """
    return body_read(body, language=language)[0]


def body_read(body: str, *, language: str = "") -> tuple[str, list[str]]:
    """Returns the HTML of a post's Markdown and the usernames of the members that it mentions."""
    html, named = render_mentioning(body, members=lambda names: member_paths(names, language))
    return _sized(html), named


def member_paths(names: Collection[str], language: str = "") -> dict[str, str]:
    """Returns the path of a member's page for each name that one bears; ``Kenji`` finds ``kenji`` too."""
    wanted = {*names, *(name.lower() for name in names)}
    found = set(members_visible_to(None).filter(username__in=wanted).values_list("username", flat=True))
    paths = {}
    with translation.override(_prefix(language)):
        for name in names:
            known = name if name in found else name.lower()
            if known in found:
                paths[name] = reverse("member", args=[known])
    return paths


def members_named(names: Collection[str]) -> list[User]:
    """Returns the members that these names, as they were written, stand for."""
    wanted = {*names, *(name.lower() for name in names)}
    found = {user.username: user for user in members_visible_to(None).filter(username__in=wanted)}
    members = [found.get(name) or found.get(name.lower()) for name in names]
    return list({user.pk: user for user in members if user is not None}.values())


def _prefix(language: str) -> str:
    ours = {code for code, _name in settings.LANGUAGES}
    return language if language in ours else (translation.get_language() or settings.LANGUAGE_CODE)


def _sized(html: str) -> str:
    """Returns the HTML with the sizes of our own pictures, so that a page does not jump while they come."""
    keys = upload_keys(html) if "<img" in html else []
    if not keys:
        return html
    sizes = {
        key: f' width="{width}" height="{height}"'
        for key, width, height in Upload.objects.filter(key__in=keys, width__isnull=False).values_list(
            "key", "width", "height"
        )
    }

    def sized(match: re.Match[str]) -> str:
        return match.group(0) + sizes.get(match.group(1), "")

    return PICTURE.sub(sized, html)
