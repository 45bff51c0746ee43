"""Bringing the gap ledger up to date: what the worker does every quarter of an hour.

Each step looks at what there is and writes what differs, so running it again, or after a worker died in its middle,
changes nothing. Words stay in the log: when it blanks them, leaders and examples vanish and counts stay.
"""

from datetime import timedelta

from django.db.models import Min

from portal.analytics.models import Gap, GapSource
from portal.core.clock import now

from .figures import gaps_figure, gaps_forget
from .questions import repeated_count, unanswered_cluster
from .rules import rules_apply
from .searches import leaders_renew, searches_cluster
from .tallies import days_count

RECOUNTED = timedelta(days=8)
"""A search may still lead somewhere for seven days (``portal.discovery.visitors.WINDOW``)."""


def ledger_update() -> None:
    """Does all of it."""
    leaders_renew()
    oldest = searches_cluster()
    # Of a run that died before it counted: gaps without a search.
    uncounted = Gap.objects.filter(source=GapSource.SEARCHES, total=0).aggregate(first=Min("first_seen"))["first"]
    days_count(since=min(moment for moment in (now() - RECOUNTED, oldest, uncounted) if moment is not None))
    gaps_figure()
    unanswered_cluster()
    repeated_count()
    rules_apply()
    gaps_forget()
