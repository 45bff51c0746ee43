"""Who accepts what, when, and what it leaves behind."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.core.clock import now
from portal.core.errors import NotAllowed, NotFound, SignInNeeded, StateForbids
from portal.questions.models import Answer, Question, QuestionMove
from portal.questions.selectors.detail import question_page
from portal.questions.services.answers import answer_accept, answer_delete, answer_restore, answer_unaccept
from portal.questions.services.life import question_lock, question_settle
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, comment, question

from .scene import everything, signed_in

pytestmark = pytest.mark.django_db


def fresh(post):
    return type(post).objects.get(pk=post.pk)


def older(asked, hours):
    """Lets a question have been asked so many hours ago."""
    Question.objects.filter(pk=asked.pk).update(created_at=now() - timedelta(hours=hours))
    return fresh(asked)


class TestWho:
    def test_outsiders_first(self):
        given, other = answer(), member()
        before = everything()
        for who, refusal in ((AnonymousUser(), SignInNeeded), (other, NotAllowed), (given.author, NotAllowed)):
            with pytest.raises(refusal):
                answer_accept(user=who, answer_id=given.pk)
        assert everything() == before

    def test_a_page_tells_an_outsider_403(self):
        given = answer()
        page = signed_in(member()).post(f"/en/questions/answers/{given.pk}/accept/", {"value": "1"})
        assert page.status_code == 403
        assert "Only who asked" in page.content.decode()
        assert fresh(given.question).accepted_answer is None

    def test_who_accepted_is_kept(self):
        given, staff = answer(), member(staff=True)
        accept(given)
        assert fresh(given).accepted_by == given.question.author
        answer_unaccept(user=staff, answer_id=given.pk)
        assert fresh(given).accepted_by is None
        accept(given, staff)
        assert fresh(given).accepted_by == staff

    @pytest.mark.parametrize("gone", ["deleted", "never"])
    def test_where_the_asker_has_left_the_staff_accept(self, gone):
        given = answer()
        if gone == "deleted":
            given.question.author.delete()
        else:
            Question.objects.update(author=None)
        with pytest.raises(NotAllowed):
            answer_accept(user=member(), answer_id=given.pk)
        answer_accept(user=member(staff=True), answer_id=given.pk)
        assert fresh(given.question).status == "accepted"

    def test_an_answer_of_another_question_settles_only_its_own(self):
        mine, other = question(), answer()
        with pytest.raises(NotAllowed):
            answer_accept(user=mine.author, answer_id=other.pk)
        assert fresh(mine).accepted_answer is None
        assert fresh(other.question).accepted_answer is None

    def test_an_unknown_answer_is_not_found(self):
        with pytest.raises(NotFound):
            answer_accept(user=member(staff=True), answer_id=10**12)

    @pytest.mark.parametrize("how", ["locked", "archived"])
    def test_what_is_closed_to_changes_keeps_its_acceptance(self, how):
        asked = question()
        one, two, staff = accept(answer(asked)), answer(asked), member(staff=True)
        if how == "locked":
            question_lock(user=staff, question_id=asked.pk, locked=True)
        else:
            question_settle(user=staff, question_id=asked.pk, status="archived")
        for act in (answer_accept, answer_unaccept):
            for given in (one, two):
                with pytest.raises(StateForbids) as refused:
                    act(user=asked.author, answer_id=given.pk)
                assert how in str(refused.value)
        assert fresh(asked).accepted_answer == one


class TestOwnAnswer:
    def test_not_on_the_first_day(self):
        asked = question()
        own = answer(asked, asked.author)
        with pytest.raises(StateForbids) as refused:
            answer_accept(user=asked.author, answer_id=own.pk)
        assert "24 hours" in str(refused.value)
        assert fresh(asked).accepted_answer is None

    @pytest.mark.parametrize(("hours", "left"), [(0, 24), (1, 23), (12, 12), (22.5, 2), (23, 1), (23.9, 1)])
    def test_the_refusal_says_how_long_yet(self, hours, left):
        asked = older(question(), hours)
        own = answer(asked, asked.author)
        with pytest.raises(StateForbids) as refused:
            answer_accept(user=asked.author, answer_id=own.pk)
        assert f"in {left} hour" in str(refused.value)

    @pytest.mark.parametrize("hours", [24, 25, 2400])
    def test_a_day_later_it_is_hers_to_accept(self, hours):
        asked = older(question(), hours)
        own = answer(asked, asked.author)
        assert answer_accept(user=asked.author, answer_id=own.pk).question.status == "accepted"

    def test_others_need_not_wait(self):
        asked = question()
        accept(answer(asked))
        own = answer(asked, asked.author)
        accept(own, member(staff=True))
        assert fresh(asked).accepted_answer == own

    def test_what_the_staff_accepted_she_may_take_back_at_once(self):
        asked = question()
        own = accept(answer(asked, asked.author), member(staff=True))
        answer_unaccept(user=asked.author, answer_id=own.pk)
        assert fresh(asked).accepted_answer is None

    def test_her_page_offers_the_others_and_says_why_not_hers(self):
        asked = question()
        answer(asked, asked.author)
        given = answer(asked)
        view = question_page(user=asked.author, question_id=asked.pk)
        offered = {item.post.pk: (item.may_accept, bool(item.accept_later)) for item in view.answers}
        assert offered.pop(given.pk) == (True, False)
        assert list(offered.values()) == [(False, True)]
        text = signed_in(asked.author).get(asked.get_absolute_url()).content.decode()
        assert "You can accept your own answer a day after asking" in text
        assert text.count("/accept/") == 1


class TestActivity:
    def test_the_last_answer_gone_what_was_before_is_the_last_activity(self):
        asked = question()
        comment(asked)
        before = fresh(asked).last_activity_at
        one, two = answer(asked), answer(asked)
        answer_delete(user=two.author, answer_id=two.pk)
        assert fresh(asked).last_activity_at == one.created_at
        answer_delete(user=one.author, answer_id=one.pk)
        assert fresh(asked).last_activity_at == before

    def test_nor_does_an_acceptance_outlive_its_answer(self):
        asked = question()
        before = fresh(asked).last_activity_at
        given = accept(answer(asked))
        answer_delete(user=given.author, answer_id=given.pk)
        found = fresh(asked)
        assert (found.last_activity_at, found.status, found.accepted_answer) == (before, "open", None)
        answer_restore(user=given.author, answer_id=given.pk)
        found = fresh(asked)
        assert (found.status, found.accepted_answer, found.last_activity_at) == ("accepted", given, given.created_at)

    def test_another_acceptance_meanwhile_is_for_good(self):
        asked = question()
        one, two = accept(answer(asked)), answer(asked)
        answer_delete(user=one.author, answer_id=one.pk)
        accept(two)
        answer_unaccept(user=asked.author, answer_id=two.pk)
        answer_restore(user=one.author, answer_id=one.pk)
        assert fresh(asked).accepted_answer is None
        assert not Answer.objects.filter(accepted_at__isnull=False).exists()


class TestOfficial:
    def test_the_mark_follows_the_answers_that_are_there(self):
        asked, staff = question(), member(staff=True)
        answer(asked)
        assert not fresh(asked).official
        given = answer(asked, staff, official=True)
        assert fresh(asked).official
        answer_delete(user=staff, answer_id=given.pk)
        assert not fresh(asked).official
        answer_restore(user=staff, answer_id=given.pk)
        assert fresh(asked).official

    def test_it_is_no_status(self):
        asked = question()
        answer(asked, member(staff=True), official=True)
        assert fresh(asked).status == "answered"
        assert [move.to_status for move in QuestionMove.objects.filter(question=asked)] == ["answered"]

    def test_the_list_shows_it_and_finds_it(self):
        plain, marked = question(title="Why does it hum?"), question(title="Why does it smoke?")
        answer(plain)
        answer(marked, member(staff=True), official=True)
        client = signed_in(None)
        page = client.get("/en/questions/?status=official").content.decode()
        assert "smoke" in page
        assert "hum" not in page
        assert "badge-official" in page
        both = client.get("/en/questions/").content.decode()
        assert both.count("badge-official") == 1
        assert "badge-official" in client.get(marked.get_absolute_url()).content.decode()

    def test_the_search_and_the_list_agree(self):
        from portal.questions.indexing import load

        plain, marked = answer().question, question()
        answer(marked, member(staff=True), official=True)
        told = {document.id: document.official for document in load([str(plain.pk), str(marked.pk)])}
        assert told == {str(asked.pk): fresh(asked).official for asked in (plain, marked)}
