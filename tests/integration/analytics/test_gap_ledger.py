"""The ledger is counted out of the log: the same however often, and without words that the log has not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.analytics.models import Gap, GapChange, GapDay, GapKind, GapSearch, GapSource, GapStatus, SearchDay
from portal.analytics.selectors.gaps import gap_examples
from portal.analytics.services import gaps as services
from portal.analytics.services.ledger import ledger_update
from portal.analytics.services.ledger.figures import Sums, kind_of
from portal.core.clock import now
from portal.core.periodic import periodic_jobs
from portal.discovery.models import Search, Surface, Who, Withheld
from portal.discovery.services.retention import log_tidy
from portal.questions.models import Question
from portal.questions.services.answers import answer_delete
from portal.questions.services.life import question_settle
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import answer, question
from tests.factories.searches import searched

pytestmark = pytest.mark.django_db


def ledger():
    """Brings the ledger up to date and returns the only gap."""
    ledger_update()
    return Gap.objects.exclude(kind="").get()


def everything():
    """Returns all that the ledger holds, to see whether it changed."""
    tables = (Gap, GapSearch, GapDay, SearchDay, GapChange)
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}


class TestSearches:
    def test_near_identical_searches_are_one_gap(self):
        searched("reset password", times=2, total=0, days=3)
        searched("how do I reset my pasword?", total=0, days=2)
        searched("invoice", times=1, total=5, clicked=1)
        gap = ledger()
        assert (gap.source, gap.kind, gap.status, gap.language) == ("searches", "no-result", "open", "en")
        assert (gap.total, gap.window, gap.failed, gap.clicked, gap.lately, gap.earlier) == (3, 3, 3, 0, 3, 0)
        assert gap.words == "reset password"
        assert gap.click_rate == 0
        assert gap.first_seen < gap.last_seen
        assert [(each.words, each.searches) for each in gap_examples(gap)] == [
            ("reset password", 2),
            ("how do i reset my pasword?", 1),
        ]

    def test_languages_are_kept_apart(self):
        searched("reset password", times=2, total=0)
        searched("reset password", times=2, total=0, language="ru")
        ledger_update()
        assert sorted(Gap.objects.values_list("language", flat=True)) == ["en", "ru"]

    def test_running_it_again_changes_nothing(self):
        searched("reset password", times=4, total=0)
        searched("invoice", times=6, clicked=1)
        question(title="Why does nobody answer this?")
        Question.objects.update(created_at=now() - timedelta(days=5))
        ledger_update()
        before = everything()
        ledger_update()
        assert everything() == before

    def test_what_comes_later_joins(self):
        searched("reset password", times=2, total=0, days=5)
        first = ledger()
        searched("password reset", times=3, total=0, days=1)
        gap = ledger()
        assert (gap.pk, gap.total) == (first.pk, 5)

    def test_a_run_that_died_in_its_middle_is_finished_by_the_next(self):
        from portal.analytics.services.ledger.searches import searches_cluster

        searched("reset password", times=3, total=0, days=25)
        searches_cluster()
        assert Gap.objects.get().total == 0
        assert ledger().total == 3
        assert SearchDay.objects.get().searches == 3

    def test_a_click_that_comes_days_later_is_counted(self):
        (row, *_rest) = searched("reset password", times=2, total=0, days=6)
        assert ledger().clicked == 0
        Search.objects.filter(pk=row.pk).update(opened_count=1)
        assert ledger().clicked == 1

    def test_words_still_being_typed_wait(self):
        searched("reset passw", times=2, total=0, days=0)
        ledger_update()
        assert not Gap.objects.exists()

    @pytest.mark.parametrize(
        "fields",
        [
            {"who": Who.STAFF},
            {"who": Who.BOT},
            {"surface": Surface.API},
            {"surface": Surface.SUGGEST},
            {"surface": Surface.ASK, "holdout": True},
        ],
        ids=str,
    )
    def test_whose_searches_do_not_count(self, fields):
        searched("reset password", times=4, total=0, **fields)
        ledger_update()
        assert not Gap.objects.exists()
        assert not SearchDay.objects.exists()

    def test_searches_turned_out_to_be_a_bot_s_are_taken_out(self):
        searched("reset password", times=4, total=0)
        assert ledger().total == 4
        Search.objects.update(who=Who.BOT)
        ledger_update()
        assert not GapDay.objects.exists()
        assert Gap.objects.get().total == 0

    def test_months_are_set_beside_each_other(self):
        searched("reset password", times=4, total=0, days=40)
        searched("reset password", times=6, total=0, days=3)
        searched("reset password", times=2, total=0, days=80)
        gap = ledger()
        assert (gap.window, gap.lately, gap.earlier, gap.trend) == (12, 6, 4, 2)

    def test_time_moves_the_window(self, monkeypatch):
        searched("reset password", times=4, total=0, days=3)
        ledger()
        later = now() + timedelta(days=100)
        monkeypatch.setattr(timezone, "now", lambda: later)
        gap = ledger()
        assert (gap.window, gap.failed, gap.total) == (0, 0, 4)
        assert gap.status == GapStatus.CLOSED, "nobody was led astray for 90 days"

    def test_what_never_was_a_gap_is_forgotten(self, monkeypatch):
        searched("reset password", total=0, days=3)
        ledger_update()
        assert Gap.objects.get().kind == ""
        later = now() + timedelta(days=100)
        monkeypatch.setattr(timezone, "now", lambda: later)
        ledger_update()
        assert not Gap.objects.exists()


@pytest.mark.parametrize(
    ("sums", "kind"),
    [
        (Sums(window=1, without_result=1), None),
        (Sums(window=2, without_result=2), GapKind.NO_RESULT),
        (Sums(window=10, without_result=4), GapKind.NO_CLICK),
        (Sums(window=10, without_result=4, clicked=6), None),
        (Sums(window=10, without_result=5, clicked=5), GapKind.NO_RESULT),
        (Sums(window=4, clicked=0), None),
        (Sums(window=5, clicked=0), GapKind.NO_CLICK),
        (Sums(window=10, clicked=2), None),
        (Sums(window=6, clicked=6, late=3), GapKind.WEAK),
        (Sums(window=6, clicked=6, late=2), None),
        (Sums(window=3, clicked=3, poor=3), GapKind.POOR_MATCH),
        (Sums(window=6, clicked=0, poor=3), GapKind.POOR_MATCH),
        (Sums(window=7, clicked=7, poor=3), None),
        (Sums(window=2, clicked=0, poor=2), None),
        (Sums(window=6, without_result=3, poor=3), GapKind.NO_RESULT),
        (Sums(), None),
    ],
)
def test_what_is_wrong_by_the_figures(sums, kind):
    assert kind_of(sums) == kind


class TestForgetting:
    def test_when_words_are_blanked_examples_vanish_and_counts_stay(self, settings):
        settings.PORTAL_SEARCH_RETENTION_DAYS = 10
        searched("reset password", times=3, total=0, days=20)
        assert ledger().words == "reset password"
        log_tidy()
        gap = Gap.objects.get()
        assert gap.words == ""
        assert gap_examples(gap) == []
        ledger_update()
        assert Gap.objects.get().total == 3
        for rows in everything().values():
            assert "password" not in str(rows)

    def test_a_younger_search_leads_on(self, settings):
        settings.PORTAL_SEARCH_RETENTION_DAYS = 10
        searched("reset password", times=3, total=0, days=20)
        searched("password reset", times=1, total=0, days=5)
        ledger()
        log_tidy()
        gap = ledger()
        assert (gap.words, gap.total) == ("password reset", 4)

    def test_when_searches_are_deleted_the_ledger_stands(self):
        searched("reset password", times=3, total=0, days=50)
        ledger()
        Search.objects.all().delete()
        gap = ledger()
        assert (gap.words, gap.total, gap.failed) == ("", 3, 3)

    def test_searches_without_words_count_in_the_whole_only(self):
        searched("", times=3, total=0, withheld=Withheld.EMAIL)
        ledger_update()
        assert not Gap.objects.exists()
        assert SearchDay.objects.get().searches == 3

    def test_no_words_are_kept_in_the_ledger(self):
        searched("zebra crossing", times=5, total=0)
        ledger()
        assert "zebra" not in str(everything())


def test_days_are_counted_in_each_language():
    searched("reset password", times=4, clicked=1, days=2)
    searched("invoice", times=2, total=0, days=2, degraded=True)
    searched("принтер", times=2, language="ru", days=2)
    ledger_update()
    row = SearchDay.objects.get(language="en")
    assert (row.searches, row.without_result, row.clicked, row.degraded) == (6, 2, 1, 2)
    assert SearchDay.objects.get(language="ru").searches == 2


class TestRules:
    """Twelve searches a fortnight ago led nowhere; then something happens."""

    @pytest.fixture
    def gap(self):
        searched("reset password", times=12, total=0, days=20)
        return ledger()

    def fixed(self, gap, days=15):
        """Links the gap with an article, as if that had been days ago."""
        services.gap_fix(user=member(staff=True), gap_id=gap.pk, kind="article", url="/en/knowledge/passwords/")
        moment = now() - timedelta(days=days)
        Gap.objects.filter(pk=gap.pk).update(fixed_at=moment, counted_from=(moment + timedelta(days=1)).date())

    def test_it_closes_when_its_click_rate_rises_after_a_fix(self, gap):
        self.fixed(gap)
        searched("reset password", times=10, clicked=7, days=5)
        gap = ledger()
        assert gap.status == GapStatus.CLOSED
        change = gap.changes.get(deed="close")
        assert change.by_rule
        assert change.by is None
        assert (change.figures["searches"], change.figures["clicked"]) == (10, 7)
        assert change.figures["low"] > 0.3

    @pytest.mark.parametrize(("times", "clicked"), [(9, 9), (10, 5), (12, 4)])
    def test_few_searches_or_an_unsure_rate_close_nothing(self, gap, times, clicked):
        self.fixed(gap)
        searched("reset password", times=times, clicked=clicked, days=5)
        assert ledger().status == GapStatus.OPEN

    def test_what_was_opened_before_the_fix_does_not_count(self, gap):
        searched("reset password", times=30, clicked=30, days=16)
        self.fixed(gap)
        assert ledger().status == GapStatus.OPEN

    def test_it_opens_again_when_the_rate_falls(self, gap):
        services.gap_close(user=member(staff=True), gap_id=gap.pk)
        assert ledger().status == GapStatus.CLOSED, "what was before the closing does not count"
        Gap.objects.update(counted_from=(now() - timedelta(days=9)).date())
        searched("reset password", times=12, clicked=4, days=3)
        assert ledger().status == GapStatus.CLOSED, "4 of 12 may still be 30 %"
        searched("reset password", times=24, clicked=0, days=2)
        gap = ledger()
        assert gap.status == GapStatus.OPEN
        assert gap.changes.first() is not None
        assert gap.changes.order_by("-pk")[0].by_rule

    def test_what_opens_again_goes_back_to_whom_it_was_assigned(self, gap):
        staff = member(staff=True)
        services.gap_assign(user=staff, gap_id=gap.pk, assignee_id=staff.pk)
        services.gap_close(user=staff, gap_id=gap.pk)
        Gap.objects.update(counted_from=(now() - timedelta(days=9)).date())
        searched("reset password", times=12, total=0, days=3)
        gap = ledger()
        assert (gap.status, gap.assignee) == (GapStatus.ASSIGNED, staff)

    def test_it_does_not_flap(self, gap):
        self.fixed(gap)
        searched("reset password", times=10, clicked=7, days=5)
        for _ in range(3):
            assert ledger().status == GapStatus.CLOSED
        assert gap.changes.filter(by_rule=True).count() == 1

    def test_ignored_stays_ignored(self, gap):
        services.gap_ignore(user=member(staff=True), gap_id=gap.pk)
        searched("reset password", times=30, clicked=30, days=5)
        assert ledger().status == GapStatus.IGNORED


class TestQuestions:
    def waiting(self, *titles, days=5, **fields):
        """Returns questions that wait for days."""
        asked = [question(title=title, **fields) for title in titles]
        Question.objects.filter(pk__in=[each.pk for each in asked]).update(created_at=now() - timedelta(days=days))
        return asked

    def test_questions_that_wait_are_gaps_near_identical_ones_together(self):
        self.waiting("Why does the lamp blink?", "Lamps blinking, why?")
        gap = ledger()
        assert (gap.source, gap.kind, gap.failed, gap.total, gap.lately) == ("unanswered", "unanswered", 2, 2, 2)
        assert gap.words == "Why does the lamp blink?"

    def test_who_asked_today_may_wait(self):
        self.waiting("Why does the lamp blink?", days=1)
        ledger_update()
        assert not Gap.objects.exists()

    def test_it_closes_when_all_are_answered_and_opens_when_one_waits_again(self):
        first, second = self.waiting("Why does the lamp blink?", "Lamps blinking, why?")
        ledger()
        given = answer(first)
        gap = ledger()
        assert (gap.status, gap.failed, gap.words) == ("open", 1, "Lamps blinking, why?")
        answer(second)
        assert ledger().status == GapStatus.CLOSED
        with committed():
            answer_delete(user=member(staff=True), answer_id=given.pk)
        assert ledger().status == GapStatus.OPEN

    def test_one_closed_by_hand_stays_closed_until_somebody_else_asks(self):
        self.waiting("Why does the lamp blink?")
        gap = ledger()
        services.gap_close(user=member(staff=True), gap_id=gap.pk)
        Gap.objects.update(closed_at=now() - timedelta(days=4))
        assert ledger().status == GapStatus.CLOSED
        self.waiting("Lamp is blinking", days=3)
        assert ledger().status == GapStatus.OPEN

    def test_a_deleted_question_is_nowhere(self):
        (asked,) = self.waiting("Why does the secret lamp blink?")
        ledger()
        with committed():
            question_delete(user=member(staff=True), question_id=asked.pk)
        ledger_update()
        gap = Gap.objects.get()
        assert (gap.words, gap.failed, gap.status) == ("", 0, "closed")

    def repeated(self, target, times, days=5):
        """Returns questions that repeat one."""
        staff = member(staff=True)
        asked = [question(title=f"Blinking again {number}") for number in range(times)]
        for each in asked:
            with committed():
                question_settle(user=staff, question_id=each.pk, status="duplicate", duplicate_of=target.pk)
        Question.objects.filter(pk__in=[each.pk for each in asked]).update(created_at=now() - timedelta(days=days))
        return asked

    def test_what_is_asked_again_and_again_is_a_gap(self):
        target = answer(question(title="Why does the lamp blink?")).question
        self.repeated(target, 1)
        ledger_update()
        assert not Gap.objects.exists()
        self.repeated(target, 2)
        gap = ledger()
        assert (gap.source, gap.kind, gap.total, gap.failed) == (GapSource.REPEATED, "repeated", 3, 3)
        assert gap.words == "Why does the lamp blink?"

    def test_it_closes_a_month_after_a_fix_and_opens_with_the_next(self):
        target = answer(question(title="Why does the lamp blink?")).question
        self.repeated(target, 2, days=60)
        gap = ledger()
        assert gap.status == GapStatus.OPEN
        services.gap_fix(user=member(staff=True), gap_id=gap.pk, kind="article", url="/en/knowledge/lamps/")
        assert ledger().status == GapStatus.OPEN
        Gap.objects.update(fixed_at=now() - timedelta(days=29))
        assert ledger().status == GapStatus.CLOSED
        Gap.objects.update(closed_at=now() - timedelta(days=2))
        self.repeated(target, 1, days=1)
        assert ledger().status == GapStatus.OPEN


def test_the_worker_does_it_every_quarter_of_an_hour():
    (job,) = [job for job in periodic_jobs() if job.name == "gap-ledger"]
    assert job.every == timedelta(minutes=15)
    searched("reset password", times=2, total=0)
    job.run()
    assert Gap.objects.get().kind == GapKind.NO_RESULT


def test_an_update_asks_the_database_the_same_however_many_gaps_there_are(django_assert_max_num_queries):
    for number in range(40):
        searched(f"{'abcdefghij'[number % 10] * 3}{'klmnopqrst'[number // 10] * 3} word", times=2, total=0)
    with django_assert_max_num_queries(60):
        ledger_update()
    assert Gap.objects.count() > 30
    with django_assert_max_num_queries(25):
        ledger_update()
