"""The body of an article as HTML: rendered once and kept.

Nothing has to remember to throw a kept body away. Its key is made of all that went into it as the database has it
now: the blocks themselves, the address that each linked page has in this language, the files of its pictures and
documents. Publishing, replacing a picture, moving or unpublishing a page it links to: each makes another key, in
every process at once, and at most three small queries find it out.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.utils import translation
from django.utils.text import slugify
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from portal.core.markdown import plain_text
from portal.knowledge.models import ArticlePage

# Counts up when the templates of the blocks change what they write.
RENDERING = 1
KEPT_SECONDS = 30 * 24 * 3600
LINK = re.compile(r"<a\b([^>]*)>")
LINK_TYPE = re.compile(r'linktype=\\?"(page|document)')
LINK_ID = re.compile(r'\bid=\\?"(\d+)')
IMAGE_STATE = ("pk", "file", "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")

# The addresses of linked pages while a body is rendered, so that no block asks the database for them again.
_links: ContextVar[dict[int, str] | None] = ContextVar("knowledge_links", default=None)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a body: its level (2 or 3), its words and the id that links lead to."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Body:
    """A rendered body."""

    html: str
    headings: tuple[Heading, ...]

    @property
    def minutes(self) -> int:
        """How long reading takes, in minutes: 200 words, or 500 letters of a script without spaces, a minute."""
        words = plain_text(self.html)
        dense = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff]", words))
        return max(1, round(len(words.split()) / 200 + dense / 500))


@dataclass(slots=True)
class _Parts:
    """What a body is made of besides its own words."""

    links: list[tuple[Any, ...]]
    files: list[tuple[Any, ...]]


class KnownPageLinks(PageLinkHandler):
    """Wagtail's page links in rich text, from the addresses already known where a body is being rendered."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """Returns the opening tag for each link."""
        known = _links.get()
        if known is None:
            found: list[str] = super().expand_db_attributes_many(attrs_list)
            return found
        return [_opening(known.get(int(attrs.get("id") or 0))) for attrs in attrs_list]


def _opening(address: str | None) -> str:
    return f'<a href="{address}">' if address else "<a>"


def article_body(page: ArticlePage, *, keep: bool = True) -> Body:
    """Returns the body of ``page`` as HTML.

    keep: False renders it afresh and keeps nothing, for a preview of words that are not saved.
    """
    language = page.locale.language_code
    raw = list(page.body.raw_data)
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True, default=str)
    parts = _parts(page, raw, text)
    if not keep:
        return _rendered(page, language, parts)
    state = json.dumps([RENDERING, language, parts.links, parts.files], default=str)
    digest = hashlib.blake2b((state + text).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
    key = f"knowledge:body:{digest}"
    kept: Body | None = cache.get(key)
    if kept is None:
        kept = _rendered(page, language, parts)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def article_text(page: ArticlePage) -> str:
    """Returns the words of a body, for search."""
    return plain_text(article_body(page).html)


def _parts(page: ArticlePage, raw: list[Any], text: str) -> _Parts:
    pages: set[int] = set()
    documents: set[int] = set()
    for found in LINK.findall(text):
        kind, number = LINK_TYPE.search(found), LINK_ID.search(found)
        if kind and number:
            (pages if kind.group(1) == "page" else documents).add(int(number.group(1)))
    images: set[int] = set()
    for block in raw:
        value = block.get("value")
        if block.get("type") == "image":
            images.add(value.get("image") or 0)
        elif block.get("type") == "video":
            documents |= {value.get("file") or 0, value.get("captions") or 0}
    files: list[tuple[Any, ...]] = []
    if images:
        files += Image.objects.filter(pk__in=images).order_by("pk").values_list(*IMAGE_STATE)
    if documents - {0}:
        files += Document.objects.filter(pk__in=documents).order_by("pk").values_list("pk", "file")
    return _Parts(_linked(page, pages) if pages else [], files)


def _linked(page: ArticlePage, ids: set[int]) -> list[tuple[Any, ...]]:
    """Returns the state of the linked pages and of their translations in this page's language."""
    keys = Page.objects.filter(pk__in=ids).values("translation_key")
    found = Page.objects.filter(Q(pk__in=ids) | Q(translation_key__in=keys, locale_id=page.locale_id))
    return list(found.order_by("pk").values_list("pk", "translation_key", "locale_id", "url_path", "live"))


def _addresses(page: ArticlePage, parts: _Parts) -> dict[int, str]:
    """Returns the address of each live linked page: of its translation in this page's language, else its own."""
    here = {key: pk for pk, key, locale, _path, live in parts.links if live and locale == page.locale_id}
    targets = {pk: here.get(key) or (pk if live else None) for pk, key, _locale, _path, live in parts.links}
    wanted = {pk: target for pk, target in targets.items() if target is not None}
    if not wanted:
        return {}
    pages = Page.objects.filter(pk__in=set(wanted.values())).select_related("locale").in_bulk()
    urls = {pk: found.get_url() for pk, found in pages.items()}
    return {pk: str(urls[target]) for pk, target in wanted.items() if urls.get(target)}


def _rendered(page: ArticlePage, language: str, parts: _Parts) -> Body:
    token = _links.set(_addresses(page, parts))
    try:
        with translation.override(language):
            headings = list(_headings(page))
            anchors = dict(headings)
            html = "".join(
                str(child.render(context={"heading": anchors.get(position), "position": position}))
                for position, child in enumerate(page.body)
            )
    finally:
        _links.reset(token)
    return Body(html=html, headings=tuple(heading for _position, heading in headings))


def _headings(page: ArticlePage) -> Iterator[tuple[int, Heading]]:
    """Yields the headings of a body with their place in it; two of the same words get different anchors."""
    taken: set[str] = set()
    for position, child in enumerate(page.body):
        if child.block_type != "heading":
            continue
        text = child.value["text"]
        anchor = wanted = slugify(text, allow_unicode=True) or f"section-{position}"
        count = 1
        while anchor in taken:
            count += 1
            anchor = f"{wanted}-{count}"
        taken.add(anchor)
        yield position, Heading(level=3 if child.value["level"] == "h3" else 2, text=text, anchor=anchor)
