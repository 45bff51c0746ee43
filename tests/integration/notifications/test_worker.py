"""The worker that tells, what reading does to notes, and what is told of releases and decisions."""

from datetime import timedelta

import pytest

from portal.accounts.models import User
from portal.core.clock import now
from portal.core.events import announce
from portal.notifications.models import Happening, NoteItem, Notification
from portal.notifications.selectors.inbox import unread_count
from portal.notifications.services import telling as service
from portal.notifications.services.happenings import KEPT, MOST_ASKED, happening_keep, happenings_forget
from portal.notifications.services.telling import happenings_tell
from portal.questions.events import (
    AnswerOutdated,
    AnswerPosted,
    ConfirmationWanted,
    ContestDecided,
    DuplicateDecided,
    announce_answer,
    announce_question,
)
from portal.questions.services.suggestions import suggestion_create, suggestion_reject
from tests.factories.accounts import member
from tests.factories.browsers import browser
from tests.factories.events import committed
from tests.factories.questions import answer, question, topic

from .telling import follow, kinds, told

pytestmark = pytest.mark.django_db


class TestWorker:
    def test_what_happens_is_written_with_the_change_or_not_at_all(self):
        asked = question()
        before = Happening.objects.count()
        with pytest.raises(ZeroDivisionError):
            give_up_after_answering(asked)
        assert Happening.objects.count() == before
        answer(asked)
        assert Happening.objects.count() == before + 1

    def test_a_second_run_tells_nothing_again(self):
        asked = question()
        answer(asked)
        assert happenings_tell() == 1
        assert happenings_tell() == 0

    def test_a_run_that_died_halfway_is_finished_and_disturbs_nobody_who_has_read(self, monkeypatch):
        monkeypatch.setattr(service, "AT_ONCE", 2)
        asked = question()
        followers = [member() for _each in range(5)]
        for user in followers:
            follow(user, asked)
        answer(asked)
        real, calls = service._write, []

        def dying(happening, audience):
            calls.append(len(audience))
            if happening.what == "answered" and len(calls) > 1:
                raise RuntimeError("the worker is killed")
            return real(happening, audience)

        monkeypatch.setattr(service, "_write", dying)
        happenings_tell()
        reached = Notification.objects.filter(kind="answer", items__isnull=False).count()
        assert 0 < reached < 6
        early = User.objects.filter(notifications__kind="answer").first()
        client = browser(early)
        client.post("/en/inbox/read/")
        monkeypatch.setattr(service, "_write", real)
        happenings_tell()
        assert NoteItem.objects.filter(note__kind="answer").count() == 6
        assert unread_count(early) == 0, "what she has read stays read"

    def test_what_cannot_be_told_keeps_nothing_else_waiting_and_is_given_up(self):
        asked = question()
        happening_keep(what="status", question_id=asked.pk, actor_id=None, data={"status": "closed"})
        Happening.objects.update(what="of no rule")
        answer(asked)
        for _each in range(service.MOST_ATTEMPTS + 2):
            happenings_tell()
        assert kinds(asked.author) == ["answer"]
        assert set(Happening.objects.filter(told_at=None).values_list("attempts", flat=True)) == {service.MOST_ATTEMPTS}

    def test_an_event_that_is_announced_twice_is_told_once(self):
        asked = question()
        given = answer(asked)
        with committed():
            announce(
                AnswerPosted(
                    at=given.created_at,
                    actor_id=given.author_id,
                    question_id=asked.pk,
                    author_id=asked.author_id,
                    answer_id=given.pk,
                    answer_author_id=given.author_id,
                )
            )
        assert [words for words, _title in told(asked.author)] == [f"{given.author.shown_name} answered"]


def give_up_after_answering(asked):
    from django.db import transaction

    with transaction.atomic():
        answer(asked)
        raise ZeroDivisionError


class TestReading:
    def test_reading_the_question_reads_what_is_told_of_it(self):
        leaks, reader = topic("Leaks"), member()
        follow(reader, leaks)
        first, second = (question(topics=(leaks.slug,)) for _each in range(2))
        follow(reader, first)
        answer(first)
        assert len(told(reader)) == 2 and unread_count(reader) == 2
        client = browser(reader)
        client.get(first.get_absolute_url())
        assert unread_count(reader) == 1, "the other question of the topic is still news"
        assert ("New question in Leaks", second.title) in told(reader)
        client.get(second.get_absolute_url())
        assert unread_count(reader) == 0

    def test_what_comes_after_reading_makes_the_note_unread_and_tells_the_new_alone(self):
        asked = question()
        answer(asked)
        told(asked.author)
        browser(asked.author).get(asked.get_absolute_url())
        answer(asked, member(display_name="Grace"))
        assert told(asked.author) == [("Grace answered", asked.title)]
        assert unread_count(asked.author) == 1

    def test_a_strangers_or_another_members_visit_reads_nothing(self):
        asked = question()
        answer(asked)
        told(asked.author)
        browser().get(asked.get_absolute_url())
        browser(member()).get(asked.get_absolute_url())
        assert unread_count(asked.author) == 1

    def test_what_nobody_was_to_know_is_forgotten_after_a_while(self):
        asked = question()
        answer(asked)
        happenings_tell()
        before = Happening.objects.count()
        assert happenings_forget() == 0
        Happening.objects.update(told_at=now() - KEPT - timedelta(minutes=1))
        happenings_forget()
        assert list(Happening.objects.values_list("what", flat=True)) == ["answered"] and before == 2


class TestReleases:
    def test_authors_are_asked_whether_their_answers_still_hold(self):
        author = member()
        mine = [answer(question(), author) for _each in range(MOST_ASKED + 2)]
        theirs = answer()
        with committed():
            announce(
                ConfirmationWanted(
                    at=now(),
                    actor_id=member(staff=True).pk,
                    release_id=1,
                    product_id=1,
                    asked=((author.pk, tuple(each.pk for each in mine)), (theirs.author_id, (theirs.pk, 10**9))),
                )
            )
        said = [words for words, _title in told(author)]
        assert said == ["There is a new release: does your answer still hold?"] * MOST_ASKED
        assert kinds(theirs.author) == ["confirmation"]

    def test_an_outdated_answer_is_told_to_its_author_unless_she_said_so(self):
        given = answer()
        for actor, expected in ((given.author, []), (member(), ["Your answer is marked as outdated"])):
            with committed():
                announce_answer(AnswerOutdated, given, actor)
            assert [words for words, _title in told(given.author)] == expected


class TestDecisions:
    def test_who_proposed_and_who_contested_are_told_what_the_staff_decided(self):
        asked, other, proposer, staff = question(), question(), member(), member(staff=True)
        with committed():
            announce_question(
                DuplicateDecided, asked, staff, proposal_id=1, target_id=other.pk, proposer_id=proposer.pk,
                agreed=False, reply="They differ.",
            )  # fmt: skip
            announce_question(ContestDecided, asked, staff, contest_id=1, agreed=True, reply="You are right.")
        assert told(proposer) == [("The staff let it stand by itself", asked.title)]
        assert told(asked.author) == [("Your question stands by itself again", asked.title)]
        assert told(staff) == []


class TestSuggestions:
    def test_whose_post_it_is_and_who_suggested_are_told(self):
        asked, helpful = question(), member(display_name="Ada")
        with committed():
            made = suggestion_create(
                user=helpful, kind="question", post_id=asked.pk, version=1, title="Why does it stop so soon?",
                reason="Says what it is about",
            )  # fmt: skip
        assert told(asked.author) == [("Ada suggests an edit to what you wrote", asked.title)]
        assert kinds(helpful) == []
        opened = browser(asked.author).get(f"/en/inbox/{asked.author.notifications.get().pk}/")
        assert opened["Location"] == f"/en/questions/suggestions/{made.pk}/"
        with committed():
            suggestion_reject(user=asked.author, suggestion_id=made.pk, words="It says that already.")
        assert told(helpful) == [("Your suggested edit was declined", asked.title)]
