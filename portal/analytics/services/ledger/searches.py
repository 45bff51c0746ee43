"""Each search with words finds its gap."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from portal.analytics.clustering import clustered, signature
from portal.analytics.models import Gap, GapSearch, GapSource
from portal.analytics.selectors.searching import people_searches
from portal.core.clock import now

STILL_TYPED = timedelta(minutes=30)
"""Younger searches may still change their words."""
BATCH = 20_000


class _Fresh(NamedTuple):
    """A search without a gap."""

    pk: UUID
    language: str
    text: str
    at: datetime


def leaders_renew() -> int:
    """Gives gaps whose leading search has no words any more the oldest of theirs that has; returns how many."""
    worded = GapSearch.objects.filter(gap=OuterRef("pk"), search__withheld="").exclude(search__text="")
    led = Gap.objects.filter(source=GapSource.SEARCHES)
    wordless = led.filter(Q(search__isnull=True) | ~Q(search__withheld=""))
    first = worded.order_by("search__at", "search_id").values("search_id")[:1]
    found = list(wordless.annotate(heir=Subquery(first)).filter(Q(heir__isnull=False)).only("pk"))
    for gap in found:
        gap.search_id = gap.heir
    Gap.objects.bulk_update(found, ["search"], batch_size=500)
    return len(found)


def searches_cluster() -> datetime | None:
    """Puts every search that has words and no gap yet into one; returns when the oldest of them was made."""
    oldest: datetime | None = None
    for batch in _batches():
        oldest = min(each.at for each in batch) if oldest is None else min(oldest, *(each.at for each in batch))
        for language in sorted({each.language for each in batch}):
            _cluster(language, [each for each in batch if each.language == language])
    return oldest


def _batches() -> Iterator[list[_Fresh]]:
    placed = GapSearch.objects.filter(search=OuterRef("pk"))
    fresh = people_searches().filter(~Exists(placed), withheld="", at__lt=now() - STILL_TYPED).exclude(text="")
    rows = fresh.order_by("at", "pk").values_list("pk", "language", "text", "at")
    while batch := [_Fresh(*row) for row in rows[:BATCH]]:
        yield batch


def _cluster(language: str, fresh: Sequence[_Fresh]) -> None:
    led = Gap.objects.filter(source=GapSource.SEARCHES, language=language, search__withheld="").order_by("pk")
    known = [(gap, signature(text, language)) for gap, text in _with_words(led)]
    gaps = [gap for gap, _found in known]
    places = clustered([found for _gap, found in known], [signature(each.text, language) for each in fresh])
    for each, place in zip(fresh, places, strict=True):
        if place == len(gaps):
            gaps.append(
                Gap(
                    source=GapSource.SEARCHES,
                    language=language,
                    search_id=each.pk,
                    first_seen=each.at,
                    last_seen=each.at,
                )
            )
        gap = gaps[place]
        gap.first_seen, gap.last_seen = min(gap.first_seen, each.at), max(gap.last_seen, each.at)
    with transaction.atomic():
        Gap.objects.bulk_create(gaps[len(known) :], batch_size=500)
        seen_again = [gaps[place] for place in sorted(set(places)) if place < len(known)]
        Gap.objects.bulk_update(seen_again, ["first_seen", "last_seen"], batch_size=500)
        members = [GapSearch(search_id=each.pk, gap=gaps[place]) for each, place in zip(fresh, places, strict=True)]
        GapSearch.objects.bulk_create(members, batch_size=1_000, ignore_conflicts=True)


def _with_words(led: QuerySet[Gap]) -> Iterator[tuple[Gap, str]]:
    rows = led.values_list("pk", "search__text", "first_seen", "last_seen")
    for pk, text, first_seen, last_seen in rows.iterator(chunk_size=2_000):
        yield Gap(pk=pk, first_seen=first_seen, last_seen=last_seen), text
