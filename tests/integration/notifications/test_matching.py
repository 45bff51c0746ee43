"""What a saved search finds that is new, and what it never tells of."""

from datetime import timedelta

import pytest

from portal.accounts.models import User
from portal.core import clock
from portal.core.clock import now
from portal.discovery.models import Frequency, SavedSearch
from portal.discovery.services.saved_searches import saved_search_change
from portal.notifications.models import Notification, SavedSearchMatch
from portal.notifications.services.matching import saved_search_look, saved_searches_look
from portal.questions.models import Question
from portal.questions.services.questions import question_delete
from search.engines import forget_engines
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import answer, question, topic

pytestmark = pytest.mark.django_db


def notes(user: User) -> list[str]:
    """The ids of the things that a member was told of."""
    return list(Notification.objects.filter(recipient=user).order_by("id").values_list("document_id", flat=True))


def later(**time: int) -> None:
    """Lets time pass for every saved search."""
    step = timedelta(**time)
    for search in SavedSearch.objects.exclude(due_at=None):
        SavedSearch.objects.filter(pk=search.pk).update(due_at=search.due_at - step)


def look() -> int:
    later(minutes=2)
    return saved_searches_look()


class TestNever:
    def test_what_others_may_not_see_is_told_to_nobody(self, index, reader, keep):
        keep(reader)
        gone = question(title="The valve leaks")
        index()
        with committed():
            question_delete(user=member(staff=True), question_id=gone.pk)
        # The index still holds it: the database is asked again.
        assert look() == 0
        assert notes(reader) == []

    def test_ones_own_posts_are_no_news(self, index, reader, keep):
        keep(reader)
        question(reader, title="My valve leaks")
        index()
        assert look() == 0

    def test_what_was_there_before_is_no_news(self, index, reader, keep):
        question(title="The valve leaks")
        index()
        keep(reader)
        assert look() == 0

    def test_an_old_import_is_no_news(self, index, reader, keep):
        keep(reader)
        old = question(title="The valve leaks")
        Question.objects.filter(pk=old.pk).update(created_at=now() - timedelta(days=900))
        index()
        assert look() == 0

    def test_another_members_search_tells_only_her(self, index, reader, keep):
        other = member()
        keep(other)
        asked = question(title="The valve leaks")
        index()
        look()
        assert notes(reader) == []
        assert notes(other) == [str(asked.pk)]

    def test_who_may_not_sign_in_is_told_nothing_and_nothing_waits_for_her(self, index, reader, keep):
        keep(reader)
        User.objects.filter(pk=reader.pk).update(is_active=False)
        question(title="The valve leaks")
        index()
        assert look() == 0
        assert SavedSearchMatch.objects.count() == 0

    def test_new_members_are_no_news_unless_asked_for(self, index, reader, keep):
        keep(reader)
        keep(reader, "q=valve&type=member")
        joined = member("valve-doctor")
        index()
        look()
        told = Notification.objects.filter(recipient=reader).values_list("document_type", "document_id")
        assert list(told) == [("member", str(joined.pk))]

    @pytest.mark.parametrize("frequency", ["never", "daily", "weekly"])
    def test_not_before_its_time(self, index, reader, keep, frequency):
        keep(reader, frequency=frequency)
        question(title="The valve leaks")
        index()
        later(hours=23)
        assert saved_searches_look() == 0


class TestNew:
    def test_a_new_match_is_told_once(self, index, reader, keep):
        search = keep(reader, "q=valve+leak")
        asked = question(title="The valve leaks at night")
        question(title="The lamp is dark")
        index()
        assert look() == 1
        assert notes(reader) == [str(asked.pk)]
        assert look() == 0
        assert SavedSearchMatch.objects.filter(search=search).count() == 1

    def test_each_look_tells_what_came_since(self, index, reader, keep):
        keep(reader)
        asked = [question(title=f"Valve number {number}") for number in (1, 2)]
        index()
        look()
        third = question(title="Valve number 3")
        index()
        look()
        assert sorted(notes(reader)) == sorted(str(each.pk) for each in (*asked, third))

    def test_what_the_index_learned_late_is_not_missed(self, index, reader, keep):
        keep(reader)
        late = question(title="The valve leaks")
        assert look() == 0, "it is not in the index yet"
        assert look() == 0
        index()
        assert look() == 1
        assert notes(reader) == [str(late.pk)]

    def test_a_few_of_many_words_are_not_enough(self, index, reader, keep):
        keep(reader, "q=valve+leaks+after+winter+frost")
        question(title="The valve of a bicycle")
        fitting = question(title="Frost in winter: the valve leaks")
        index()
        look()
        assert notes(reader) == [str(fitting.pk)]

    def test_filters_hold(self, index, reader, keep):
        topic("Leaks")
        keep(reader, "topic=leaks&language=en")
        fitting = question(title="Water everywhere", topics=("leaks",))
        question(title="Wasser", topics=("leaks",), language="ru")
        question(title="Elsewhere")
        index()
        look()
        assert notes(reader) == [str(fitting.pk)]

    def test_the_words_of_an_answer_count(self, index, reader, keep):
        keep(reader, "q=gasket")
        asked = question(title="Water everywhere")
        answer(asked, body="Change the gasket.")
        index()
        look()
        assert notes(reader) == [str(asked.pk)]

    def test_two_searches_for_one_thing_make_one_note(self, index, reader, keep):
        keep(reader, "q=valve")
        keep(reader, "q=leaks")
        asked = question(title="The valve leaks")
        index()
        assert look() == 2
        assert notes(reader) == [str(asked.pk)]

    def test_a_daily_one_looks_after_a_day_and_then_again_after_a_day(self, index, reader, keep):
        search = keep(reader, frequency="daily")
        question(title="The valve leaks")
        index()
        later(hours=25)
        assert saved_searches_look() == 1
        search.refresh_from_db()
        assert timedelta(hours=23) < search.due_at - now() <= timedelta(days=1)

    def test_who_asks_to_be_told_again_is_told_of_what_comes_then(self, index, reader, keep):
        search = keep(reader, frequency="never")
        question(title="The valve leaks")
        saved_search_change(user=reader, search_id=search.pk, frequency="immediately")
        fresh = question(title="The valve drips")
        index()
        look()
        assert notes(reader) == [str(fresh.pk)]

    def test_who_wants_to_hear_sooner_misses_nothing(self, index, reader, keep):
        search = keep(reader, frequency="weekly")
        asked = question(title="The valve leaks")
        index()
        saved_search_change(user=reader, search_id=search.pk, frequency="immediately")
        look()
        assert notes(reader) == [str(asked.pk)]

    def test_more_than_a_page_of_news(self, index, reader, keep, monkeypatch):
        monkeypatch.setattr("portal.notifications.services.matching.AT_ONCE", 2)
        keep(reader)
        asked = [question(title=f"Valve number {number}") for number in range(5)]
        index()
        assert look() == 5
        assert sorted(notes(reader)) == sorted(str(each.pk) for each in asked)


class TestTrouble:
    def test_an_engine_that_is_away_loses_nothing(self, index, reader, keep, settings, tmp_path):
        search = keep(reader)
        question(title="The valve leaks")
        index()
        here = settings.SEARCH
        settings.SEARCH = {**here, "EMBEDDED_PATH": tmp_path / "nothing"}
        forget_engines()
        before = SavedSearch.objects.values("seen_at", "due_at").get(pk=search.pk)
        later(minutes=2)
        assert saved_searches_look() == 0
        after = SavedSearch.objects.values("seen_at", "due_at").get(pk=search.pk)
        assert after["seen_at"] == before["seen_at"]
        assert after["due_at"] < clock.now(), "it is still due"
        settings.SEARCH = here
        forget_engines()
        assert saved_searches_look() == 1

    def test_one_that_fails_keeps_nobody_else_waiting(self, index, reader, keep):
        broken = keep(reader)
        SavedSearch.objects.filter(pk=broken.pk).update(
            owner_id=reader.pk, language="x" * 12, parameters="q=%ff&" * 300
        )
        other = member()
        keep(other)
        question(title="The valve leaks")
        index()
        look()
        assert len(notes(other)) == 1

    def test_one_that_was_deleted_meanwhile_writes_nothing(self, index, reader, keep):
        search = keep(reader)
        question(title="The valve leaks")
        index()
        SavedSearch.objects.all().delete()
        assert saved_search_look(search=search, moment=now()) == 0
        assert notes(reader) == []

    def test_one_that_was_silenced_meanwhile_writes_nothing(self, index, reader, keep):
        search = keep(reader)
        question(title="The valve leaks")
        index()
        SavedSearch.objects.filter(pk=search.pk).update(frequency=Frequency.NEVER)
        assert saved_search_look(search=search, moment=now()) == 0
