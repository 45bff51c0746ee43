"""What a search address asks for, and the address of what is asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from search.documents import SORTS, SPANS, SearchRequest

PAGE_SIZE = 15
LAST_PAGE = 60
MOST_VALUES = 20
LONGEST_TEXT = 1_000
SORT_NAMES: dict[str, str | Promise] = {
    "relevance": _("Best match"),
    "newest": _("Newest"),
    "active": _("Recently active"),
    "votes": _("Most votes"),
}
# The parameters that narrow a search, and how long a value of each may be.
FILTERS = {"type": 30, "topic": 100, "product": 100, "status": 30, "language": 12, "time": 10}
# Of these one value can hold at a time.
SINGLE = frozenset({"time"})


def _values(query: QueryDict, name: str) -> tuple[str, ...]:
    # PostgreSQL refuses a NUL instead of not finding it.
    given = (value.replace("\x00", "")[: FILTERS[name]] for value in query.getlist(name))
    values = tuple(dict.fromkeys(value for value in given if value))[:MOST_VALUES]
    if name == "time":
        values = tuple(value for value in values if value in SPANS)
    return values[-1:] if name in SINGLE else values


def _page(text: str) -> int:
    """Returns the number of a page, 1 where the text is none; Python refuses to read numbers of thousands of digits."""
    digits = text.lstrip("0")
    if not digits.isascii() or not digits.isdigit():
        return 1
    return LAST_PAGE if len(digits) > 4 else min(int(digits), LAST_PAGE)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search address, read: what cannot be read is left out, never refused.

    chosen: the values of each parameter that narrows (``FILTERS``), any of which may hold; those without are left out.
    """

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Any = "relevance"
    page: int = 1
    exact: bool = False

    @classmethod
    def read(cls, query: QueryDict) -> "SearchQuery":
        """Reads ``q, type, topic, product, status, language, time, sort, page, exact`` of an address."""
        sort = query.get("sort", "")
        return cls(
            text=query.get("q", "").strip()[:LONGEST_TEXT].strip(),
            chosen={name: values for name in FILTERS if (values := _values(query, name))},
            sort=sort if sort in SORTS else "relevance",
            page=_page(query.get("page", "")),
            exact=query.get("exact") == "1",
        )

    def request(self, reads: tuple[str, ...]) -> SearchRequest:
        """Returns what the search library is asked, for a reader of these languages."""
        return SearchRequest(
            text=self.text,
            reads=reads,
            types=self.values("type"),
            topics=self.values("topic"),
            products=self.values("product"),
            statuses=self.values("status"),
            languages=self.values("language"),
            time="".join(self.values("time")) or None,
            sort=self.sort,
            offset=(self.page - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
            literal=self.exact,
        )

    def values(self, name: str) -> tuple[str, ...]:
        """Returns the values chosen of a parameter."""
        return self.chosen.get(name, ())

    def filtered(self) -> bool:
        """Whether anything but the words narrows the search."""
        return bool(self.chosen)

    def filters(self) -> dict[str, str]:
        """Returns what narrows the search, by the names of the address, several values separated by commas."""
        return {name: ",".join(values) for name, values in self.chosen.items()}

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yields the name and value of all that narrows, for hidden fields and addresses."""
        for name, values in self.chosen.items():
            for value in values:
                yield name, value

    def address(self, *, page: int = 1) -> str:
        """Returns the query string of one page of this search; what is as it is without saying so is left out."""
        given = [("q", self.text)] if self.text else []
        given += self.pairs()
        given += [("sort", self.sort)] if self.sort != "relevance" else []
        given += [("page", str(page))] if page > 1 else []
        given += [("exact", "1")] if self.exact else []
        return f"?{urlencode(given)}"

    def with_text(self, text: str) -> "SearchQuery":
        """Returns the same search of other words."""
        return replace(self, text=text, page=1)

    def sorted_by(self, sort: str) -> "SearchQuery":
        """Returns the same search in another order."""
        return replace(self, sort=sort, page=1)

    def switched(self, name: str, value: str) -> "SearchQuery":
        """Returns the search with one value chosen that was not, or not chosen that was."""
        before = self.values(name)
        if value in before:
            after = tuple(each for each in before if each != value)
        else:
            after = (value,) if name in SINGLE else (*before, value)
        chosen = {**self.chosen, name: after}
        kept = {each: chosen[each] for each in FILTERS if chosen.get(each)}
        return replace(self, chosen=kept, page=1)

    def unfiltered(self) -> "SearchQuery":
        """Returns the same words, narrowed by nothing."""
        return replace(self, chosen={}, page=1)
