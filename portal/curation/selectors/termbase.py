"""The termbase as the search reads it, and what an entry would collide with."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, QuerySet

from portal.curation.models import LiveVersion, TermEntry
from search import client, synonyms
from search.analyzers import stopwords
from search.documents import SearchRequest
from search.synonyms import Concept, Term, Termbase, term_forms

TERMS, PROMOTIONS = "terms", "promotions"
# A single word found in a larger share of all documents is an everyday one.
EVERYDAY_SHARE = 0.2
FEWEST_DOCUMENTS = 20


def own_savepoint() -> AbstractContextManager[Any]:
    """Returns a savepoint inside a transaction: a table that cannot be read must not spoil what else happens in it."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def live_version(name: str) -> int:
    """Returns the number that rises with each change of what processes hold in memory."""
    with own_savepoint():
        number = LiveVersion.objects.filter(name=name).values_list("number", flat=True).first()
        return number or 0


def termbase_stamp() -> str:
    """Returns a word that changes with every change of an entry, drafts and removals too."""
    newest = entries_kept().aggregate(newest=Max("latest_revision_id"), count=Count("pk"))
    return f"{live_version(TERMS)}-{newest['newest']}-{newest['count']}"


def entries_kept() -> QuerySet[TermEntry]:
    """Returns all entries but the removed ones."""
    return TermEntry.objects.filter(removed_at__isnull=True)


def termbase_concepts() -> list[Concept]:
    """Returns the published entries as the search library knows them; one query."""
    with own_savepoint():
        return [entry.concept() for entry in entries_kept().filter(live=True).order_by("pk")]


def termbase_with(entry: TermEntry) -> Termbase:
    """Returns the termbase as it would be with this entry published, its days left aside."""
    others = [concept for concept in termbase_concepts() if concept.key != str(entry.pk)]
    return Termbase([*others, replace(entry.concept(), starts_at=None, ends_at=None)])


class ConflictKind(Enum):
    """How an entry collides with others or with the language."""

    SHARED = "shared"
    GUARDED = "guarded"
    GUARDS = "guards"
    LOOP = "loop"
    EVERYDAY = "everyday"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Conflict:
    """``term`` of the entry collides with ``other`` (None: with no other entry)."""

    kind: ConflictKind
    term: str
    other: TermEntry | None = None


def conflicts_of(entry: TermEntry) -> list[Conflict]:
    """Returns what the staff should know before publishing; it forbids nothing.

    A term that another published entry has too; one that a protected entry shields, or that this one would shield;
    two one-way terms that lead to each other; a word of everyday; and an entry that has nothing to find.
    """
    others = list(entries_kept().filter(live=True).exclude(pk=entry.pk))
    found = [*_collisions(entry, others), *_loops(entry, others)]
    if not entry.protected:
        count = documents_count()
        everyday = [term.text for term in entry.terms if is_everyday(term, documents=count)]
        found += [Conflict(ConflictKind.EVERYDAY, text) for text in everyday]
        if len({frozenset(term_forms(term)) for term in entry.terms}) < 2 or all(t.one_way for t in entry.terms):
            found.append(Conflict(ConflictKind.ALONE, entry.name))
    return found


def _collisions(entry: TermEntry, others: Iterable[TermEntry]) -> Iterator[Conflict]:
    for other in others:
        known = {form for term in other.terms for form in term_forms(term, protected=other.protected)}
        spelt = {form for term in other.terms for form in term_forms(term, protected=True)}
        for term in entry.terms:
            if term_forms(term, protected=True) & spelt or term_forms(term, protected=entry.protected) & known:
                kind = ConflictKind.SHARED
                if other.protected != entry.protected:
                    kind = ConflictKind.GUARDED if other.protected else ConflictKind.GUARDS
                yield Conflict(kind, term.text, other)


def _loops(entry: TermEntry, others: Iterable[TermEntry]) -> Iterator[Conflict]:
    """Yields one-way terms of this entry that another one leads back to, so that both directions hold after all."""
    typed, meant = _ways(entry)
    for other in others:
        other_typed, other_meant = _ways(other)
        for form, text in typed.items():
            if form in other_meant and set(other_typed) & set(meant):
                yield Conflict(ConflictKind.LOOP, text, other)


def _ways(entry: TermEntry) -> tuple[dict[frozenset[tuple[str, ...]], str], dict[frozenset[tuple[str, ...]], str]]:
    """Returns the one-way terms and the others, each by its forms."""
    forms = [(term, frozenset(term_forms(term))) for term in entry.terms]
    return {f: t.text for t, f in forms if t.one_way}, {f: t.text for t, f in forms if not t.one_way}


def documents_count() -> int:
    """Returns how many documents a stranger can find."""
    return client.search(SearchRequest(limit=1)).total


def is_everyday(term: Term, *, documents: int) -> bool:
    """Whether a term is a single word that says little: a stop word, or one of every fifth of ``documents``."""
    forms = term_forms(term)
    if not forms or min(len(form) for form in forms) > 1:
        return False
    if all(form[0][1:] in stopwords.ALL for form in forms if len(form) == 1):
        return True
    if documents < FEWEST_DOCUMENTS:
        return False
    with synonyms.using(Termbase()):
        return client.search(SearchRequest(text=f'"{term.text}"', limit=1)).total > documents * EVERYDAY_SHARE
