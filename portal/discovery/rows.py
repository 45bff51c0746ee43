"""The results of one page as a reader meets them: her languages first, where another one begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from .forms import LAST_PAGE, PAGE_SIZE, SearchQuery
from .selectors import Result


@dataclass(frozen=True, slots=True)
class Row:
    """A result in its place.

    rank: its place among all results, from 1. foreign: it is in a language that the reader does not read. divides:
    from here on all results of the page are.
    """

    result: Result
    rank: int
    foreign: bool
    divides: bool


def rows_of(results: Sequence[Result], reads: Sequence[str], *, before: int) -> list[Row]:
    """Returns the results with their places. reads: the reader's languages. before: how many results come earlier."""
    foreign = [_is_foreign(result.hit.language, reads) for result in results]
    divide = len(foreign)
    while divide and foreign[divide - 1]:
        divide -= 1
    return [
        Row(result, before + place + 1, foreign[place], divides=place == divide) for place, result in enumerate(results)
    ]


@dataclass(frozen=True, slots=True)
class Pages:
    """Where the page lies among those of the search: the addresses of its neighbours, None where there is none.

    last: the number of the last page, 0 where nothing was found. beyond: this page lies behind it.
    """

    last: int
    first_address: str
    last_address: str
    previous: str | None
    next: str | None
    beyond: bool
    cut: bool


def pages_of(query: SearchQuery, total: int) -> Pages:
    """Returns the pages of a search with so many results; no more than ``LAST_PAGE`` can be turned to."""
    wanted = -(-total // PAGE_SIZE)
    last = min(wanted, LAST_PAGE)
    return Pages(
        last=last,
        first_address=query.address(),
        last_address=query.address(page=max(last, 1)),
        previous=query.address(page=query.page - 1) if query.page > 1 else None,
        next=query.address(page=query.page + 1) if query.page < last else None,
        beyond=query.page > max(last, 1),
        cut=wanted > LAST_PAGE,
    )


def _is_foreign(language: str | None, reads: Sequence[str]) -> bool:
    """Whether a text is in none of the languages; British English counts as English, what has no language is read."""
    return bool(language) and str(language).partition("-")[0] not in {each.partition("-")[0] for each in reads}
