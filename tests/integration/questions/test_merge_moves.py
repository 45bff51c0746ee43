"""Joining and parting stand in the story of both questions: who, why and when, with the other question."""

from html import unescape

import pytest

from portal.core.errors import StateForbids
from portal.questions.models import QuestionMove
from portal.questions.models.lifecycle import is_allowed
from portal.questions.services.answers import answer_accept
from portal.questions.services.life import move_undo, question_settle
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import answer, question
from tests.integration.api.conftest import Caller

from .scene import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """Staff; a question with an accepted answer; one without any."""
    given = answer()
    answer_accept(user=given.question.author, answer_id=given.pk)
    return member(staff=True), given.question, question(title="How do I bleed the radiator?")


def story(asked):
    """Returns a question's moves of joining and parting: act, from, to, by, words, other."""
    rows = QuestionMove.objects.filter(question=asked, act__in=("merge", "part")).order_by("id")
    return list(rows.values_list("act", "from_status", "to_status", "by", "words", "other"))


def test_both_keep_it_with_who_why_and_the_other(pair):
    staff, source, target = pair
    merge = questions_merge(user=staff, source_id=source.pk, target_id=target.pk, reason="The same valve.")
    assert story(source) == [("merge", "accepted", "open", staff.pk, "The same valve.", target.pk)]
    assert story(target) == [("merge", "open", "accepted", staff.pk, "The same valve.", source.pk)]
    merge_undo(user=staff, merge_id=merge.pk)
    assert story(source)[1:] == [("part", "open", "accepted", staff.pk, "", target.pk)]
    assert story(target)[1:] == [("part", "accepted", "open", staff.pk, "", source.pk)]
    for move in QuestionMove.objects.filter(act__in=("merge", "part")):
        assert is_allowed(move.act, move.role, move.from_status, move.to_status)


def test_each_move_begins_where_the_last_one_ended(pair):
    staff, source, target = pair
    question_settle(user=staff, question_id=target.pk, status="closed")
    merge = questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
    merge_undo(user=staff, merge_id=merge.pk)
    for asked in (source, target):
        moves = list(QuestionMove.objects.filter(question=asked).order_by("id"))
        assert [one.to_status for one in moves[:-1]] == [one.from_status for one in moves[1:]]


def test_a_refused_merge_keeps_none(pair):
    staff, source, target = pair
    question_settle(user=staff, question_id=target.pk, status="archived")
    with pytest.raises(StateForbids):
        questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
    assert story(source) == story(target) == []


def test_the_last_decision_before_it_can_still_be_taken_back_and_the_merge_not_that_way(pair):
    staff, source, target = pair
    question_settle(user=staff, question_id=target.pk, status="obsolete")
    decided = QuestionMove.objects.get(question=target, act="mark_obsolete")
    questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
    with pytest.raises(StateForbids):
        move_undo(user=staff, question_id=target.pk, move_id=QuestionMove.objects.get(question=target, act="merge").pk)
    assert move_undo(user=staff, question_id=target.pk, move_id=decided.pk).status == "accepted"


@pytest.mark.parametrize("place", ["", "history/"])
def test_the_pages_tell_it_to_everybody(pair, place):
    staff, source, target = pair
    questions_merge(user=staff, source_id=source.pk, target_id=target.pk, reason="The same valve.")
    address = f"/en/questions/{target.pk}/{place or target.slug + '/'}"
    page = unescape(signed_in(None).get(address).content.decode())
    assert "Joined with another question" in page
    assert "The same valve." in page
    assert source.title in page


def test_an_outsider_does_not_read_the_title_of_one_that_was_deleted_since(pair):
    staff, source, target = pair
    merge = questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
    merge_undo(user=staff, merge_id=merge.pk)
    question_delete(user=staff, question_id=source.pk)
    for reader in (None, member(), staff):
        page = signed_in(reader).get(f"/en/questions/{target.pk}/history/").content.decode()
        assert "Parted from another question" in page
        assert source.title not in unescape(page)
    told = Caller().get(f"questions/{target.pk}/moves").json()["results"]
    assert [move["other_id"] for move in told if move["act"] in ("merge", "part")] == [None, None]


def test_the_api_tells_it(pair):
    staff, source, target = pair
    questions_merge(user=staff, source_id=source.pk, target_id=target.pk, reason="The same valve.")
    (told,) = Caller().get(f"questions/{target.pk}/moves").json()["results"]
    kept = ("act", "from", "to", "role", "words", "other_id", "answer_id", "votes")
    assert [told[name] for name in kept] == [
        "merge",
        "open",
        "accepted",
        "staff",
        "The same valve.",
        source.pk,
        None,
        0,
    ]
    assert told["by"]["username"] == staff.username


def test_the_staffs_list_can_be_narrowed_to_it(pair):
    staff, source, target = pair
    question_settle(user=staff, question_id=target.pk, status="obsolete")
    questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
    page = unescape(signed_in(staff).get("/staff/questions/?kind=joined").content.decode())
    assert page.count('class="decision"') == 1
    assert "Joined with another question" in page


def test_a_merge_costs_the_page_no_query_more(pair, django_assert_max_num_queries):
    staff, source, target = pair
    with django_assert_max_num_queries(60) as before:
        signed_in(None).get(f"/en/questions/{target.pk}/history/")
    for _ in range(3):
        merge = questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
        merge_undo(user=staff, merge_id=merge.pk)
    with django_assert_max_num_queries(len(before)):
        signed_in(None).get(f"/en/questions/{target.pk}/history/")
