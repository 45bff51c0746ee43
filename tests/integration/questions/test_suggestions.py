"""Suggested edits: who may make and decide them, and what is refused."""

from datetime import timedelta

import pytest
from django.conf import settings

from portal.core.clock import now
from portal.core.errors import Invalid, NotAllowed, NotFound, SignInNeeded, Stale, StateForbids, TooMany
from portal.experts.models import Standing
from portal.questions.models import Answer, Post, Suggestion
from portal.questions.selectors.suggested import suggestions_visible_to
from portal.questions.services.answers import answer_delete, answer_restore
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.questions import question_delete, question_edit
from portal.questions.services.suggestions import (
    A_DAY,
    suggestion_accept,
    suggestion_create,
    suggestion_reject,
    suggestion_withdraw,
)
from tests.factories.accounts import member
from tests.factories.questions import answer, question, topic

from .scene import KINDS, scene
from .suggesting import BODY, REASON, expert, rows, suggested

REFUSALS = {"S": SignInNeeded, "N": NotAllowed, "F": StateForbids, "H": NotFound}


@pytest.mark.django_db
class TestWho:
    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "SS.F..F", strict=True)))
    def test_suggests_for_a_question(self, kind, letter):
        self.attempt(lambda u, s: suggested(s.asked, u), kind, letter, scene())

    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "SS..F.F", strict=True)))
    def test_suggests_for_an_answer(self, kind, letter):
        self.attempt(lambda u, s: suggested(s.given, u), kind, letter, scene())

    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "HHH.HH.", strict=True)))
    def test_decides_on_a_question(self, kind, letter):
        at = scene()
        made = suggested(at.asked)
        self.attempt(lambda u, s: suggestion_accept(user=u, suggestion_id=made.pk), kind, letter, at)

    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "HHHH.H.", strict=True)))
    def test_decides_on_an_answer(self, kind, letter):
        at = scene()
        made = suggested(at.given)
        self.attempt(lambda u, s: suggestion_reject(user=u, suggestion_id=made.pk, words=REASON), kind, letter, at)

    def attempt(self, act, kind, letter, at):
        before = rows()
        if letter == ".":
            act(at.people[kind], at)
            assert rows() != before
            return
        with pytest.raises(REFUSALS[letter]) as refused:
            act(at.people[kind], at)
        assert str(refused.value)
        assert rows() == before

    def test_nobody_decides_on_her_own(self):
        made = suggested(answer())
        with pytest.raises(NotAllowed):
            suggestion_accept(user=made.author, suggestion_id=made.pk)
        Standing.objects.create(user=made.author, topic=topic("Battery"), points=1000)
        made.question.topics.add(topic("Battery"))
        with pytest.raises(NotAllowed):
            suggestion_accept(user=made.author, suggestion_id=made.pk)

    def test_a_member_with_standing_in_a_topic_decides_there_and_only_there(self):
        topic("Battery"), topic("Pumps")
        here, there = question(body=BODY, topics=("battery",)), question(body=BODY, topics=("pumps",))
        who, one, other = expert(here), suggested(here), suggested(there)
        assert list(suggestions_visible_to(who)) == [one]
        assert suggestion_accept(user=who, suggestion_id=one.pk).status == "accepted"
        with pytest.raises(NotFound):
            suggestion_accept(user=who, suggestion_id=other.pk)

    def test_too_little_standing_is_none(self):
        topic("Battery")
        asked = question(body=BODY, topics=("battery",))
        who = expert(asked)
        Standing.objects.filter(user=who).update(points=settings.PORTAL_REVIEW_STANDING - 1)
        suggested(asked)
        assert not suggestions_visible_to(who).exists()

    def test_staff_who_lost_the_role_decide_no_more(self):
        made, staff = suggested(question(body=BODY)), member(staff=True)
        staff.is_staff = False
        staff.save()
        with pytest.raises(NotFound):
            suggestion_accept(user=staff, suggestion_id=made.pk)

    def test_who_asked_decides_on_her_question_but_not_on_its_answers(self):
        at = scene()
        one, other = suggested(at.asked), suggested(at.given)
        assert set(suggestions_visible_to(at.people["asker"])) == {one}
        assert set(suggestions_visible_to(at.people["author"])) == {other}
        assert set(suggestions_visible_to(at.people["staff"])) == {one, other}
        assert not suggestions_visible_to(at.people["stranger"]).exists()
        assert not suggestions_visible_to(at.people["member"]).exists()

    @pytest.mark.parametrize("act", ["locked", "archived"])
    def test_a_locked_or_archived_question_takes_none(self, act):
        asked, staff, who = question(body=BODY), member(staff=True), member()
        made = suggested(asked)
        if act == "locked":
            question_lock(user=staff, question_id=asked.pk, locked=True)
        else:
            question_settle(user=staff, question_id=asked.pk, status="archived")
        asked.refresh_from_db()
        before = rows()
        with pytest.raises(StateForbids):
            suggested(asked, who)
        with pytest.raises(StateForbids):
            suggestion_accept(user=asked.author, suggestion_id=made.pk)
        assert rows() == before

    def test_on_what_is_deleted_there_is_nothing_until_it_comes_back(self):
        given, staff = answer(body=BODY), member(staff=True)
        made = suggested(given)
        answer_delete(user=staff, answer_id=given.pk)
        for who in (made.author, given.author, staff):
            assert not suggestions_visible_to(who).exists()
            with pytest.raises(NotFound):
                suggestion_accept(user=who, suggestion_id=made.pk)
        with pytest.raises(NotFound):
            suggested(given)
        answer_restore(user=staff, answer_id=given.pk)
        assert suggestion_accept(user=staff, suggestion_id=made.pk).status == "accepted"
        question_delete(user=staff, question_id=given.question_id)
        assert not suggestions_visible_to(staff).exists()


@pytest.mark.django_db
class TestMaking:
    def test_it_keeps_what_it_began_from_and_what_it_became(self):
        topic("Battery")
        asked = question(title="Why is the lamp red?", body=BODY)
        made = suggested(asked, title="Why is  the lamp  blue?", topics=["battery"])
        assert (made.base_title, made.base_body, made.base_topics) == ("Why is the lamp red?", BODY, [])
        assert (made.title, made.topics, made.version) == ("Why is the lamp blue?", ["battery"], 1)
        assert made.body == BODY.replace("ten", "twenty")
        assert (made.status, made.reason, made.decided_at, made.revision) == ("pending", REASON, None, None)
        asked.refresh_from_db()
        assert (asked.body, asked.version) == (BODY, 1)

    @pytest.mark.parametrize("reason", ["", "   ", "abcd", "x" * 301])
    def test_without_a_reason_it_is_refused(self, reason):
        asked = question()
        with pytest.raises(Invalid) as refused:
            suggestion_create(
                user=member(), kind="question", post_id=asked.pk, version=1, reason=reason, body="Other words."
            )
        assert list(refused.value.fields) == ["reason"]
        assert not Suggestion.objects.exists()

    @pytest.mark.parametrize(
        ("words", "field"),
        [
            ({"title": "Hm"}, "title"),
            ({"body": "  "}, "body"),
            ({"body": "x" * 60_001}, "body"),
            ({"topics": ["no-such-topic"]}, "topics"),
            ({}, "body"),
        ],
    )
    def test_words_that_cannot_be_used_are_refused(self, words, field):
        asked = question()
        with pytest.raises(Invalid) as refused:
            suggestion_create(user=member(), kind="question", post_id=asked.pk, version=1, reason=REASON, **words)
        assert list(refused.value.fields) == [field]

    def test_other_ends_of_lines_are_no_change(self):
        asked = question(body="one\ntwo")
        with pytest.raises(Invalid):
            suggested(asked, body="one\r\ntwo\r\n")

    def test_one_waits_for_a_post_and_another_after_it_is_decided(self):
        at, who = scene(), member()
        made = suggested(at.asked, who)
        with pytest.raises(StateForbids):
            suggested(at.asked, who, body="Another try.")
        suggested(at.given, who)
        suggested(at.asked)
        suggestion_withdraw(user=who, suggestion_id=made.pk)
        assert suggested(at.asked, who, body="Another try.").status == "pending"

    def test_from_a_stale_page_it_is_refused(self):
        asked = question(body=BODY)
        question_edit(user=asked.author, question_id=asked.pk, version=1, body="Newer.")
        with pytest.raises(Stale):
            suggested(asked)
        assert not Suggestion.objects.exists()

    def test_twenty_a_day(self, settings):
        settings.PORTAL_LIMITS = True
        who = member()
        Suggestion.objects.bulk_create(
            Suggestion(question=question(), author=who, version=1, base_body="a", body="b", reason=REASON)
            for _ in range(A_DAY)
        )
        asked = question()
        with pytest.raises(TooMany) as refused:
            suggested(asked, who)
        assert 86_000 < refused.value.retry_after <= 86_401
        Suggestion.objects.filter(author=who).update(created_at=now() - timedelta(days=1, seconds=5))
        assert suggested(asked, who).pk

    def test_the_words_of_an_import_are_offered_as_markdown(self):
        given = answer()
        Answer.objects.filter(pk=given.pk).update(body="<p>So <b>it</b> is.</p>", body_format=Post.Format.HTML)
        made = suggested(given, body="So **it** was.")
        assert made.base_body == "So **it** is."
        suggestion_accept(user=given.author, suggestion_id=made.pk)
        given.refresh_from_db()
        assert (given.body, given.body_format) == ("So **it** was.", Post.Format.MARKDOWN)
