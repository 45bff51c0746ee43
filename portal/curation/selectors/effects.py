"""What publishing an entry would change: the same queries searched before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count

from portal.core.clock import now
from portal.curation.models import TermEntry
from portal.discovery.models import Search
from portal.discovery.selectors import Result, search_run
from search import synonyms
from search.documents import Expansion, SearchRequest
from search.synonyms import Termbase

from .termbase import termbase_concepts, termbase_with

MOST_QUERIES = 8
PLACES = 10
# How far back the log is looked through, and how many of its most frequent queries.
LOG_DAYS = 30
LOG_QUERIES = 2_000
FROM_LOG = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A result with its place before and after, counted from 1; None: not among the first ten."""

    result: Result
    before: int | None
    after: int | None

    @property
    def moved(self) -> int:
        """How many places it rises; negative: sinks. 0 for one that comes in or leaves."""
        return self.before - self.after if self.before and self.after else 0


@dataclass(frozen=True, slots=True)
class Effect:
    """What one query finds before and after. ``added``: what it would be widened by that it was not before."""

    query: str
    before: list[Line]
    after: list[Line]
    total_before: int
    total_after: int
    added: list[Expansion]
    lost: list[Expansion]

    @property
    def changes(self) -> bool:
        """Whether the first ten differ, or how many there are."""
        return self.total_before != self.total_after or any(line.before != line.after for line in self.after)


def effects_of(*, entry: TermEntry, queries: Sequence[str], language: str, user: Any) -> list[Effect]:
    """Returns what each query (at most eight) finds before and after ``entry``, as it is given, is published.

    language: the reader's. The first ten results count, as ``user`` would see them; what is promoted is left aside.
    """
    live, changed = Termbase(termbase_concepts()), termbase_with(entry)
    return [_effect(query, language, user, live, changed) for query in queries[:MOST_QUERIES]]


def _effect(query: str, language: str, user: Any, live: Termbase, changed: Termbase) -> Effect:
    request = SearchRequest(text=query, reads=(language,), limit=PLACES)
    found = []
    for termbase in (live, changed):
        with synonyms.using(termbase):
            found.append(search_run(user=user, request=request))
    places = [{(each.hit.type, each.hit.id): place for place, each in enumerate(page.results, 1)} for page in found]
    lines = [
        [
            Line(each, places[0].get((each.hit.type, each.hit.id)), places[1].get((each.hit.type, each.hit.id)))
            for each in page.results
        ]
        for page in found
    ]
    meant = [base.expansions_for(query, (language,)) for base in (live, changed)]
    return Effect(
        query=query,
        before=lines[0],
        after=lines[1],
        total_before=found[0].total,
        total_after=found[1].total,
        added=[each for each in meant[1] if each not in meant[0]],
        lost=[each for each in meant[0] if each not in meant[1]],
    )


def queries_asked(entry: TermEntry) -> list[str]:
    """Returns what readers asked lately, most often first, that holds a term of the entry; at most five."""
    own = Termbase([entry.concept()])
    since = now() - timedelta(days=LOG_DAYS)
    logged = Search.objects.filter(at__gte=since).exclude(normalized="").values_list("normalized")
    frequent = logged.annotate(times=Count("pk")).order_by("-times", "normalized")[:LOG_QUERIES]
    found: list[str] = []
    for text, _times in frequent:
        if own.matches(text):
            found.append(text)
        if len(found) == FROM_LOG:
            break
    return found


def queries_of(entry: TermEntry, language: str) -> list[str]:
    """Returns terms of the entry to try when nobody typed anything: those of the language first, three in all."""
    terms = sorted(entry.terms, key=lambda term: term.language not in (None, language))
    return [term.text for term in terms[:3]]
