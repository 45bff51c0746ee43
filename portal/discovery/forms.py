"""What a search address asks for."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from search.documents import SORTS, SearchRequest

PAGE_SIZE = 15
LAST_PAGE = 60
SORT_NAMES: dict[str, str | Promise] = {
    "relevance": _("Best match"),
    "newest": _("Newest"),
    "active": _("Recently active"),
    "votes": _("Most votes"),
}


def _word(query: QueryDict, name: str, longest: int) -> str:
    # PostgreSQL refuses a NUL instead of not finding it.
    return query.get(name, "").replace("\x00", "")[:longest]


def _page(text: str) -> int:
    """Returns the number of a page, 1 where the text is none; Python refuses to read numbers of thousands of digits."""
    digits = text.lstrip("0")
    if not digits.isascii() or not digits.isdigit():
        return 1
    return LAST_PAGE if len(digits) > 4 else min(int(digits), LAST_PAGE)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search address, read: what cannot be read is left out, never refused."""

    text: str
    kind: str
    topic: str
    status: str
    language: str
    sort: Any
    page: int
    exact: bool = False

    @classmethod
    def read(cls, query: QueryDict) -> "SearchQuery":
        """Reads ``q, type, topic, status, language, sort, page, exact`` of an address."""
        sort = query.get("sort", "")
        return cls(
            text=query.get("q", "").strip()[:1_000],
            kind=_word(query, "type", 30),
            topic=_word(query, "topic", 100),
            status=_word(query, "status", 30),
            language=_word(query, "language", 12),
            sort=sort if sort in SORTS else "relevance",
            page=_page(query.get("page", "")),
            exact=query.get("exact") == "1",
        )

    def request(self, reads: tuple[str, ...]) -> SearchRequest:
        """Returns what the search library is asked, for a reader of these languages."""
        return SearchRequest(
            text=self.text,
            reads=reads,
            types=(self.kind,) if self.kind else (),
            topics=(self.topic,) if self.topic else (),
            statuses=(self.status,) if self.status else (),
            languages=(self.language,) if self.language else (),
            sort=self.sort,
            offset=(self.page - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
            literal=self.exact,
        )

    def filtered(self) -> bool:
        """Whether anything but the words narrows the search."""
        return bool(self.kind or self.topic or self.status or self.language)

    def filters(self) -> dict[str, str]:
        """Returns what narrows the search, by the names of the address; empty values are left out."""
        given = {"type": self.kind, "topic": self.topic, "status": self.status, "language": self.language}
        return {name: value for name, value in given.items() if value}
