"""Suggested edits: who may make and decide them, what they become, and that they never overwrite anything."""

from datetime import timedelta

import pytest

from portal.core.clock import now
from portal.core.errors import Invalid, NotAllowed, NotFound, SignInNeeded, Stale, StateForbids, TooMany
from portal.core.events import _receivers
from portal.experts.models import Standing
from portal.experts.rules import REVIEW_STANDING
from portal.questions import events
from portal.questions.models import Answer, Post, Question, Revision, Suggestion
from portal.questions.selectors.suggested import suggestions_visible_to
from portal.questions.selectors.suggestions import suggestion_page, suggestions_page, suggestions_waiting
from portal.questions.services.answers import answer_delete, answer_edit, answer_restore
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
from tests.factories.events import committed
from tests.factories.questions import answer, question, topic

from .scene import KINDS, everything, scene
from .test_counters import together

REFUSALS = {"S": SignInNeeded, "N": NotAllowed, "F": StateForbids, "H": NotFound}
BODY = "Press the red button.\n\nThen wait ten minutes.\n\nThank you."
REASON = "The right number of minutes"


def rows():
    """Everything that suggesting and deciding could change."""
    return everything() | {"Suggestion": list(Suggestion.objects.order_by("pk").values())}


def suggested(post, who=None, *, body=None, **words):
    """A suggestion by ``who`` (default: a new member) that changes the post's body."""
    if body is None:
        body = post.body.replace("ten", "twenty") if "ten" in post.body else f"{post.body} Really."
    kind = "answer" if isinstance(post, Answer) else "question"
    return suggestion_create(
        user=who or member(), kind=kind, post_id=post.pk, version=post.version, reason=REASON, body=body, **words
    )


def expert(asked):
    """A member with the standing to decide in the question's topics."""
    who = member()
    for item in asked.topic_items.all():
        Standing.objects.create(user=who, topic=item.tag, points=REVIEW_STANDING)
    return who


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
        Standing.objects.filter(user=who).update(points=REVIEW_STANDING - 1)
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


@pytest.mark.django_db
class TestAccepting:
    def test_it_becomes_a_version_credited_to_who_made_it(self):
        topic("Battery")
        asked, staff = question(title="Why is it red?", body=BODY), member(staff=True)
        made = suggested(asked, title="Why is it blue?", topics=["battery"])
        done = suggestion_accept(user=staff, suggestion_id=made.pk, words="Thank you!")
        asked.refresh_from_db()
        last = Revision.objects.filter(question=asked).last()
        assert (asked.title, asked.body, asked.version) == ("Why is it blue?", BODY.replace("ten", "twenty"), 2)
        assert [item.tag.slug for item in asked.topic_items.all()] == ["battery"]
        assert (asked.edited_by, asked.author) == (made.author, asked.author)
        assert (last.editor, last.approved_by, last.improved, last.note) == (made.author, staff, False, REASON)
        assert (done.status, done.decided_by, done.decision, done.revision) == ("accepted", staff, "Thank you!", last)
        assert "twenty" in asked.body_html

    def test_a_change_elsewhere_meanwhile_is_kept_beside_it(self):
        given = answer(body=BODY)
        made = suggested(given)
        answer_edit(user=given.author, answer_id=given.pk, version=1, body=BODY.replace("Thank you", "Thanks"))
        suggestion_accept(user=given.author, suggestion_id=made.pk)
        given.refresh_from_db()
        assert given.body == BODY.replace("ten", "twenty").replace("Thank you", "Thanks")
        assert given.version == 3

    def test_a_change_of_the_same_words_is_never_overwritten(self):
        given = answer(body=BODY)
        made = suggested(given)
        answer_edit(user=given.author, answer_id=given.pk, version=1, body=BODY.replace("ten", "five"))
        before = rows()
        with pytest.raises(Stale):
            suggestion_accept(user=given.author, suggestion_id=made.pk)
        assert rows() == before
        view = suggestion_page(user=given.author, suggestion_id=made.pk)
        assert view.proposal is not None and view.proposal.clashes == 1 and view.proposal.moved

    def test_a_title_changed_by_both_is_a_clash_and_by_one_is_not(self):
        asked = question(title="Why is it red?", body=BODY)
        one, other = suggested(asked, title="Why is it blue?"), suggested(asked, body=f"{BODY} Bye.")
        question_edit(user=asked.author, question_id=asked.pk, version=1, title="Why is it dark?")
        with pytest.raises(Stale):
            suggestion_accept(user=asked.author, suggestion_id=one.pk)
        suggestion_accept(user=asked.author, suggestion_id=other.pk)
        asked.refresh_from_db()
        assert (asked.title, asked.body) == ("Why is it dark?", f"{BODY} Bye.")

    def test_topics_of_both_come_together(self):
        for name in ("Battery", "Pumps", "Valves"):
            topic(name)
        asked = question(body=BODY, topics=("battery", "pumps"))
        made = suggestion_create(
            user=member(), kind="question", post_id=asked.pk, version=1, reason=REASON, topics=["battery", "valves"]
        )
        question_edit(user=asked.author, question_id=asked.pk, version=1, topics=["pumps"])
        suggestion_accept(user=asked.author, suggestion_id=made.pk)
        assert [item.tag.slug for item in asked.topic_items.order_by("tag__slug")] == ["valves"]

    def test_what_the_post_says_already_is_no_new_version(self):
        given = answer(body=BODY)
        one, other = suggested(given), suggested(given)
        suggestion_accept(user=given.author, suggestion_id=one.pk)
        before = rows()
        with pytest.raises(StateForbids):
            suggestion_accept(user=given.author, suggestion_id=other.pk)
        assert rows() == before

    def test_improved_it_bears_both_names(self):
        given = answer(body=BODY)
        made = suggested(given)
        suggestion_accept(user=given.author, suggestion_id=made.pk, version=1, body=BODY.replace("ten", "fifteen"))
        given.refresh_from_db()
        last = Revision.objects.filter(answer=given).last()
        assert "fifteen" in given.body
        assert (last.editor, last.approved_by, last.improved) == (made.author, given.author, True)
        made.refresh_from_db()
        assert "twenty" in made.body

    def test_sent_through_the_editor_unchanged_it_is_not_improved(self):
        given = answer(body=BODY)
        made = suggested(given)
        suggestion_accept(user=given.author, suggestion_id=made.pk, version=1, body=made.body.replace("\n", "\r\n"))
        assert Revision.objects.filter(answer=given).last().improved is False

    @pytest.mark.parametrize("version", [None, 0, 2])
    def test_improving_an_older_state_is_refused(self, version):
        given = answer(body=BODY)
        made = suggested(given)
        before = rows()
        with pytest.raises(Stale):
            suggestion_accept(user=given.author, suggestion_id=made.pk, version=version, body="Mine.")
        assert rows() == before

    def test_by_hand_a_clash_can_be_resolved(self):
        given = answer(body=BODY)
        made = suggested(given)
        answer_edit(user=given.author, answer_id=given.pk, version=1, body=BODY.replace("ten", "five"))
        suggestion_accept(user=given.author, suggestion_id=made.pk, version=2, body=BODY.replace("ten", "five to 20"))
        given.refresh_from_db()
        assert "five to 20" in given.body
        assert Revision.objects.filter(answer=given).last().editor == made.author


@pytest.mark.django_db
class TestDeclining:
    @pytest.mark.parametrize("words", ["", " ", "no", "x" * 301])
    def test_it_takes_a_reason(self, words):
        made = suggested(answer(body=BODY))
        with pytest.raises(Invalid) as refused:
            suggestion_reject(user=member(staff=True), suggestion_id=made.pk, words=words)
        assert list(refused.value.fields) == ["words"]
        made.refresh_from_db()
        assert made.waits

    def test_who_made_it_reads_why_and_the_post_stays(self):
        given = answer(body=BODY)
        made = suggested(given)
        suggestion_reject(user=given.author, suggestion_id=made.pk, words="It is ten on all models.")
        view = suggestion_page(user=made.author, suggestion_id=made.pk)
        assert (view.suggestion.status, view.suggestion.decision) == ("rejected", "It is ten on all models.")
        assert not view.may_review and not view.may_withdraw
        given.refresh_from_db()
        assert (given.body, given.version) == (BODY, 1)

    def test_what_is_decided_is_decided(self):
        given, staff = answer(body=BODY), member(staff=True)
        made = suggested(given)
        suggestion_reject(user=staff, suggestion_id=made.pk, words=REASON)
        for act in (
            lambda: suggestion_accept(user=given.author, suggestion_id=made.pk),
            lambda: suggestion_reject(user=given.author, suggestion_id=made.pk, words=REASON),
            lambda: suggestion_withdraw(user=made.author, suggestion_id=made.pk),
        ):
            before = rows()
            with pytest.raises(StateForbids, match="declined"):
                act()
            assert rows() == before

    def test_only_who_made_it_takes_it_back(self):
        given = answer(body=BODY)
        made = suggested(given)
        for who in (given.author, member(staff=True), member()):
            with pytest.raises(NotFound):
                suggestion_withdraw(user=who, suggestion_id=made.pk)
        assert suggestion_withdraw(user=made.author, suggestion_id=made.pk).status == "withdrawn"
        with pytest.raises(StateForbids, match="taken it back"):
            suggestion_accept(user=given.author, suggestion_id=made.pk)


@pytest.mark.django_db
class TestLists:
    def test_the_longest_waiting_first_and_ones_own_apart(self):
        staff, who = member(staff=True), member()
        first, second = suggested(question(body=BODY), who), suggested(answer(body=BODY), who)
        third = suggested(question(body=BODY))
        assert suggestions_page(user=staff).rows == [first, second, third]
        assert suggestions_page(user=who).rows == []
        assert suggestions_page(user=who, role="mine", status="").rows == [second, first]
        suggestion_reject(user=staff, suggestion_id=first.pk, words=REASON)
        assert suggestions_page(user=staff).rows == [second, third]
        assert suggestions_page(user=staff, status="rejected").rows == [first]
        with pytest.raises(NotFound):
            suggestions_page(user=staff, role="everybody")

    def test_pages_follow_each_other(self):
        staff = member(staff=True)
        made = [suggested(question(body=BODY)) for _ in range(5)]
        page = suggestions_page(user=staff, size=2)
        following = suggestions_page(user=staff, size=3, cursor=page.next)
        assert page.rows + following.rows == made
        assert following.next is None

    def test_a_questions_page_shows_each_reader_what_waits_for_her(self, django_assert_num_queries):
        at = scene()
        one, other = suggested(at.asked), suggested(at.given)
        assert suggestions_waiting(user=at.people["asker"], question=at.asked).to_review == {None: [one]}
        assert suggestions_waiting(user=at.people["author"], question=at.asked).to_review == {at.given.pk: [other]}
        assert suggestions_waiting(user=one.author, question=at.asked).own == {None: one}
        with django_assert_num_queries(0):
            found = suggestions_waiting(user=at.people["stranger"], question=at.asked)
        assert not found.own and not found.to_review


@pytest.mark.django_db
def test_listeners_are_told_of_each_step(monkeypatch):
    told = []
    for kind in (events.SuggestionMade, events.SuggestionReviewed, events.AnswerEdited):
        monkeypatch.setitem(_receivers, kind, [told.append])
    given, staff = answer(body=BODY), member(staff=True)
    with committed():
        made = suggested(given)
    with committed():
        suggestion_accept(user=staff, suggestion_id=made.pk)
    with committed():
        other = suggested(Answer.objects.get(pk=given.pk), body="Other words.")
        suggestion_reject(user=given.author, suggestion_id=other.pk, words=REASON)
    names = [type(event).__name__ for event in told]
    assert names == ["SuggestionMade", "AnswerEdited", "SuggestionReviewed", "SuggestionMade", "SuggestionReviewed"]
    first, edited, second, _third, last = told
    assert (first.actor_id, first.post_author_id, first.answer_id) == (made.author.pk, given.author.pk, given.pk)
    assert edited.actor_id == staff.pk
    assert (second.suggester_id, second.accepted, second.actor_id) == (made.author.pk, True, staff.pk)
    assert (last.suggestion_id, last.accepted, last.actor_id) == (other.pk, False, given.author.pk)


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_of_reviewers_at_the_same_moment_one_decides_and_the_others_are_told(self):
        given = answer(body=BODY)
        made = suggested(given)
        staff = [member(staff=True) for _ in range(3)]
        raised = together(
            *(lambda who=who: suggestion_accept(user=who, suggestion_id=made.pk) for who in staff),
            lambda: suggestion_reject(user=given.author, suggestion_id=made.pk, words=REASON),
        )
        assert [type(error) for error in raised] == [StateForbids] * 3
        made.refresh_from_db()
        given.refresh_from_db()
        assert given.version == (2 if made.status == "accepted" else 1)
        assert Revision.objects.filter(answer=given).count() == given.version

    def test_an_edit_at_the_same_moment_is_not_lost(self):
        given = answer(body=BODY)
        made = suggested(given)
        raised = together(
            lambda: suggestion_accept(user=member(staff=True), suggestion_id=made.pk),
            lambda: answer_edit(
                user=given.author, answer_id=given.pk, version=1, body=BODY.replace("Thank you", "Thanks")
            ),
        )
        given.refresh_from_db()
        assert "twenty" in given.body
        # The edit came first and is in the text, or it came second, was refused and can be made again.
        assert ("Thanks" in given.body) == (not raised)

    def test_one_member_sending_twice_has_one(self):
        asked, who = question(body=BODY), member()
        raised = together(*(lambda n=n: suggested(asked, who, body=f"Words {n}.") for n in range(4)))
        assert [type(error) for error in raised] == [StateForbids] * 3
        assert Suggestion.objects.count() == 1
        assert Question.objects.get(pk=asked.pk).version == 1
