"""What the log forgets, and when; run once an hour by the worker."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count

from portal.core.clock import now
from portal.discovery.models import Excluded, Search, Who, Withheld
from portal.discovery.visitors import WINDOW

KEPT = timedelta(days=400)
"""How long counts are kept: a year can be compared with the one before."""
MOST_SEARCHES = 200
"""More searches of one visitor within a day are no person's."""


def words_expire() -> int:
    """Blanks the words of searches older than the retention setting; returns how many."""
    end = now() - timedelta(days=settings.PORTAL_SEARCH_RETENTION_DAYS)
    old = Search.objects.filter(at__lte=end, withheld="")
    return old.update(text="", normalized="", filters={}, withheld=Withheld.EXPIRED)


def searches_expire() -> int:
    """Deletes the searches that are too old to be counted; returns how many rows."""
    return Search.objects.filter(at__lte=now() - KEPT).delete()[0]


def bots_mark() -> int:
    """Takes out visitors who searched as often in a day as no person does; returns how many searches."""
    lately = Search.objects.filter(at__gt=now() - timedelta(days=1)).exclude(visitor="")
    hasty = lately.values("visitor").annotate(number=Count("pk")).filter(number__gt=MOST_SEARCHES)
    found = Search.objects.filter(visitor__in=[row["visitor"] for row in hasty], at__gt=now() - WINDOW)
    return found.exclude(who=Who.BOT).update(who=Who.BOT, excluded=Excluded.BOT)


def log_tidy() -> None:
    """Does all of it."""
    words_expire()
    searches_expire()
    bots_mark()
