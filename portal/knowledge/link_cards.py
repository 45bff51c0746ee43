"""What links to articles and news are shown by."""

import re
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from portal.core.link_cards import LinkCard, LinkKind, register_link_kind

from .models import HomePage
from .selectors.access import articles_visible_to

ADDRESS = re.compile(r"/(?P<key>[a-z-]{2,12}/(?:knowledge|news)/[^#]+/)")


def article_cards(keys: Collection[str]) -> Mapping[str, LinkCard]:
    """Returns the cards of the articles and news at these paths (``en/knowledge/…/``) that everybody may see."""
    homes = dict(HomePage.objects.values_list("locale__language_code", "url_path"))
    places = {}
    for key in keys:
        language, _slash, rest = key.partition("/")
        if language in homes and "\x00" not in rest:
            places[homes[language] + rest] = key
    found = articles_visible_to(None).filter(url_path__in=places).select_related("locale", "newspage").defer("body")
    return {
        places[page.url_path]: LinkCard(
            title=page.title,
            language=page.locale.language_code,
            path=f"/{places[page.url_path]}",
            icon="news" if hasattr(page, "newspage") else "article",
            notes=(_("News") if hasattr(page, "newspage") else _("Article"),),
        )
        for page in found
    }


def register_link_cards() -> None:
    """Makes the addresses of articles and news known to texts that link to them."""
    register_link_kind(LinkKind("article", ADDRESS, article_cards))
