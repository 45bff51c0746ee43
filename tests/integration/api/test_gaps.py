"""The gap ledger over the API: the staff's, and nobody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.analytics.models import Gap
from portal.analytics.services.gaps import gap_assign
from portal.analytics.services.ledger import ledger_update
from portal.core.clock import now
from portal.discovery.models import Search, Withheld
from tests.factories.accounts import member
from tests.factories.searches import searched
from tests.integration.api.conftest import Caller, problem_of

pytestmark = pytest.mark.django_db


def test_a_stranger_and_a_member_are_refused(caller: Callable[..., Caller], stranger: Caller) -> None:
    searched("reset password", times=3, total=0)
    ledger_update()
    assert "password" not in str(problem_of(stranger.get("staff/gaps"), 401))
    assert "password" not in str(problem_of(caller(member()).get("staff/gaps"), 403))


def test_staff_read_what_is_missing(caller: Callable[..., Caller]) -> None:
    staff = member(staff=True)
    searched("reset password", times=3, total=0, days=40)
    searched("password reset", times=2, total=0, days=2)
    ledger_update()
    gap = Gap.objects.get()
    gap_assign(user=staff, gap_id=gap.pk, assignee_id=staff.pk)
    (told,) = caller(staff).get("staff/gaps").json()["results"]
    assert told["url"] == f"http://testserver/staff/search/{gap.pk}/"
    figures = ("searches", "led_nowhere", "click_rate", "last_30_days", "previous_30_days", "total")
    assert [told[name] for name in figures] == [5, 5, 0.0, 2, 3, 5]
    assert (told["kind"], told["words"], told["status"]) == ("no-result", "reset password", "assigned")
    assert (told["assignee"], told["fix_url"], told["language"]) == (staff.username, None, "en")


def test_staff_read_how_poor_the_matches_are(caller: Callable[..., Caller]) -> None:
    searched("flux capacitor", times=4, clicked=4, rank=9, coverage=25)
    ledger_update()
    (told,) = caller(member(staff=True)).get("staff/gaps?kind=poor-match").json()["results"]
    figures = ("kind", "led_nowhere", "poor_matches", "found_late")
    assert [told[name] for name in figures] == ["poor-match", 0, 4, 4]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("", 1),
        ("?kind=weak", 0),
        ("?kind=no-result&language=en&status=open&assignee=nobody", 1),
        ("?status=closed", 0),
        ("?status=all", 1),
        ("?assignee=me", 0),
        ("?kind=nonsense&status=nonsense&assignee=nonsense", 1),
    ],
)
def test_filters(caller: Callable[..., Caller], asked: str, count: int) -> None:
    searched("reset password", times=3, total=0)
    ledger_update()
    assert len(caller(member(staff=True)).get(f"staff/gaps{asked}").json()["results"]) == count


def test_words_that_are_forgotten_are_empty(caller: Callable[..., Caller]) -> None:
    searched("reset password", times=3, total=0)
    ledger_update()
    Search.objects.update(text="", normalized="", withheld=Withheld.EXPIRED)
    (told,) = caller(member(staff=True)).get("staff/gaps").json()["results"]
    assert (told["words"], told["total"]) == ("", 3)


def test_pages_follow_each_other(caller: Callable[..., Caller]) -> None:
    moment = now() - timedelta(days=1)
    Gap.objects.bulk_create(
        Gap(source="searches", kind="no-result", language="en", failed=place % 3, first_seen=moment)
        for place in range(7)
    )
    rows = caller(member(staff=True)).walk("staff/gaps?limit=2")
    assert len({row["id"] for row in rows}) == 7
    assert [row["led_nowhere"] for row in rows] == [2, 2, 1, 1, 0, 0, 0]
    problem_of(caller(member(staff=True)).get("staff/gaps?cursor=nonsense"), 400)
