"""What was found late, or matched poorly, though people opened it."""

import pytest

from portal.analytics.models import Gap, GapKind, GapStatus
from portal.analytics.selectors.gaps import gap_examples
from portal.analytics.services.ledger import ledger_update
from portal.core.clock import now
from portal.discovery.models import Search
from tests.factories.searches import searched

pytestmark = pytest.mark.django_db


def ledger():
    """Brings the ledger up to date and returns the only gap."""
    ledger_update()
    return Gap.objects.exclude(kind="").get()


def counted(gap):
    """Returns what the days of a gap come to: searches, those late, poor and well."""
    names = ("searches", "late", "poor", "well")
    return tuple(sum(getattr(day, name) for day in gap.days.all()) for name in names)


class TestPoorMatches:
    def test_the_best_result_holding_little_is_one_though_it_was_opened(self):
        searched("flux capacitor firmware", times=2, clicked=2, coverage=39)
        ledger_update()
        assert not Gap.objects.exclude(kind="").exists(), "two searches say little"
        searched("flux capacitor firmware", clicked=1, coverage=0, days=2)
        gap = ledger()
        assert (gap.kind, gap.status) == (GapKind.POOR_MATCH, GapStatus.OPEN)
        assert (gap.window, gap.failed, gap.poor, gap.late) == (3, 0, 3, 0)
        assert counted(gap) == (3, 0, 3, 0)

    @pytest.mark.parametrize("fields", [{"coverage": 40}, {"coverage": 100}, {"coverage": None}], ids=str)
    def test_what_holds_enough_or_was_not_judged_is_none(self, fields):
        searched("flux capacitor firmware", times=4, clicked=4, **fields)
        ledger_update()
        assert Gap.objects.get().kind == ""
        assert counted(Gap.objects.get()) == (4, 0, 0, 4)

    def test_whoever_says_that_it_answers_knows_better(self):
        searched("flux capacitor firmware", times=4, clicked=4, rank=9, coverage=10, answered_at=now())
        ledger_update()
        assert counted(Gap.objects.get()) == (4, 4, 0, 4)

    def test_clicks_on_poor_matches_close_nothing(self):
        searched("flux capacitor firmware", times=12, clicked=12, coverage=20)
        assert ledger().status == GapStatus.OPEN
        ledger_update()
        assert Gap.objects.get().status == GapStatus.OPEN

    def test_it_closes_when_better_matches_are_opened(self):
        searched("flux capacitor firmware", times=12, clicked=12, coverage=20, days=40)
        assert ledger().status == GapStatus.OPEN
        searched("flux capacitor firmware", times=10, clicked=8, coverage=90, days=2)
        assert ledger().status == GapStatus.CLOSED

    def test_what_is_found_late_does_not_close_by_its_late_clicks(self):
        searched("reset password", times=12, clicked=12, rank=9)
        gap = ledger()
        assert (gap.kind, gap.status, gap.late) == (GapKind.WEAK, GapStatus.OPEN, 12)
        assert counted(gap) == (12, 12, 0, 0)
        searched("reset password", times=30, clicked=30, rank=1, days=0.9)
        assert ledger().status == GapStatus.CLOSED

    def test_the_examples_tell_how_much_was_held(self):
        searched("flux capacitor firmware", times=3, coverage=30)
        searched("firmware of the flux capacitor", times=2)
        told = {each.words: each.held for each in gap_examples(ledger())}
        assert told == {"flux capacitor firmware": 0.3, "firmware of the flux capacitor": None}


def test_results_opened_from_far_down_and_answers_of_the_database_are_weak():
    searched("reset password", times=3, clicked=3, rank=9)
    assert ledger().kind == GapKind.WEAK
    Gap.objects.all().delete()
    Search.objects.all().delete()
    searched("reset password", times=3, clicked=3, rank=1, degraded=True)
    assert ledger().kind == GapKind.WEAK
