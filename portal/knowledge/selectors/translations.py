"""The same page in the other languages."""

from dataclasses import dataclass

from django.http import HttpRequest
from wagtail.models import Page


@dataclass(frozen=True, slots=True)
class LanguageUrls:
    """Where the language switcher leads: to the live translations (``own``), else to what is ``nearest`` to one."""

    own: dict[str, str]
    nearest: dict[str, str]


def language_urls(request: HttpRequest, page: Page, ancestors: list[Page]) -> LanguageUrls:
    """Returns the page's addresses by language; where it has no live translation, that of the page above it.

    ancestors: the pages above, the home page first. One query for all.
    """
    chain = [*ancestors, page]
    keys = {one.translation_key: depth for depth, one in enumerate(chain)}
    found = Page.objects.filter(translation_key__in=list(keys), live=True).select_related("locale")
    own: dict[str, str] = {}
    nearest: dict[str, tuple[int, str]] = {}
    for one in found:
        url, code, depth = one.get_url(request), one.locale.language_code, keys[one.translation_key]
        if not url:
            continue
        if one.translation_key == page.translation_key:
            own[code] = url
        if depth >= nearest.get(code, (-1, ""))[0]:
            nearest[code] = (depth, url)
    return LanguageUrls(own=own, nearest={code: url for code, (_depth, url) in nearest.items() if code not in own})
