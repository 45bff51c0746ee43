"""The same page in the other languages."""

from dataclasses import dataclass

from django.http import HttpRequest
from wagtail.models import Page


@dataclass(frozen=True, slots=True)
class LanguageUrls:
    """Where the language switcher leads: to the live translations (``own``), else to what is ``nearest`` to one."""

    own: dict[str, str]
    nearest: dict[str, str]


def lineage_of(page: Page) -> tuple[list[Page], list[Page]]:
    """Returns the pages from the home page down to ``page``, and every live translation of them: one query for all."""
    step = Page.steplen  # letters of a path for each level of the tree; the first level is the root's
    paths = [page.path[:end] for end in range(2 * step, len(page.path) + 1, step)]
    keys = Page.objects.filter(path__in=paths).values("translation_key")
    found = list(
        Page.objects.filter(translation_key__in=keys)
        .select_related("locale")
        .only("path", "depth", "title", "slug", "url_path", "live", "translation_key", "locale__language_code")
        .order_by("depth")
    )
    lineage = [one for one in found if one.path in paths]
    return lineage, [one for one in found if one.live]


def language_urls(request: HttpRequest, page: Page, lineage: list[Page], translations: list[Page]) -> LanguageUrls:
    """Returns a page's addresses by language; where it has no live translation, that of the page above it.

    lineage: the home page down to the page itself (not yet there in the preview of a new page). translations: of all
    of them, themselves included.
    """
    depths = {one.translation_key: depth for depth, one in enumerate(lineage)}
    own: dict[str, str] = {}
    nearest: dict[str, tuple[int, str]] = {}
    for one in translations:
        url, code, depth = one.get_url(request), one.locale.language_code, depths[one.translation_key]
        if not url:
            continue
        if one.translation_key == page.translation_key:
            own[code] = url
        if depth >= nearest.get(code, (-1, ""))[0]:
            nearest[code] = (depth, url)
    return LanguageUrls(own=own, nearest={code: url for code, (_depth, url) in nearest.items() if code not in own})
