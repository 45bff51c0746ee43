"""Searches in the log, as the services write them, with any age."""

from datetime import timedelta

from portal.core.clock import now
from portal.discovery.models import ResultOpened, Search, Surface, Who
from search.analyzers.normalization import normalize


def searched(
    text="lamp blinks",
    *,
    times=1,
    days=1.0,
    total=3,
    clicked=0,
    rank=1,
    opened=("question", "1"),
    language="en",
    **fields,
):
    """Writes searches down and returns them, the oldest first.

    days: how long ago they were made, a minute apart. clicked: how many of them opened ``opened`` from place ``rank``.
    """
    made = []
    for number in range(times):
        moment = now() - timedelta(days=days) + timedelta(minutes=number)
        values = {"surface": Surface.PAGE, "who": Who.STRANGER, "engine": "embedded"} | fields
        row = Search.objects.create(
            at=moment,
            changed_at=moment,
            text=text,
            normalized=normalize(text),
            language=language,
            total=total,
            opened_count=int(number < clicked),
            **values,
        )
        if number < clicked:
            kind, identity = opened
            ResultOpened.objects.create(search=row, type=kind, object_id=identity, rank=rank, at=moment)
        made.append(row)
    return made
