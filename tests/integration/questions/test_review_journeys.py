"""Suggested edits from the first click to the last: two people, two edits, a post that moves, a question that goes."""

import re
from datetime import timedelta

import pytest

from portal.core.clock import now
from portal.core.errors import Moved, NotFound, StateForbids, TooMany
from portal.questions.models import Answer, Question, Revision, Suggestion
from portal.questions.selectors.credit import credits_of
from portal.questions.selectors.suggestions import suggestion_page, suggestions_page
from portal.questions.services.answers import answer_edit
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.questions import question_edit
from portal.questions.services.restoring import revision_restore
from portal.questions.services.suggestions import (
    A_DAY,
    suggestion_accept,
    suggestion_reject,
    suggestion_withdraw,
)
from portal.questions.services.texts import BODY_LONGEST
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question, topic

from .scene import signed_in
from .suggesting import BODY, REASON, expert, suggested

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limits_off(settings):
    settings.PORTAL_LIMITS = False


def fresh(post):
    """The post as it now stands."""
    return type(post).objects.get(pk=post.pk)


def edit(given, body):
    """The author's own edit of an answer."""
    given.refresh_from_db()
    return answer_edit(user=given.author, answer_id=given.pk, version=given.version, body=body)


def field(page, name):
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page) or re.search(rf'value="([^"]*)"[^>]*name="{name}"', page)
    assert found
    return found[1]


class TestTwoEdits:
    def test_of_different_lines_both_come_in_whoever_is_first(self):
        for first_name in ("one", "other"):
            given = answer(body=BODY)
            one = suggested(given, body=BODY.replace("red", "green"))
            other = suggested(given, body=BODY.replace("Thank you", "Thanks"))
            order = [one, other] if first_name == "one" else [other, one]
            for made in order:
                suggestion_accept(user=given.author, suggestion_id=made.pk)
            assert fresh(given).body == BODY.replace("red", "green").replace("Thank you", "Thanks")
            assert credits_of(given.question, [fresh(given)])[given.pk] == [made.author for made in order]

    def test_of_the_same_words_the_second_waits_for_a_hand(self):
        given = answer(body=BODY)
        one, other = suggested(given, body=BODY.replace("ten", "5")), suggested(given, body=BODY.replace("ten", "7"))
        suggestion_accept(user=given.author, suggestion_id=one.pk)
        view = suggestion_page(user=given.author, suggestion_id=other.pk)
        assert view.proposal.clashes == 1 and view.may_review
        client, address = signed_in(given.author), f"/en/questions/suggestions/{other.pk}/"
        form = client.get(f"{address}improve/").content.decode()
        sent = {"body": BODY.replace("ten", "5 to 7"), "version": field(form, "version"), "words": ""}
        assert client.post(f"{address}improve/", sent).status_code == 302
        assert fresh(given).body == BODY.replace("ten", "5 to 7")
        assert Revision.objects.filter(answer=given).last().improved

    def test_the_same_edit_twice_is_accepted_once(self):
        given = answer(body=BODY)
        one, other = suggested(given), suggested(given)
        suggestion_accept(user=given.author, suggestion_id=one.pk)
        with pytest.raises(StateForbids, match="says this already"):
            suggestion_accept(user=given.author, suggestion_id=other.pk)
        assert fresh(other).waits and fresh(given).version == 2
        page = signed_in(given.author).get(f"/en/questions/suggestions/{other.pk}/").content.decode()
        assert f"suggestions/{other.pk}/accept/" not in page
        suggestion_reject(user=given.author, suggestion_id=other.pk, words="Somebody was faster.")

    def test_topics_added_by_one_and_taken_away_by_another_both_count(self):
        for name in ("Battery", "Pumps", "Lamps"):
            topic(name)
        asked = question(body=BODY, topics=("battery",))
        one = suggested(asked, body=BODY, topics=["battery", "pumps"])
        other = suggested(asked, body=BODY, topics=["lamps"])
        for made in (one, other):
            suggestion_accept(user=asked.author, suggestion_id=made.pk)
        slugs = asked.topic_items.order_by("tag__slug").values_list("tag__slug", flat=True)
        assert list(slugs) == ["lamps", "pumps"]
        assert Revision.objects.filter(question=asked).last().topics == ["lamps", "pumps"]


class TestMovedPosts:
    def test_rolled_back_to_what_it_began_from_it_fits_again(self):
        given = answer(body=BODY)
        made = suggested(given)
        edit(given, BODY.replace("ten", "five"))
        assert suggestion_page(user=given.author, suggestion_id=made.pk).proposal.clashes
        revision_restore(user=given.author, kind="answer", post_id=given.pk, number=1, version=2)
        view = suggestion_page(user=given.author, suggestion_id=made.pk)
        assert not view.proposal.clashes and not view.proposal.moved
        suggestion_accept(user=given.author, suggestion_id=made.pk)
        assert fresh(given).body == BODY.replace("ten", "twenty")

    def test_accepted_and_rolled_back_the_credit_stays_in_the_history(self):
        given = answer(body=BODY)
        made = suggested(given)
        suggestion_accept(user=given.author, suggestion_id=made.pk)
        revision_restore(user=given.author, kind="answer", post_id=given.pk, number=1, version=2)
        assert fresh(given).body == BODY
        assert fresh(made).revision.number == 2
        again = suggested(fresh(given), made.author)
        suggestion_accept(user=given.author, suggestion_id=again.pk)
        assert [row.number for row in Revision.objects.filter(answer=given)] == [1, 2, 3, 4]
        assert fresh(given).body == BODY.replace("ten", "twenty")

    def test_a_page_opened_before_the_post_moved_overwrites_nothing(self):
        given = answer(body=BODY)
        made = suggested(given)
        client, address = signed_in(given.author), f"/en/questions/suggestions/{made.pk}/improve/"
        form = client.get(address).content.decode()
        edit(given, f"{BODY}\n\nBy the author.")
        sent = {"body": "Mine, from an old page.", "version": field(form, "version"), "words": "Thanks"}
        reply = client.post(address, sent)
        assert reply.status_code == 412
        page = reply.content.decode()
        assert "Mine, from an old page." in page, "what was typed is not lost"
        assert fresh(given).body == f"{BODY}\n\nBy the author."
        assert fresh(made).waits

    def test_an_edit_of_the_author_saved_after_accepting_is_refused_or_merged_never_lost(self):
        """She had the editor open while the staff accepted a suggestion."""
        given = answer(body=BODY)
        client, address = signed_in(given.author), f"/en/questions/answers/{given.pk}/edit/"
        client.get(address)
        suggestion_accept(user=member(staff=True), suggestion_id=suggested(given).pk)
        reply = client.post(address, {"body": BODY.replace("ten", "five"), "version": "1", "note": ""})
        assert reply.status_code == 412
        assert "five" in reply.content.decode()
        assert "twenty" in fresh(given).body

    def test_together_with_the_authors_words_it_may_grow_too_long(self):
        line = "x" * 99 + "\n"
        body = "".join([line] * (BODY_LONGEST // 100 - 20)) + "end"
        given = answer(body=body)
        made = suggested(given, body=f"{line * 12}top\n{body}")
        edit(given, f"{body}\n{line * 12}")
        before = fresh(given).body
        reply = signed_in(given.author).post(f"/en/questions/suggestions/{made.pk}/accept/")
        assert reply.status_code < 500
        assert fresh(given).body == before and fresh(made).waits


class TestMerged:
    def test_words_of_a_joined_question_take_no_edit_and_the_answers_do(self):
        asked, staff = question(body=BODY), member(staff=True)
        given, target = answer(asked, body=BODY), question()
        of_question, of_answer = suggested(asked), suggested(given)
        merge = questions_merge(user=staff, source_id=asked.pk, target_id=target.pk)
        with pytest.raises(NotFound):
            suggestion_accept(user=asked.author, suggestion_id=of_question.pk)
        with pytest.raises(Moved):
            suggested(asked)
        assert suggestions_page(user=asked.author).rows == []
        assert suggestion_accept(user=given.author, suggestion_id=of_answer.pk).question == target
        assert signed_in(None).get(f"/en/questions/{target.pk}/history/{given.pk}/compare/1/2/").status_code == 200
        merge_undo(user=staff, merge_id=merge.pk)
        assert suggestions_page(user=asked.author).rows == [of_question]
        assert fresh(of_answer).question_id == asked.pk
        versions = Revision.objects.filter(answer=given)
        assert [(row.question_id, row.number) for row in versions] == [(asked.pk, 1), (asked.pk, 2)]

    def test_who_decides_on_an_answer_follows_from_the_question_it_is_at(self):
        topic("Battery"), topic("Pumps")
        asked, target = question(topics=("battery",)), question(topics=("pumps",))
        given = answer(asked, body=BODY)
        made, old, new = suggested(given), expert(asked), expert(target)
        assert suggestions_page(user=old).rows == [made] and suggestions_page(user=new).rows == []
        questions_merge(user=member(staff=True), source_id=asked.pk, target_id=target.pk)
        assert suggestions_page(user=old).rows == [] and suggestions_page(user=new).rows == [made]

    def test_an_address_of_a_version_leads_to_where_the_question_went(self):
        asked, target = question(), question()
        question_edit(user=asked.author, question_id=asked.pk, version=1, body="Other words.")
        questions_merge(user=member(staff=True), source_id=asked.pk, target_id=target.pk)
        for rest in ("", "version/2/", "compare/1/2/"):
            reply = signed_in(None).get(f"/en/questions/{asked.pk}/history/{rest}")
            assert reply.status_code == 301 and f"/questions/{target.pk}/" in reply["Location"], rest


class TestTakenBack:
    def test_from_the_list_to_the_post_and_the_reviewer_is_told(self):
        given = answer(body=BODY)
        made = suggested(given)
        client, address = signed_in(made.author), f"/en/questions/suggestions/{made.pk}/"
        assert f"{address}withdraw/" in client.get(address).content.decode()
        page = client.post(f"{address}withdraw/", follow=True).content.decode()
        assert "Your suggestion is taken back." in page and "waits for a decision" not in page
        late = signed_in(given.author).post(f"{address}accept/", follow=True).content.decode()
        assert "Who suggested this has taken it back." in late
        assert fresh(given).version == 1
        assert f"{address}withdraw/" not in client.get(address).content.decode()

    def test_others_and_a_second_time(self):
        given = answer(body=BODY)
        made = suggested(given)
        address = f"/en/questions/suggestions/{made.pk}/withdraw/"
        for who, status in ((None, 302), (member(), 404), (given.author, 404), (member(staff=True), 404)):
            assert signed_in(who).post(address).status_code == status
        assert fresh(made).waits
        suggestion_withdraw(user=made.author, suggestion_id=made.pk)
        assert "taken it back" in signed_in(made.author).post(address, follow=True).content.decode()

    def test_whose_account_was_closed_is_still_decided(self):
        given = answer(body=BODY)
        made = suggested(given)
        Suggestion.objects.filter(pk=made.pk).update(author=None)
        page = signed_in(given.author).get(f"/en/questions/suggestions/{made.pk}/")
        assert page.status_code == 200
        suggestion_accept(user=given.author, suggestion_id=made.pk)
        last = Revision.objects.filter(answer=given).last()
        assert (last.editor, last.approved_by) == (None, given.author)
        assert credits_of(given.question, [fresh(given)]) == {given.pk: []}
        assert signed_in(None).get(f"/en/questions/{given.question_id}/history/{given.pk}/").status_code == 200


class TestDay:
    def test_the_form_keeps_the_words_of_the_one_too_many(self, settings):
        settings.PORTAL_LIMITS = True
        who, given = member(), answer(body=BODY)
        old = [
            Suggestion(question=given.question, answer=given, author=who, version=1, base_body="a", body="b",
                       reason=REASON, status="rejected", created_at=now() - timedelta(hours=hours))
            for hours in range(A_DAY)
        ]  # fmt: skip
        Suggestion.objects.bulk_create(old)
        form = {"body": BODY.replace("ten", "nine"), "version": "1", "reason": REASON}
        reply = signed_in(who).post(f"/en/questions/suggest/answer/{given.pk}/", form)
        assert reply.status_code == 429
        page = reply.content.decode()
        assert "That is all that can be suggested in a day." in page and "wait nine minutes" in page
        with pytest.raises(TooMany) as refused:
            suggested(given, who)
        assert 4 * 3600 < refused.value.retry_after <= 5 * 3600 + 1, "the oldest of the day frees a place"

    def test_what_others_suggest_to_the_same_post_is_not_counted(self, settings):
        settings.PORTAL_LIMITS = True
        given = answer(body=BODY)
        for _ in range(3):
            suggested(given)
        assert Suggestion.objects.filter(answer=given, status="pending").count() == 3


def test_an_accepted_answer_stays_accepted_when_an_edit_comes_in_or_goes_back():
    given = accept(answer(body=BODY))
    suggestion_accept(user=given.author, suggestion_id=suggested(given).pk)
    revision_restore(user=given.author, kind="answer", post_id=given.pk, number=1, version=fresh(given).version)
    asked = Question.objects.get(pk=given.question_id)
    assert asked.accepted_answer_id == given.pk and asked.status == "accepted"
    assert Answer.objects.get(pk=given.pk).accepted_at == given.accepted_at
