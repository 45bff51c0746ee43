"""The log of searches: what is written down, what never is, and that it keeps nobody waiting."""

import secrets
import sqlite3
import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as h_settings
from hypothesis import strategies as st

from portal.core.clock import now
from portal.discovery.models import Excluded, ResultOpened, Search, Surface, Who, Withheld
from portal.discovery.selectors import ResultPage
from portal.discovery.services import searches
from portal.discovery.services.retention import KEPT, MOST_SEARCHES, bots_mark, log_tidy, words_expire
from portal.discovery.services.searches import (
    MOST_OPENINGS,
    search_answer_record,
    search_decline_record,
    search_open_record,
    search_question_record,
    search_record,
    search_visitor_record,
    searches_forget,
)
from portal.discovery.signatures import ShownResult
from portal.discovery.visitors import Visitor

pytestmark = pytest.mark.django_db
FOUND = ResultPage(results=[], total=3, facets={}, did_you_mean=None, took_ms=1.0, engine="embedded", degraded=False)


def visitor(who=Who.STRANGER, *, recorded=True):
    """Returns a new visitor with a key."""
    return Visitor(recorded, who, secrets.token_urlsafe(16))


def recorded(text="lamp blinks", *, by=None, surface=Surface.PAGE, language="en", page=FOUND, **filters):
    """Writes a search down and returns its row, None where nothing was written."""
    found = search_record(
        visitor=by or visitor(), surface=surface, language=language, text=text, page=page, filters=filters
    )
    return None if found is None else Search.objects.get(pk=found)


def shown(search, object_id="5", rank=1, kind="question"):
    """Returns a result that a search showed."""
    return ShownResult(search.pk, kind, object_id, rank)


def aged(search, **age):
    """Makes a search older."""
    moment = now() - timedelta(**age)
    Search.objects.filter(pk=search.pk).update(at=moment, changed_at=moment)


class TestOneSearch:
    def test_all_of_it_is_written_down_in_one_insert(self, django_assert_max_num_queries):
        by = visitor()
        with django_assert_max_num_queries(5):  # a savepoint, the last search, the insert; and reading it back here
            row = recorded("  Why does the Lamp\tblink? ", by=by, topic="lamps", status="")
        assert (row.text, row.normalized) == ("Why does the Lamp blink?", "why does the lamp blink?")
        assert (row.surface, row.language, row.total, row.engine) == ("page", "en", 3, "embedded")
        assert row.filters == {"topic": "lamps"}
        assert (row.who, row.excluded, row.withheld) == ("stranger", "", "")
        assert (row.opened_count, row.answered_at, row.declined_at, row.question_id) == (0, None, None, None)

    @pytest.mark.parametrize("text", ["", "   ", "\n\t"])
    def test_no_words_are_no_search(self, text):
        assert recorded(text) is None

    def test_who_may_not_be_recorded_is_not(self):
        assert recorded(by=visitor(recorded=False)) is None
        assert not Search.objects.exists()

    def test_the_key_itself_is_nowhere(self):
        by = visitor()
        row = recorded(by=by)
        assert row.visitor == by.hashed
        assert by.key not in str(Search.objects.values().get())

    def test_staff_and_programs_are_marked_as_not_counting(self):
        assert recorded(by=visitor(Who.STAFF)).excluded == Excluded.STAFF
        assert recorded(by=Visitor(True, Who.MEMBER), surface=Surface.API).excluded == Excluded.API
        assert recorded(by=visitor(Who.MEMBER)).excluded == ""

    def test_long_and_odd_text_is_cut_and_bearable(self):
        row = recorded("x" * 5000)
        assert len(row.text) == 1000
        assert recorded("a\x00b \ud800 c").text == "a b ? c"

    @h_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(st.characters(), max_size=60))
    def test_any_text_is_written_or_left_out_without_an_error(self, text):
        row = recorded(text)
        assert row is None or bool(row.text) != bool(row.withheld)

    def test_personal_words_leave_a_row_without_words(self):
        row = recorded("mail to jo@example.org please", topic="jo@example.org")
        assert (row.text, row.normalized, row.withheld) == ("", "", Withheld.EMAIL)
        assert row.total == 3
        assert row.filters == {}

    def test_without_retention_no_words_are_kept_at_all(self, settings):
        settings.PORTAL_SEARCH_RETENTION_DAYS = 0
        row = recorded("lamp blinks")
        assert (row.text, row.withheld) == ("", Withheld.EXPIRED)


class TestTyping:
    def test_a_title_being_typed_is_one_search_of_which_the_last_text_counts(self):
        by = visitor()
        rows = {
            recorded(text, by=by, surface=Surface.ASK).pk
            for text in ("the la", "the lamp", "the lamp bli", "lamp blinks")
        }
        assert len(rows) == 1
        assert Search.objects.get().text == "lamp blinks"

    def test_the_list_below_a_field_leads_into_the_results_page(self):
        by = visitor()
        recorded("lam", by=by, surface=Surface.SUGGEST)
        recorded("lamp", by=by, surface=Surface.SUGGEST)
        recorded("lamp blinks", by=by, surface=Surface.PAGE)
        assert list(Search.objects.values_list("surface", "text")) == [("page", "lamp blinks")]

    def test_words_that_turn_personal_take_the_earlier_ones_away(self):
        by = visitor()
        recorded("write to jo", by=by, surface=Surface.ASK)
        recorded("write to jo@example.org", by=by, surface=Surface.ASK)
        assert Search.objects.get().text == ""

    def test_after_something_was_opened_a_new_text_is_a_new_search(self):
        by = visitor()
        first = recorded("the lamp", by=by, surface=Surface.ASK)
        search_open_record(shown=shown(first))
        assert recorded("the cable", by=by, surface=Surface.ASK).pk != first.pk

    def test_after_none_of_these_too(self):
        by = visitor()
        first = recorded("the lamp", by=by, surface=Surface.ASK)
        search_decline_record(search_id=first.pk)
        assert recorded("the cable", by=by, surface=Surface.ASK).pk != first.pk

    def test_and_after_a_while(self):
        by = visitor()
        first = recorded("the lamp", by=by, surface=Surface.ASK)
        aged(first, minutes=11)
        assert recorded("the cable", by=by, surface=Surface.ASK).pk != first.pk

    def test_visitors_do_not_mix(self):
        recorded("the lamp", surface=Surface.ASK)
        recorded("the lamp blinks", surface=Surface.ASK)
        assert Search.objects.count() == 2

    def test_a_second_page_and_a_way_back_are_the_same_search(self):
        by = visitor()
        assert recorded("Lamp", by=by).pk == recorded("lamp", by=by, topic="light").pk
        assert recorded("cable", by=by).pk != recorded("lamp", by=by).pk

    def test_suggestions_of_nobody_known_are_not_recorded(self):
        assert recorded("lam", by=Visitor(True, Who.STRANGER), surface=Surface.SUGGEST) is None


class TestOpenings:
    def test_each_result_counts_once(self):
        row = recorded()
        for _again in range(3):
            search_open_record(shown=shown(row, "5", rank=2))
        search_open_record(shown=shown(row, "6"))
        row.refresh_from_db()
        assert row.opened_count == 2
        assert list(row.openings.order_by("object_id").values_list("object_id", "rank")) == [("5", 2), ("6", 1)]

    def test_there_is_an_end_to_them(self):
        row = recorded()
        for number in range(MOST_OPENINGS + 5):
            search_open_record(shown=shown(row, str(number)))
        assert row.openings.count() == MOST_OPENINGS

    def test_a_search_that_is_not_there_is_no_error(self):
        search_open_record(shown=ShownResult(uuid.uuid4(), "question", "5", 1))
        assert not ResultOpened.objects.exists()

    def test_after_the_window_nothing_is_added(self):
        row = recorded()
        aged(row, days=8)
        search_open_record(shown=shown(row))
        assert not ResultOpened.objects.exists()

    def test_this_answers_it_is_an_opening_that_answered(self):
        row = recorded()
        search_answer_record(shown=shown(row))
        row.refresh_from_db()
        assert row.answered_at is not None
        assert row.opened_count == 1
        assert row.openings.get().answered

    def test_odd_ranks_and_names_are_kept_in_bounds(self):
        row = recorded()
        search_open_record(shown=ShownResult(row.pk, "q" * 90, "9" * 90, -4))
        opening = row.openings.get()
        assert (opening.rank, len(opening.type), len(opening.object_id)) == (1, 30, 64)


class TestAsking:
    def test_the_question_is_noted_at_all_searches_of_the_week(self):
        by = visitor()
        for text in ("lamp", "cable"):
            recorded(text, by=by)
        old = recorded("bulb", by=by)
        aged(old, days=8)
        recorded("lamp")
        search_question_record(visitor=by, question_id=7)
        assert set(Search.objects.filter(question_id=7).values_list("text", flat=True)) == {"lamp", "cable"}

    def test_a_first_question_stays_noted(self):
        by = visitor()
        recorded(by=by)
        search_question_record(visitor=by, question_id=7)
        search_question_record(visitor=by, question_id=8)
        assert Search.objects.get().question_id == 7

    def test_without_a_key_the_search_of_the_form_is_noted_and_no_other(self):
        nobody = Visitor(True, Who.MEMBER)
        mine, other = recorded(by=nobody), recorded("cable", by=nobody)
        search_question_record(visitor=nobody, question_id=7, search_id=mine.pk)
        mine.refresh_from_db()
        other.refresh_from_db()
        assert (mine.question_id, other.question_id) == (7, None)

    def test_a_search_finds_its_visitor_once(self):
        row = recorded(by=Visitor(True, Who.STRANGER))
        first, second = visitor(), visitor()
        search_visitor_record(search_id=row.pk, visitor=first)
        search_visitor_record(search_id=row.pk, visitor=second)
        row.refresh_from_db()
        assert row.visitor == first.hashed

    def test_a_member_can_be_forgotten_through_her_questions(self):
        by = visitor()
        recorded("lamp", by=by)
        search_question_record(visitor=by, question_id=7)
        search_open_record(shown=shown(recorded("cable", by=by)))
        recorded("stays")
        searches_forget(question_ids=[7])
        assert list(Search.objects.values_list("text", flat=True)) == ["stays"]
        assert not ResultOpened.objects.exists()


class TestFailures:
    def test_a_log_that_breaks_is_told_to_the_operator_and_nobody_else(self, monkeypatch, caplog):
        def broken(*_args):
            raise RuntimeError("no log today")

        monkeypatch.setattr(searches, "_words", broken)
        assert recorded() is None
        assert "search_record was not written down" in caplog.text

    @pytest.mark.django_db(transaction=True)
    def test_a_database_that_others_write_to_keeps_nobody_waiting(self):
        if connection.vendor != "sqlite":
            return  # PostgreSQL's writers do not wait for each other
        connection.ensure_connection()
        path = connection.settings_dict["NAME"]
        holding, done = threading.Event(), threading.Event()

        def hold():
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            holding.set()
            done.wait(20)
            other.rollback()
            other.close()

        thread = threading.Thread(target=hold)
        thread.start()
        try:
            assert holding.wait(5)
            begun = time.monotonic()
            assert recorded() is None
            assert time.monotonic() - begun < 8, "it does not wait for the lock, which is held longer"
        finally:
            done.set()
            thread.join()
        assert recorded() is not None
        assert connection.connection.execute("PRAGMA busy_timeout").fetchone() == (20_000,)


class TestForgetting:
    def test_words_go_when_their_days_are_over_and_counts_stay(self, settings):
        settings.PORTAL_SEARCH_RETENTION_DAYS = 30
        old, young = recorded("lamp", topic="light"), recorded("cable")
        aged(old, days=31)
        aged(young, days=29)
        assert words_expire() == 1
        old.refresh_from_db()
        young.refresh_from_db()
        assert (old.text, old.normalized, old.filters, old.withheld) == ("", "", {}, Withheld.EXPIRED)
        assert old.total == 3
        assert young.text == "cable"
        assert words_expire() == 0

    def test_rows_go_after_a_year_and_a_month(self):
        old = recorded()
        search_open_record(shown=shown(old))
        aged(old, days=KEPT.days + 1)
        recorded()
        log_tidy()
        assert Search.objects.count() == 1
        assert not ResultOpened.objects.exists()

    def test_who_searches_like_a_machine_is_taken_out(self):
        machine, person = visitor(), visitor()
        for by, number in ((machine, MOST_SEARCHES + 1), (person, 3)):
            Search.objects.bulk_create(
                Search(visitor=by.hashed, surface="page", language="en", text=f"lamp {n}", who=Who.STRANGER)
                for n in range(number)
            )
        assert bots_mark() == MOST_SEARCHES + 1
        assert set(Search.objects.filter(visitor=machine.hashed).values_list("who", "excluded")) == {("bot", "bot")}
        assert not Search.objects.filter(visitor=person.hashed).exclude(excluded="").exists()

    def test_the_worker_knows_the_job(self):
        from portal.core.periodic import periodic_jobs

        assert "search-log" in {job.name for job in periodic_jobs()}
