"""What links to members' pages are shown by."""

import re
from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.selectors import members_visible_to
from portal.core.link_cards import LinkCard, LinkKind, register_link_kind

ADDRESS = re.compile(r"/[a-z-]{2,12}/members/(?P<key>[\w.+-]{1,60})/")


def member_cards(keys: Collection[str]) -> Mapping[str, LinkCard]:
    """Returns the cards of the members with these usernames that everybody may meet."""
    return {
        user.username: LinkCard(
            title=user.shown_name,
            language="",
            path=reverse("member", args=[user.username]),
            icon="user",
            notes=(_("Member"),),
        )
        for user in members_visible_to(None).filter(username__in=keys)
    }


def register_link_cards() -> None:
    """Makes the addresses of members known to texts that link to them."""
    register_link_kind(LinkKind("member", ADDRESS, member_cards))
