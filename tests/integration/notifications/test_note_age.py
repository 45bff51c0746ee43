"""Old notes go; those of an answer that moved with a merge lead to where it stands."""

from datetime import timedelta

import pytest

from portal.core.clock import now
from portal.notifications import tasks
from portal.notifications.models import Happening, NoteItem, Notification, ThreadMail
from portal.notifications.selectors.inbox import inbox_page, unread_count
from portal.notifications.services import inbox
from portal.notifications.services.happenings import KEPT
from portal.notifications.services.inbox import UNREAD_DAYS, notes_forget, notification_read
from portal.notifications.services.telling import happenings_tell
from portal.questions.services.answers import answer_delete
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.browsers import browser
from tests.factories.events import committed
from tests.factories.questions import answer, question
from tests.mail_sink import Sink, text_of

from .telling import api, mailed, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def told_asker():
    """A member with a note of one answer."""
    asked = question()
    answer(asked)
    happenings_tell()
    return asked.author


def aged(user, *, told_days, read_days=None):
    """Makes a member's notes that old."""
    notes = Notification.objects.filter(recipient=user)
    read = None if read_days is None else now() - timedelta(days=read_days)
    notes.update(told_at=now() - timedelta(days=told_days), read_at=read)
    NoteItem.objects.filter(note__in=notes).update(read_at=read)


class TestAge:
    @pytest.mark.parametrize(
        ("told_days", "read_days", "goes"),
        [
            (200, 181, True),
            (200, 179, False),
            (UNREAD_DAYS - 1, None, False),
            (UNREAD_DAYS + 1, None, True),
            (UNREAD_DAYS + 1, 1, True),
            (1, None, False),
        ],
    )
    def test_read_ones_go_after_half_a_year_and_all_after_a_year(self, told_asker, told_days, read_days, goes):
        aged(told_asker, told_days=told_days, read_days=read_days)
        assert notes_forget() == goes
        assert (told(told_asker) == []) is goes
        assert NoteItem.objects.filter(note__recipient=told_asker).exists() is not goes

    def test_the_setting_says_how_long(self, told_asker, settings):
        settings.PORTAL_NOTE_DAYS = 10
        aged(told_asker, told_days=12, read_days=11)
        assert notes_forget() == 1

    def test_where_read_ones_stay_longer_than_a_year_unread_ones_do_too(self, told_asker, settings):
        settings.PORTAL_NOTE_DAYS = 1_000
        aged(told_asker, told_days=999)
        assert notes_forget() == 0
        aged(told_asker, told_days=1_001)
        assert notes_forget() == 1

    def test_with_0_nothing_ever_goes(self, told_asker, settings):
        settings.PORTAL_NOTE_DAYS = 0
        aged(told_asker, told_days=9_000, read_days=8_000)
        assert notes_forget() == 0 and len(told(told_asker)) == 1

    def test_a_note_that_was_told_again_lately_is_young(self, told_asker):
        aged(told_asker, told_days=400, read_days=300)
        answer(Happening.objects.first().question, member(display_name="Ada"))
        assert [words for words, _title in told(told_asker)] == ["Ada answered"]
        assert notes_forget() == 0

    def test_what_happens_after_it_went_is_told_anew(self, told_asker):
        asked = Happening.objects.first().question
        aged(told_asker, told_days=400, read_days=300)
        notes_forget()
        answer(asked, member(display_name="Ada"))
        assert [words for words, _title in told(told_asker)] == ["Ada answered"]
        assert unread_count(told_asker) == 1

    def test_many_go_in_pieces_and_the_rest_the_next_time(self, monkeypatch):
        monkeypatch.setattr(inbox, "AT_ONCE", 2)
        monkeypatch.setattr(inbox, "MOST_BATCHES", 2)
        user = member()
        for _each in range(5):
            answer(question(user))
        happenings_tell()
        aged(user, told_days=400)
        assert [notes_forget(), notes_forget(), notes_forget()] == [4, 1, 0]

    def test_the_worker_does_it_and_then_forgets_what_happened(self, told_asker):
        aged(told_asker, told_days=400, read_days=300)
        Happening.objects.update(told_at=now() - KEPT - timedelta(days=1))
        tasks.reminders_run()
        assert not Notification.objects.exists() and not Happening.objects.exists()


class TestMoved:
    @pytest.fixture
    def pair(self):
        """A question with an answer that its asker was told of, another one, and somebody who may join them."""
        first, second = question(title="Why does it leak?"), question(title="Why is there water below it?")
        given = answer(first, member(display_name="Ada"))
        happenings_tell()
        return first, second, given, member(staff=True)

    def joined(self, pair):
        first, second, _given, staff = pair
        with committed():
            return questions_merge(user=staff, source_id=first.pk, target_id=second.pk)

    def of_answers(self, user):
        return [each for each in inbox_page(user).entries if each.note.kind == "answer"]

    def test_the_note_leads_to_where_the_answer_is_now(self, pair):
        first, second, given, _staff = pair
        self.joined(pair)
        (entry,) = self.of_answers(first.author)
        assert entry.path == f"{second.get_absolute_url()}#answer-{given.pk}"
        assert (entry.title, entry.thread.key) == (second.title, f"question:{second.pk}")
        page = browser(first.author).get("/en/inbox/").content.decode()
        assert "Ada answered" in page and second.title in page and first.title not in page
        row = next(row for row in api(first.author, "get", "inbox").json()["results"] if row["kind"] == "answer")
        assert f"/questions/{second.pk}/" in row["url"]

    def test_it_is_counted_and_read_where_it_is_now(self, pair):
        first, second, _given, _staff = pair
        before = unread_count(first.author)
        self.joined(pair)
        assert unread_count(first.author) == before == 1
        browser(first.author).get(second.get_absolute_url())
        assert unread_count(first.author) == 0

    def test_parted_it_leads_back(self, pair):
        first, _second, given, staff = pair
        merge = self.joined(pair)
        with committed():
            merge_undo(user=staff, merge_id=merge.pk)
        (entry,) = self.of_answers(first.author)
        assert entry.path == f"{first.get_absolute_url()}#answer-{given.pk}"

    def test_with_the_answer_or_its_new_question_it_is_gone(self, pair):
        first, second, given, staff = pair
        self.joined(pair)
        answer_delete(user=staff, answer_id=given.pk)
        assert self.of_answers(first.author) == []
        question_delete(user=staff, question_id=second.pk)
        assert told(first.author) == [] and unread_count(first.author) == 0

    def test_a_read_note_stays_read(self, pair):
        first, *_rest = pair
        note = Notification.objects.get(recipient=first.author)
        notification_read(user=first.author, note_id=note.pk)
        self.joined(pair)
        assert self.of_answers(first.author)[0].note.read_at is not None

    def test_a_mail_names_the_other_question_and_keeps_its_pace(self, pair, sink: Sink):
        first, second, *_rest = pair
        self.joined(pair)
        mailed()
        words = "".join(text_of(mail) for mail in sink.to(first.author))
        assert "Ada answered" in words and second.title in words and f"/questions/{first.pk}/" not in words
        threads = set(ThreadMail.objects.filter(recipient=first.author).values_list("thread", flat=True))
        assert f"question:{second.pk}" in threads and f"question:{first.pk}" not in threads
