"""What members marked when questions are joined and parted, how the most wanted are listed, how votes stand."""

import pytest
from django.test import Client

from portal.core.errors import NotAllowed, NotFound, SignInNeeded
from portal.questions.models import Bookmark, Demand, Question
from portal.questions.selectors.lists import question_list
from portal.questions.selectors.marks import bookmarks_page
from portal.questions.selectors.reversals import votes_broken_down
from portal.questions.selectors.rights import BREAKDOWN_REPUTATION, check_breakdown
from portal.questions.services.bookmarks import bookmark_set
from portal.questions.services.counters import questions_recount
from portal.questions.services.demands import demand_add, demand_remove
from portal.questions.services.life import question_settle
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, question, vote
from tests.integration.api.conftest import Caller

from .scene import signed_in

pytestmark = pytest.mark.django_db


def joined(source, target):
    with committed():
        return questions_merge(user=member(staff=True), source_id=source.pk, target_id=target.pk, reason="")


def parted(merge):
    with committed():
        merge_undo(user=member(staff=True), merge_id=merge.pk)


def wanted(asked, count=1):
    people = [member() for _ in range(count)]
    for person in people:
        demand_add(user=person, question_id=asked.pk)
    return people


def counts(*posts):
    return [Question.objects.get(pk=post.pk).demand_count for post in posts]


def listed():
    return [row.pk for row in question_list(user=None, tab="wanted").rows]


class TestDemandOnJoining:
    def test_each_member_is_counted_once_and_who_asked_the_target_not_at_all(self):
        source, target = question(), question()
        both, _one = wanted(source, 2)
        demand_add(user=both, question_id=target.pk)
        wanted(target)
        demand_add(user=target.author, question_id=source.pk)
        joined(source, target)
        assert counts(target) == [3]
        assert not Demand.objects.filter(question=target, user=target.author).exists()

    def test_parting_gives_each_question_what_it_had(self):
        source, target = question(), question()
        both, one = wanted(source, 2)
        demand_add(user=both, question_id=target.pk)
        before = counts(source, target)
        parted(joined(source, target))
        assert counts(source, target) == before == [2, 1]
        assert set(Demand.objects.filter(question=source).values_list("user", flat=True)) == {both.pk, one.pk}

    def test_who_came_while_they_were_one_stays_with_the_target(self):
        source, target = question(), question()
        wanted(source)
        merge = joined(source, target)
        late = wanted(target)[0]
        parted(merge)
        assert counts(source, target) == [1, 1]
        assert Demand.objects.get(question=target).user == late

    def test_who_took_it_back_while_they_were_one_has_it_no_more(self):
        source, target = question(), question()
        person = wanted(source)[0]
        merge = joined(source, target)
        assert demand_remove(user=person, question_id=target.pk) == 0
        parted(merge)
        assert counts(source, target) == [0, 0]
        assert not Demand.objects.exists()

    def test_recounting_finds_nothing_to_mend_on_the_way(self):
        source, target = question(), question()
        wanted(source, 2)
        wanted(target)
        merge = joined(source, target)
        assert questions_recount(ids=[source.pk, target.pk]) == 0
        parted(merge)
        assert questions_recount(ids=[source.pk, target.pk]) == 0


class TestBookmarksOnJoining:
    def test_they_go_along_with_their_notes_and_come_back(self):
        source, target, user = question(), question(), member()
        given = answer(source)
        bookmark_set(user=user, kind="question", post_id=source.pk, note="my words")
        bookmark_set(user=user, kind="answer", post_id=given.pk)
        merge = joined(source, target)
        rows = bookmarks_page(user=user).rows
        assert {(row.question_id, row.answer_id, row.note) for row in rows} == {
            (target.pk, None, "my words"), (None, given.pk, ""),
        }  # fmt: skip
        parted(merge)
        assert Bookmark.objects.get(user=user, question__isnull=False).question_id == source.pk

    def test_who_kept_both_sees_one_row_and_her_own_note(self):
        source, target, user = question(), question(), member()
        bookmark_set(user=user, kind="question", post_id=source.pk, note="the other")
        bookmark_set(user=user, kind="question", post_id=target.pk, note="this one")
        merge = joined(source, target)
        assert [(row.question_id, row.note) for row in bookmarks_page(user=user).rows] == [(target.pk, "this one")]
        parted(merge)
        assert {row.note for row in bookmarks_page(user=user).rows} == {"the other", "this one"}


class TestMostWanted:
    def test_equals_stand_the_newest_first_and_pages_neither_skip_nor_repeat(self):
        asked = [question() for _ in range(5)]
        for place, count in enumerate((1, 2, 1, 0, 2)):
            wanted(asked[place], count)
        expected = [asked[place].pk for place in (4, 1, 2, 0, 3)]
        walked, cursor = [], None
        while True:
            page = question_list(user=None, tab="wanted", cursor=cursor, size=2)
            walked.append([row.pk for row in page.rows])
            cursor = page.next
            if cursor is None:
                break
        assert [pk for rows in walked for pk in rows] == expected
        assert [len(rows) for rows in walked] == [2, 2, 1]

    def test_what_is_settled_or_gone_is_wanted_no_more(self):
        staff = member(staff=True)
        stays, solved, closed, deleted, twin = (question() for _ in range(5))
        for asked in (stays, solved, closed, deleted, twin):
            wanted(asked)
        accept(answer(solved))
        question_settle(user=staff, question_id=closed.pk, status="closed", why="off_topic")
        question_delete(user=staff, question_id=deleted.pk)
        merge = joined(twin, stays)
        assert listed() == [stays.pk]
        parted(merge)
        assert set(listed()) == {stays.pk, twin.pk}

    def test_one_more_or_one_fewer_moves_a_question_at_once(self):
        one, two = question(), question()
        person = wanted(one)[0]
        assert listed() == [one.pk, two.pk]
        demand_remove(user=person, question_id=one.pk)
        assert listed() == [two.pk, one.pk]

    def test_an_empty_tab_says_so_and_a_forged_cursor_is_refused(self):
        assert Client().get("/en/questions/?tab=wanted").status_code == 200
        assert Client().get("/en/questions/?tab=wanted&after=nonsense").status_code == 400


class TestHowVotesStand:
    @pytest.mark.parametrize(("reputation", "may"), [(BREAKDOWN_REPUTATION - 1, False), (BREAKDOWN_REPUTATION, True)])
    def test_the_threshold_is_exact_at_every_door(self, reputation, may):
        user, given = member(), answer()
        type(user).objects.filter(pk=user.pk).update(reputation=reputation)
        user.refresh_from_db()
        if may:
            check_breakdown(user)
        else:
            with pytest.raises(NotAllowed) as refused:
                check_breakdown(user)
            assert str(BREAKDOWN_REPUTATION) in str(refused.value)
        status = 200 if may else 403
        assert signed_in(user).get(f"/en/questions/votes/answer/{given.pk}/").status_code == status
        assert Caller(user).get(f"answers/{given.pk}/votes").status_code == status
        assert Caller().get(f"answers/{given.pk}/votes").status_code == 401

    def test_who_fell_below_it_sees_it_no_longer_and_a_stranger_never(self):
        with pytest.raises(SignInNeeded):
            check_breakdown(None)
        user = member()
        user.reputation = BREAKDOWN_REPUTATION
        check_breakdown(user)
        user.is_active = False
        with pytest.raises(SignInNeeded):
            check_breakdown(user)

    def test_imported_votes_count_and_changed_ones_count_once(self):
        asked, voter = question(), member()
        Question.objects.filter(pk=asked.pk).update(imported_upvotes=7, imported_downvotes=2, imported_score=5)
        vote(asked, voter)
        vote(asked, voter, -1)
        vote(asked)
        asked.refresh_from_db()
        assert votes_broken_down(post=asked) == (8, 3)
        told = Caller(member(staff=True)).get(f"questions/{asked.pk}/votes").json()
        assert (told["up"], told["down"], told["score"]) == (8, 3, asked.score)
        assert told["score"] == told["up"] - told["down"]

    def test_of_a_deleted_post_nothing_is_told_even_to_staff(self):
        asked, staff = question(), member(staff=True)
        vote(asked)
        question_delete(user=staff, question_id=asked.pk)
        assert signed_in(staff).get(f"/en/questions/votes/question/{asked.pk}/").status_code == 404
        assert Caller(staff).get(f"questions/{asked.pk}/votes").status_code == 404
        with pytest.raises(NotFound):
            bookmark_set(user=staff, kind="question", post_id=asked.pk)

    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_the_page_stands_in_four_languages_and_names_no_voter(self, language):
        asked, voter = question(), member("secret-voter")
        vote(asked, voter)
        page = signed_in(member(staff=True)).get(f"/{language}/questions/votes/question/{asked.pk}/").content.decode()
        assert f'<html lang="{language}"' in page
        assert "secret-voter" not in page
