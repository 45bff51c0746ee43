"""Quiet hours and the mail of the day by clocks that are put forward and back, against the plain look at a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.notifications.models import NotificationSettings

# Half and quarter hours, changes at midnight, of half an hour, in the other half of the year, and none at all.
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/Havana",
    "America/Santiago",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
]
QUARTER = timedelta(minutes=15)
hours = st.integers(0, 23)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
often = settings(max_examples=150)


def is_quiet(begin: int, until: int, hour: int) -> bool:
    """Whether an hour of the day lies in the quiet ones, said without arithmetic of clocks."""
    return hour in ({*range(begin, until)} if begin < until else {*range(begin, 24), *range(until)})


def quiet_end_by_looking(begin: int, until: int, zone: str, moment: datetime) -> datetime:
    """Looks at the clock each quarter of an hour until it shows none of the quiet hours."""
    later = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    while is_quiet(begin, until, later.astimezone(ZoneInfo(zone)).hour):
        later += QUARTER
    return later


@often
@given(begin=hours, until=hours, zone=st.sampled_from(ZONES), moment=moments)
@example(begin=22, until=2, zone="Europe/Berlin", moment=datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
@example(begin=22, until=3, zone="Europe/Berlin", moment=datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
@example(begin=21, until=1, zone="America/Havana", moment=datetime(2026, 11, 1, 4, 30, tzinfo=UTC))
def test_quiet_hours_end_when_the_clock_on_the_wall_says_so(begin, until, zone, moment):
    chosen = NotificationSettings(quiet_from=begin, quiet_until=until, timezone=zone)
    end = chosen.quiet_end(moment)
    if begin == until or not is_quiet(begin, until, moment.astimezone(ZoneInfo(zone)).hour):
        assert end is None
    else:
        assert end is not None
        assert end.astimezone(UTC) == quiet_end_by_looking(begin, until, zone, moment)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [0, 2, 8, 23])
def test_the_mail_of_the_day_leaves_once_on_each_day_of_the_year(zone, hour):
    """Also on days of 23 and 25 hours, and where the hour does not exist or exists twice."""
    chosen = NotificationSettings(digest_hour=hour, timezone=zone)
    moment, days = datetime(2026, 1, 1, 12, tzinfo=UTC), []
    for _day in range(365):
        due = chosen.digest_due(moment).astimezone(UTC)
        assert timedelta(0) < due - moment <= timedelta(hours=25)
        here = due.astimezone(ZoneInfo(zone))
        gap = here.hour == hour + 1 and (due - timedelta(hours=1)).astimezone(ZoneInfo(zone)).hour != hour
        assert here.hour == hour or gap, here
        days.append(here.date())
        moment = due
    assert len(set(days)) == 365
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(days))


@pytest.mark.parametrize("zone", ["", "nowhere", "../etc/passwd", "Mars/Base", "\x00", "/UTC"])
def test_a_zone_that_is_none_is_taken_for_utc(zone):
    """A zone may leave the machine's tables after it was chosen: mails still go out."""
    chosen = NotificationSettings(quiet_from=22, quiet_until=6, digest_hour=8, timezone=zone)
    usual = NotificationSettings(quiet_from=22, quiet_until=6, digest_hour=8)
    night = datetime(2026, 5, 1, 23, 10, tzinfo=UTC)
    assert chosen.quiet_end(night) == usual.quiet_end(night) == datetime(2026, 5, 2, 6, tzinfo=UTC)
    assert chosen.digest_due(night) == usual.digest_due(night) == datetime(2026, 5, 2, 8, tzinfo=UTC)


def test_the_same_moment_is_night_in_one_place_and_day_in_another():
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    ends = {
        zone: NotificationSettings(quiet_from=20, quiet_until=7, timezone=zone).quiet_end(noon)
        for zone in ("Europe/Berlin", "Asia/Tokyo", "America/New_York")
    }
    assert ends["Europe/Berlin"] is None and ends["America/New_York"] is None
    assert ends["Asia/Tokyo"] == datetime(2026, 7, 1, 22, tzinfo=UTC)
