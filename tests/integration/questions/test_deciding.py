"""Deciding on suggested edits: what they become, and that they never overwrite anything."""

import pytest

from portal.core.errors import Invalid, NotFound, Stale, StateForbids
from portal.core.events import _receivers
from portal.questions import events
from portal.questions.models import Answer, Question, Revision, Suggestion
from portal.questions.selectors.suggestions import suggestion_page, suggestions_page, suggestions_waiting
from portal.questions.services.answers import answer_edit
from portal.questions.services.questions import question_edit
from portal.questions.services.suggestions import (
    suggestion_accept,
    suggestion_create,
    suggestion_reject,
    suggestion_withdraw,
)
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import answer, question, topic

from .scene import scene
from .suggesting import BODY, REASON, rows, suggested
from .test_counters import together


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
