"""What was told and then taken back: deleted and restored posts, withdrawn suggestions, questions joined and parted.

Each is looked at by all three ways: the inbox, the API, and the mails that wait.
"""

from __future__ import annotations

import pytest

from portal.notifications.models import Follow, Happening, NoteItem, ThreadMail
from portal.notifications.selectors.inbox import unread_count
from portal.notifications.services.telling import happenings_tell
from portal.questions.services.answers import answer_delete, answer_edit, answer_restore
from portal.questions.services.comments import comment_delete
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.questions import question_delete, question_edit, question_restore
from portal.questions.services.suggestions import suggestion_accept, suggestion_create, suggestion_withdraw
from tests.factories.accounts import member
from tests.factories.browsers import browser
from tests.factories.events import committed
from tests.factories.questions import answer, comment, question, topic
from tests.mail_sink import Sink, text_of

from .telling import api, follow, mailed, told

pytestmark = pytest.mark.django_db


def seen(user) -> tuple[int, int, int]:
    """How many notes a member's page, the API and the count in the header tell of."""
    happenings_tell()
    page = browser(user).get("/en/inbox/").text.count('<li class="note')
    rows = api(user, "get", "inbox").json()
    assert rows["unread_count"] == unread_count(user)
    return page, len(rows["results"]), rows["unread_count"]


class TestPosts:
    def test_an_answer_goes_and_comes_back_by_all_ways(self, sink: Sink):
        asked = question()
        given = answer(asked)
        assert seen(asked.author) == (1, 1, 1)
        with committed():
            answer_delete(user=given.author, answer_id=given.pk)
        assert seen(asked.author) == (0, 0, 0)
        with committed():
            answer_restore(user=given.author, answer_id=given.pk)
        assert seen(asked.author) == (1, 1, 1), "it is told once, not again as new"
        assert mailed() == 1
        assert text_of(sink.to(asked.author)[0]).count("\n* ") == 1

    def test_a_note_that_was_read_stays_read_when_its_answer_comes_back(self):
        asked = question()
        given = answer(asked)
        happenings_tell()
        browser(asked.author).post("/en/inbox/read/")
        for act in (answer_delete, answer_restore):
            with committed():
                act(user=given.author, answer_id=given.pk)
        assert seen(asked.author) == (1, 1, 0)

    def test_of_several_answers_a_mail_tells_those_that_are_left(self, sink: Sink):
        asked = question()
        first, second = (answer(asked, member(display_name=name)) for name in ("Ada", "Grace"))
        happenings_tell()
        with committed():
            answer_delete(user=first.author, answer_id=first.pk)
        mailed()
        text = text_of(sink.to(asked.author)[0])
        assert "Grace answered" in text and "Ada" not in text
        rows = api(asked.author, "get", "inbox").json()["results"]
        assert [(row["text"], [item["id"] for item in row["items"]]) for row in rows] == [
            ("Grace answered", [second.pk])
        ]

    def test_a_comment_that_is_gone_leaves_its_answers_note(self, sink: Sink):
        asked = question()
        given = answer(asked)
        said = comment(given, body="The secret is the blue wire.")
        assert seen(asked.author) == (2, 2, 2)
        with committed():
            comment_delete(user=said.author, comment_id=said.pk)
        assert seen(asked.author) == (1, 1, 1)
        mailed()
        assert "blue wire" not in "".join(text_of(mail) for mail in sink.mails)
        assert sink.to(given.author) == [], "there is nothing else to tell her"

    def test_a_question_takes_the_notes_of_its_topic_along(self, sink: Sink):
        leaks, reader = topic("Leaks"), member()
        follow(reader, leaks)
        asked = [question(title=f"Why does tap {number} drip?", topics=(leaks.slug,)) for number in (1, 2)]
        assert told(reader) == [("2 new questions in Leaks", "Leaks")]
        with committed():
            question_delete(user=asked[0].author, question_id=asked[0].pk)
        assert told(reader) == [("New question in Leaks", "Why does tap 2 drip?")]
        with committed():
            question_delete(user=asked[1].author, question_id=asked[1].pk)
        assert seen(reader) == (0, 0, 0)
        with committed():
            question_restore(user=asked[0].author, question_id=asked[0].pk)
        assert told(reader) == [("New question in Leaks", "Why does tap 1 drip?")]
        mailed()
        text = text_of(sink.to(reader)[0])
        assert "tap 1" in text and "tap 2" not in text

    def test_a_mail_has_the_words_as_they_are_when_it_leaves(self, sink: Sink):
        asked = question(title="Why does my password hunter2 fail?")
        given = answer(asked, body="Do not post hunter2 here.")
        happenings_tell()
        with committed():
            answer_edit(user=given.author, answer_id=given.pk, version=1, body="Do not post passwords here.")
            question_edit(user=asked.author, question_id=asked.pk, version=1, title="Why does my password fail?")
        mailed()
        (mail,) = sink.to(asked.author)
        assert mail["Subject"] == "Why does my password fail?"
        assert "hunter2" not in mail.as_string() + text_of(mail) and "Do not post passwords here." in text_of(mail)

    def test_what_is_deleted_for_good_takes_its_notes_out_of_the_tables(self):
        asked = question()
        given = answer(asked)
        comment(given)
        happenings_tell()
        given.delete()
        assert not NoteItem.objects.exists()
        assert set(Happening.objects.values_list("what", flat=True)) == {"asked"}
        assert seen(asked.author) == (0, 0, 0)
        asked.delete()
        assert not Follow.objects.exists() and not Happening.objects.exists()


class TestSuggestions:
    def suggested(self, asked, by):
        with committed():
            return suggestion_create(
                user=by, kind="question", post_id=asked.pk, version=1, title="Why does it stop so soon?",
                reason="Says what it is about",
            )  # fmt: skip

    def test_one_that_was_withdrawn_is_told_no_more(self, sink: Sink):
        asked, helpful = question(), member(display_name="Ada")
        made = self.suggested(asked, helpful)
        assert told(asked.author) == [("Ada suggests an edit to what you wrote", asked.title)]
        with committed():
            suggestion_withdraw(user=helpful, suggestion_id=made.pk)
        assert seen(asked.author) == (0, 0, 0)
        assert mailed() == 0 and sink.mails == []
        assert not ThreadMail.objects.exists()

    def test_of_two_the_other_is_still_told(self):
        asked, helpful, other = question(), member(display_name="Ada"), member(display_name="Grace")
        made = self.suggested(asked, helpful)
        self.suggested(asked, other)
        assert [words for words, _title in told(asked.author)] == ["2 changes"]
        with committed():
            suggestion_withdraw(user=helpful, suggestion_id=made.pk)
        assert [words for words, _title in told(asked.author)] == ["Grace suggests an edit to what you wrote"]

    def test_one_that_was_decided_is_history_and_stays(self):
        asked, helpful = question(), member(display_name="Ada")
        made = self.suggested(asked, helpful)
        happenings_tell()
        with committed():
            suggestion_accept(user=asked.author, suggestion_id=made.pk)
        assert "Ada suggests an edit to what you wrote" in [words for words, _title in told(asked.author)]
        assert "Your suggested edit was accepted" in [words for words, _title in told(helpful)]


class TestMerging:
    @pytest.fixture
    def pair(self):
        """Two questions, the first with an answer, and a moderator."""
        first, second = question(title="Why does the first one drip?"), question(title="Why does the second one drip?")
        return first, second, answer(first), member(staff=True)

    def test_a_mail_of_the_joining_that_was_undone_in_time_is_not_sent(self, sink: Sink, pair):
        first, second, _given, staff = pair
        Happening.objects.all().delete()
        with committed():
            merge = questions_merge(user=staff, source_id=first.pk, target_id=second.pk)
        happenings_tell()
        with committed():
            merge_undo(user=staff, merge_id=merge.pk)
        mailed()
        text = "".join(text_of(mail) for mail in sink.to(first.author))
        assert "Your question was joined with another one" not in text and "stands by itself again" in text

    def test_an_answer_before_the_joining_is_not_told_where_it_no_longer_stands(self, sink: Sink, pair):
        first, second, _given, staff = pair
        happenings_tell()
        assert [title for _words, title in told(first.author)] == [first.title]
        with committed():
            questions_merge(user=staff, source_id=first.pk, target_id=second.pk)
        titles = {title for _words, title in told(first.author)}
        assert titles == {second.title}
        mailed()
        for mail in sink.to(first.author):
            assert f"/questions/{first.pk}/" not in text_of(mail), "a mail leads nowhere that is moved"

    def test_an_answer_after_the_joining_is_told_to_followers_of_both_once(self, pair):
        first, second, given, staff = pair
        both = member()
        for asked in (first, second):
            follow(both, asked)
        with committed():
            questions_merge(user=staff, source_id=first.pk, target_id=second.pk)
        Happening.objects.all().delete()
        answer(second, member(display_name="Ada"))
        for user in (first.author, second.author, given.author, both):
            assert [words for words, _title in told(user)].count("Ada answered") == 1, user

    def test_who_muted_the_one_that_was_put_away_hears_nothing_of_the_other_unless_she_follows_it(self, pair):
        first, second, _given, staff = pair
        muting, mixed = member(), member()
        follow(muting, first, "muted")
        follow(mixed, first, "muted")
        follow(mixed, second)
        with committed():
            questions_merge(user=staff, source_id=first.pk, target_id=second.pk)
        answer(second, member(display_name="Ada"))
        assert told(muting) == []
        assert [words for words, _title in told(mixed)] == ["Ada answered"]

    def test_parting_gives_the_notes_of_the_answer_back(self, pair):
        first, second, _given, staff = pair
        before = told(first.author)
        with committed():
            merge = questions_merge(user=staff, source_id=first.pk, target_id=second.pk)
        with committed():
            merge_undo(user=staff, merge_id=merge.pk)
        assert set(before) <= set(told(first.author))
