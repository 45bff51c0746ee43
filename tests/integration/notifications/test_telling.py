"""Who is told of what: never an outsider, never who did it, each once and for the nearest reason."""

import pytest

from portal.accounts.models import User
from portal.notifications.models import Follow, NoteItem, Notification
from portal.notifications.selectors.inbox import inbox_page, unread_count
from portal.notifications.services.happenings import happening_keep
from portal.notifications.services.settings import notification_settings_update
from portal.notifications.services.telling import happenings_tell
from portal.questions.models import Question
from portal.questions.services.answers import answer_accept, answer_delete, answer_edit, answer_restore
from portal.questions.services.answers import answer_unaccept as unaccept
from portal.questions.services.comments import comment_delete
from portal.questions.services.life import question_settle
from portal.questions.services.questions import question_delete, question_edit, question_restore
from tests.factories.accounts import member
from tests.factories.browsers import browser
from tests.factories.events import committed
from tests.factories.questions import accept, answer, comment, question, topic

from .telling import follow, kinds, told

pytestmark = pytest.mark.django_db


class TestOutsiders:
    def test_who_follows_nothing_is_told_nothing(self):
        stranger = member()
        asked = question(topics=(topic("Leaks").slug,))
        comment(accept(answer(asked)))
        assert told(stranger) == []
        assert Notification.objects.filter(recipient=stranger).count() == 0

    def test_what_is_deleted_before_the_worker_comes_is_told_to_nobody(self):
        asked, follower = question(), member()
        follow(follower, asked)
        given = answer(asked)
        with committed():
            answer_delete(user=given.author, answer_id=given.pk)
        assert told(follower) == [] and unread_count(follower) == 0

    def test_a_deleted_question_takes_all_its_notes_along_and_brings_them_back(self):
        asked, follower, staff = question(), member(), member(staff=True)
        follow(follower, asked)
        given = answer(asked)
        comment(given)
        assert len(told(follower)) == 2
        with committed():
            question_delete(user=staff, question_id=asked.pk)
        assert told(follower) == [] and unread_count(follower) == 0
        assert browser(follower).get("/en/inbox/").text.count(asked.title) == 0
        with committed():
            question_restore(user=staff, question_id=asked.pk)
        assert len(told(follower)) == 2 and unread_count(follower) == 2

    def test_a_deleted_answer_leaves_a_note_of_several_and_comes_back(self):
        asked, follower = question(), member()
        follow(follower, asked)
        given = [answer(asked, member(display_name=name)) for name in ("Ada", "Grace")]
        assert told(follower) == [("2 new answers", asked.title)]
        with committed():
            answer_delete(user=given[1].author, answer_id=given[1].pk)
        assert told(follower) == [("Ada answered", asked.title)]
        with committed():
            answer_restore(user=given[1].author, answer_id=given[1].pk)
        assert told(follower) == [("2 new answers", asked.title)]

    def test_comments_go_with_their_answer_and_by_themselves(self):
        asked, follower = question(), member()
        follow(follower, asked)
        given = answer(asked)
        said = comment(given)
        assert kinds(follower) == ["answer", "comment"]
        with committed():
            comment_delete(user=said.author, comment_id=said.pk)
        assert kinds(follower) == ["answer"]
        with committed():
            answer_delete(user=given.author, answer_id=given.pk)
        assert kinds(follower) == []

    def test_who_may_not_see_the_question_has_no_note_of_it(self, monkeypatch):
        """One access function for all: where it says no to one reader, her inbox and her count say nothing."""
        asked, insider, outsider = question(title="Plans of the valve"), member(), member()
        for each in (insider, outsider):
            follow(each, asked)
        answer(asked)

        def visible(user):
            found = Question.objects.filter(deleted_at__isnull=True)
            return found.exclude(pk=asked.pk) if user == outsider else found

        for module in ("items", "things"):
            monkeypatch.setattr(f"portal.notifications.selectors.{module}.questions_visible_to", visible)
        assert len(told(insider)) == 1
        assert told(outsider) == [] and unread_count(outsider) == 0
        assert "Plans" not in browser(outsider).get("/en/inbox/").text

    def test_who_was_put_out_gets_no_notes(self):
        asked, follower = question(), member()
        follow(follower, asked)
        User.objects.filter(pk=follower.pk).update(is_active=False)
        answer(asked)
        happenings_tell()
        assert not NoteItem.objects.filter(note__recipient=follower).exists()


class TestReasons:
    def test_the_asker_is_told_of_answers_and_who_answers_of_what_follows(self):
        asked = question()
        first = answer(asked, member(display_name="Ada"))
        assert told(asked.author) == [("Ada answered", asked.title)]
        assert told(first.author) == []
        answer(asked, member(display_name="Grace"))
        assert told(first.author) == [("Grace answered", asked.title)]

    def test_nobody_is_told_of_her_own_doings(self):
        asked = question()
        given = answer(asked, asked.author)
        comment(given, asked.author)
        with committed():
            question_edit(user=asked.author, question_id=asked.pk, version=1, body="It is worse now than it was.")
        assert told(asked.author) == []

    def test_one_note_for_who_follows_question_topic_and_author(self):
        leaks, author, follower = topic("Leaks"), member(), member()
        asked = question(topics=(leaks.slug,))
        for thing in (asked, leaks, author):
            follow(follower, thing)
        answer(asked, author)
        assert [entry.note.kind for entry in after_run(follower)] == ["answer"]

    def test_who_begins_to_follow_is_not_told_of_what_was_before(self):
        asked, late = question(), member()
        answer(asked)
        follow(late, asked)
        assert told(late) == []
        answer(asked, member(display_name="Grace"))
        assert told(late) == [("Grace answered", asked.title)]

    def test_a_new_question_is_told_once_to_who_follows_topic_and_asker(self):
        leaks, author, follower = topic("Leaks"), member(display_name="Ada"), member()
        follow(follower, leaks)
        follow(follower, author)
        asked = question(author, topics=(leaks.slug,))
        assert told(follower) == [("New question in Leaks", asked.title)]

    def test_a_topic_counts_with_those_below_it(self):
        top = topic("Water")
        middle = topic("Pipes", parent=top)
        below = topic("Valves", parent=middle)
        follower, other = member(), member()
        follow(follower, top)
        follow(other, topic("Lamps"))
        asked = question(topics=(below.slug,))
        assert told(follower) == [("New question in Water", asked.title)]
        assert told(other) == []

    def test_several_questions_of_a_topic_are_one_note(self):
        leaks, follower = topic("Leaks", ru="Протечки"), member()
        follow(follower, leaks)
        for _each in range(3):
            question(topics=(leaks.slug,))
        assert told(follower) == [("3 new questions in Leaks", "Leaks")]

    def test_posts_of_a_followed_member(self):
        writer, follower = member(display_name="Ada"), member()
        follow(follower, writer)
        asked = question(writer)
        assert told(follower) == [("Ada asked", asked.title)]
        answer(question(), writer)
        assert told(follower) == [("2 new posts by Ada", "Ada")]

    def test_an_official_answer_has_a_note_of_its_own_kind(self):
        asked = question()
        answer(asked, member(staff=True, display_name="Sato"), official=True)
        assert told(asked.author) == [("Official answer by Sato", asked.title)]

    def test_acceptance_is_told_to_author_and_followers_while_it_holds(self):
        asked, follower = question(), member()
        follow(follower, asked)
        given = answer(asked)
        accept(given)
        assert ("Your answer was accepted", asked.title) in told(given.author)
        assert "accepted" in kinds(follower)
        with committed():
            unaccept(user=asked.author, answer_id=given.pk)
        assert told(given.author) == []

    def test_accepting_again_and_again_is_told_once(self):
        asked = question()
        given = answer(asked)
        for _each in range(3):
            accept(given)
            with committed():
                unaccept(user=asked.author, answer_id=given.pk)
        with committed():
            answer_accept(user=asked.author, answer_id=given.pk)
        assert told(given.author) == [("Your answer was accepted", asked.title)]
        assert NoteItem.objects.filter(note__recipient=given.author, note__kind="accepted").count() == 1

    def test_an_edit_is_told_to_whose_post_it_is(self):
        asked, staff = question(), member(staff=True, display_name="Sato")
        given = answer(asked)
        with committed():
            answer_edit(user=staff, answer_id=given.pk, version=1, body="Open the front cover instead.")
            question_edit(user=staff, question_id=asked.pk, version=1, title="Why does it stop after page two?")
        title = "Why does it stop after page two?"
        assert told(given.author) == [("Sato edited your answer", title)]
        assert ("Sato edited your question", title) in told(asked.author)

    def test_a_question_that_is_closed_is_told_to_followers(self):
        asked, follower = question(), member()
        follow(follower, asked)
        with committed():
            question_settle(
                user=member(staff=True, display_name="Sato"), question_id=asked.pk, status="closed", reason="Off topic"
            )
        assert told(follower) == [("Where the question stands: Closed", asked.title)]

    def test_comments_reach_who_wrote_what_they_are_about(self):
        asked = question()
        given = answer(asked)
        said = comment(given, member(display_name="Ada"))
        assert ("Ada commented on your answer", asked.title) in told(given.author)
        comment(given, member(display_name="Grace"), parent=said)
        assert ("Grace replied to your comment", asked.title) in told(said.author)

    def test_an_asker_of_long_ago_is_told_though_no_row_says_that_she_follows(self):
        asked = question()
        Follow.objects.all().delete()
        answer(asked)
        assert kinds(asked.author) == ["answer"]


def after_run(user):
    happenings_tell()
    return inbox_page(user).entries


class TestMentions:
    def mentioned(self, asked, *users, answer=None, by=None):
        return happening_keep(
            what="mentioned",
            question_id=asked.pk,
            answer_id=answer.pk if answer else None,
            actor_id=(by or member(display_name="Ada")).pk,
            data={"members": [user.pk for user in users]},
        )

    def test_a_mention_wins_over_the_answer_that_it_stands_in(self):
        asked, reader = question(), member()
        follow(reader, asked)
        given = answer(asked, member(display_name="Ada"))
        self.mentioned(asked, reader, answer=given, by=given.author)
        assert told(reader) == [("Ada mentioned you", asked.title)]
        assert kinds(asked.author) == ["answer"]

    def test_it_reaches_who_does_not_follow_but_not_who_muted(self):
        asked, reader, muting = question(), member(), member()
        follow(muting, asked, "muted")
        self.mentioned(asked, reader, muting)
        assert kinds(reader) == ["mention"] and kinds(muting) == []

    def test_numbers_that_are_nobodys_are_passed_by(self):
        asked, reader = question(), member()
        happening = self.mentioned(asked, reader)
        happening.data = {"members": [reader.pk, 10**9, "x", None]}
        happening.save()
        assert kinds(reader) == ["mention"]


class TestChoices:
    def test_a_kind_that_is_not_wanted_makes_no_note(self):
        asked = question()
        notification_settings_update(user=asked.author, channels={"answer": "never"})
        comment(answer(asked))
        assert kinds(asked.author) == ["comment"]

    def test_only_mail_and_digest_wait_for_a_mail(self):
        asked = question()
        follower = {channel: member() for channel in ("mail", "digest", "inbox")}
        for channel, user in follower.items():
            follow(user, asked)
            notification_settings_update(user=user, channels={"answer": channel})
        answer(asked)
        happenings_tell()
        found = {
            item.note.recipient_id: (item.mail_due_at is not None, item.digest)
            for item in NoteItem.objects.select_related("note")
        }
        expected = {"mail": (True, False), "digest": (True, True), "inbox": (False, False)}
        assert {channel: found[user.pk] for channel, user in follower.items()} == expected
