"""Links to our own pages that stand bare in a text: shown by the title of what they lead to.

On a line of its own such a link becomes a card, within a line its text becomes the title. Each app says in its
``ready()`` which addresses are its own and what everybody may know of what lies there; titles are looked up when the
text is read and never kept in it, so that what is hidden or deleted is a plain link again at once. Nothing is ever
fetched: an address of another site stays the link it is.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LINK = r'<a href="([^"]+)"(?: rel="[^"]*")?>([^<]*)</a>'
# On a line of its own: a paragraph that holds nothing else.
LINE = re.compile(rf"<p>{LINK}</p>")
INLINE = re.compile(LINK)
MOST = 60


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What everybody may know of a page: its title in its language, an icon of ours, a few words, its path."""

    title: str
    language: str
    path: str
    icon: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkKind:
    """Addresses of one kind. pattern: matches a path, with its fragment; its group ``key`` names what lies there.

    cards: looks keys up, in as few queries as it can; of what not everybody may see there is none.
    """

    name: str
    pattern: re.Pattern[str]
    cards: Callable[[Collection[str]], Mapping[str, LinkCard]]


_kinds: dict[str, LinkKind] = {}


def register_link_kind(kind: LinkKind) -> None:
    """Makes a kind of addresses known; called in an app's ``ready()``."""
    _kinds[kind.name] = kind


def own_path(address: str) -> str | None:
    """Returns the path (with the fragment) of an address on this portal, None for any other."""
    try:
        parts, base = urlsplit(address), urlsplit(settings.PORTAL_BASE_URL)
        names = LOOPBACK if base.hostname in LOOPBACK else {*settings.ALLOWED_HOSTS} - LOOPBACK
        ours = parts.scheme in ("http", "https") and parts.hostname in names and parts.port == base.port
    except ValueError:
        return None
    if not ours or parts.query:
        return None
    return unquote(parts.path) + (f"#{parts.fragment}" if parts.fragment else "")


def with_link_cards(texts: Sequence[str]) -> list[str]:
    """Returns cleaned HTML texts with their bare links to our own pages shown by title.

    All texts of a page at once take one look-up for each kind of address, and none where there is no such link.
    """
    wanted = dict.fromkeys(path for text in texts for path in _bare_paths(text))
    cards = _cards(list(wanted)[:MOST]) if wanted else {}
    return [_shown(text, cards) for text in texts] if cards else list(texts)


def _bare_paths(text: str) -> Iterator[str]:
    host = urlsplit(settings.PORTAL_BASE_URL).hostname or ""
    if "<a href=" not in text or not (host in text or "localhost" in text or len(settings.ALLOWED_HOSTS) > 4):
        return
    for href, words in INLINE.findall(text):
        path = _path(href, words)
        if path is not None:
            yield path


def _path(href: str, words: str) -> str | None:
    """Returns the path of a bare link of our own: one whose words are its address."""
    address, said = unescape(href), unescape(words)
    if _plain(address) != _plain(said):
        return None
    return own_path(address)


def _plain(address: str) -> str:
    return unquote(address).removeprefix("https://").removeprefix("http://").rstrip("/")


def _cards(paths: Sequence[str]) -> dict[str, LinkCard]:
    found: dict[str, LinkCard] = {}
    for kind in _kinds.values():
        keys = {path: match.group("key") for path in paths if (match := kind.pattern.fullmatch(path))}
        known = kind.cards(set(keys.values())) if keys else {}
        found |= {path: known[key] for path, key in keys.items() if key in known}
    return found


def _shown(text: str, cards: Mapping[str, LinkCard]) -> str:
    def card(match: re.Match[str]) -> str:
        found = cards.get(_path(match.group(1), match.group(2)) or "")
        return render_to_string("components/link_card.html", {"card": found}).strip() if found else match.group(0)

    def title(match: re.Match[str]) -> str:
        found = cards.get(_path(match.group(1), match.group(2)) or "")
        if found is None:
            return match.group(0)
        return f'<a href="{escape(found.path)}"><bdi lang="{escape(found.language)}">{escape(found.title)}</bdi></a>'

    return INLINE.sub(title, LINE.sub(card, text))
