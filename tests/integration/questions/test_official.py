"""Making an answer official after it was given and taking that back; the outsider first."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import translation

from portal.core.errors import Invalid, NotAllowed, NotFound, SignInNeeded, StateForbids
from portal.core.models import AuditEntry
from portal.questions.indexing import load
from portal.questions.models import Answer, Question, QuestionMove, Role
from portal.questions.selectors.detail import question_page
from portal.questions.services.answers import answer_delete, answer_restore
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.official import official_lift, official_mark
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, question, topic
from tests.integration.api.conftest import Caller, problem_of
from tests.integration.notifications.telling import follow, kinds, told

from .scene import everything, signed_in
from .test_expert_rights import allow, fresh
from .test_life import expert

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    """Whatever language an earlier page left behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def staff():
    return member(staff=True, display_name="Sana")


@pytest.fixture
def given(staff):
    """A plain answer by a member of the staff."""
    topic("Batteries")
    return answer(question(topics=("batteries",)), staff)


def marked(given, by, words=""):
    with committed():
        official_mark(user=by, answer_id=given.pk, words=words)
    return fresh(given)


def lifted(given, by, words=""):
    with committed():
        official_lift(user=by, answer_id=given.pk, words=words)
    return fresh(given)


class TestOutsiders:
    def test_nobody_else_makes_it_official(self, given):
        before = everything()
        for who, refusal in (
            (AnonymousUser(), SignInNeeded),
            (member(), NotAllowed),
            (given.question.author, NotAllowed),
            (expert(given.question), NotAllowed),
        ):
            with pytest.raises(refusal):
                official_mark(user=who, answer_id=given.pk)
        assert {name: rows for name, rows in everything().items() if name != "OutboxEntry"} == {
            name: rows for name, rows in before.items() if name != "OutboxEntry"
        }

    def test_nobody_else_takes_it_back(self, given, staff):
        marked(given, staff)
        allow(official=True)
        for who, refusal in (
            (AnonymousUser(), SignInNeeded),
            (member(), NotAllowed),
            (given.question.author, NotAllowed),
            (expert(given.question), NotAllowed),
        ):
            with pytest.raises(refusal):
                official_lift(user=who, answer_id=given.pk)
        assert fresh(given).official

    def test_what_a_member_wrote_is_made_official_by_nobody(self, staff):
        topic("Batteries")
        given = answer(question(topics=("batteries",)))
        for who in (staff, given.author, given.question.author):
            with pytest.raises(NotAllowed):
                official_mark(user=who, answer_id=given.pk)
        allow(official=True)
        theirs = answer(given.question, expert(given.question))
        with pytest.raises(NotAllowed):
            official_mark(user=staff, answer_id=theirs.pk)

    def test_who_left_the_staff_is_no_colleague_any_more(self, given, staff):
        type(staff).objects.filter(pk=staff.pk).update(is_staff=False)
        with pytest.raises(NotAllowed):
            official_mark(user=member(staff=True), answer_id=given.pk)
        with pytest.raises(NotAllowed):
            official_mark(user=fresh(staff), answer_id=given.pk)

    def test_what_cannot_be_seen_is_not_there(self, given, staff):
        answer_delete(user=staff, answer_id=given.pk)
        for act in (official_mark, official_lift):
            with pytest.raises(NotFound):
                act(user=staff, answer_id=given.pk)
            with pytest.raises(NotFound):
                act(user=staff, answer_id=999_999)

    def test_the_page_and_its_button_are_for_whom_it_is(self, given, staff):
        address = f"/en/questions/answers/{given.pk}/official/"
        outsider = signed_in(member())
        assert signed_in(AnonymousUser()).get(address).status_code == 302
        assert [outsider.get(path).status_code for path in (address, f"{address}lift/")] == [403, 403]
        assert outsider.post(address).status_code == 403 and not fresh(given).official
        for who, shown in ((AnonymousUser(), False), (member(), False), (given.question.author, False), (staff, True)):
            page = signed_in(who).get(given.question.get_absolute_url()).content.decode()
            assert (address in page) is shown

    def test_over_the_api(self, given, staff):
        path = f"answers/{given.pk}/official"
        problem_of(Caller(None).post(path), 401)
        for who in (member(), given.question.author):
            problem_of(Caller(who).post(path), 403)
            problem_of(Caller(who).delete(path), 403)
        problem_of(Caller(staff).post("answers/999999/official"), 404)
        problem_of(Caller(staff).post(path, {"words": "x" * 301}), 422)
        assert Caller(staff).post(path, {"words": "Checked with the lab."}).json()["official"] is True
        assert Caller(None).get(f"questions/{given.question_id}").json()["official"] is True
        move = Caller(None).get(f"questions/{given.question_id}/moves").json()["results"][-1]
        assert (move["act"], move["role"], move["words"]) == ("make_official", "staff", "Checked with the lab.")
        assert move["answer_id"] == given.pk
        assert Caller(staff).delete(path).json()["official"] is False
        question_settle(user=staff, question_id=given.question_id, status="archived")
        problem_of(Caller(staff).post(path), 409)


class TestWhoMay:
    def test_the_author_and_a_colleague(self, given, staff):
        assert marked(given, staff).official
        assert not lifted(given, member(staff=True)).official
        assert marked(given, member(staff=True)).official
        assert not lifted(given, staff).official

    def test_an_expert_her_own_where_the_staff_allow_it(self, given):
        who = expert(given.question)
        own = answer(given.question, who)
        with pytest.raises(NotAllowed):
            official_mark(user=who, answer_id=own.pk)
        allow(official=True)
        assert marked(own, who).official
        assert QuestionMove.objects.latest("id").role == Role.EXPERT
        with pytest.raises(NotAllowed):
            official_mark(user=who, answer_id=given.pk)
        allow()
        assert not lifted(own, who).official, "taking one's word back takes no right"

    def test_a_locked_question_is_for_the_staff_and_an_archived_one_for_nobody(self, given, staff):
        allow(official=True)
        who = expert(given.question)
        own = answer(given.question, who, official=True)
        question_lock(user=staff, question_id=given.question_id, locked=True)
        with pytest.raises(StateForbids):
            official_lift(user=who, answer_id=own.pk)
        assert marked(given, staff).official
        question_settle(user=staff, question_id=given.question_id, status="archived")
        with pytest.raises(StateForbids):
            official_lift(user=staff, answer_id=given.pk)

    def test_the_companys_word_bears_a_name(self, staff):
        colleague = member(staff=True)
        asked = question(staff, anonymous=True)
        own, other = answer(asked, staff), answer(asked, colleague)
        for who, post in ((staff, own), (colleague, own), (staff, other)):
            with pytest.raises(StateForbids):
                official_mark(user=who, answer_id=post.pk)
        assert marked(other, colleague).official


class TestWhatFollows:
    def test_who_why_and_when_stand_in_the_story(self, given, staff):
        marked(given, staff, "  Checked\nwith the lab. ")
        lifted(given, member(staff=True), "The lab was wrong.")
        moves = list(QuestionMove.objects.filter(act__in=("make_official", "end_official")).order_by("id"))
        assert [(move.words, move.by == staff, move.role, move.answer) for move in moves] == [
            ("Checked with the lab.", True, Role.STAFF, given),
            ("The lab was wrong.", False, Role.STAFF, given),
        ]
        assert {move.from_status for move in moves} == {move.to_status for move in moves} == {"answered"}
        page = signed_in(AnonymousUser()).get(given.question.get_absolute_url()).content.decode()
        assert "Answer made official" in page and "The lab was wrong." in page
        assert [entry.reason for entry in AuditEntry.objects.filter(action="answer-official")] == [
            "Checked with the lab."
        ]
        assert AuditEntry.objects.filter(action="answer-official-lifted").count() == 1
        boss = member(staff=True)
        assert "Made an answer official" in signed_in(boss).get("/staff/audit/").content.decode()

    def test_repeating_it_changes_nothing(self, given, staff):
        marked(given, staff)
        before = everything()
        marked(given, staff)
        assert everything()["QuestionMove"] == before["QuestionMove"]
        lifted(given, staff)
        lifted(given, staff)
        assert QuestionMove.objects.filter(act="end_official").count() == 1

    def test_too_many_words_are_refused_and_nothing_happens(self, given, staff):
        with pytest.raises(Invalid):
            official_mark(user=staff, answer_id=given.pk, words="x" * 301)
        assert not fresh(given).official

    def test_the_question_and_its_document_know(self, given, staff):
        def known():
            return fresh(given.question).official, next(iter(load([str(given.question_id)]))).official

        assert known() == (False, False)
        marked(given, staff)
        assert known() == (True, True)
        answer_delete(user=staff, answer_id=given.pk)
        assert known() == (False, False)
        answer_restore(user=staff, answer_id=given.pk)
        assert known() == (True, True)
        lifted(given, staff)
        assert known() == (False, False)

    def test_votes_and_acceptance_stay(self, given, staff):
        accept(given)
        marked(given, staff)
        lifted(given, staff)
        assert fresh(given.question).accepted_answer == given and fresh(given.question).status == "accepted"

    def test_drift_is_found_and_mended(self, given, staff):
        marked(given, staff)
        Question.objects.filter(pk=given.question_id).update(official=False)
        call_command("check_integrity", "questions", repair=True)
        assert fresh(given.question).official
        Answer.objects.filter(pk=given.pk).update(official=False)
        call_command("recount")
        assert not fresh(given.question).official


class TestBeingTold:
    def test_outsiders_hear_nothing_and_who_did_it_neither(self, given, staff):
        stranger = member()
        marked(given, staff)
        assert told(stranger) == []
        assert [words for words, _title in told(staff)] == []

    def test_followers_and_the_author_are_told_once(self, given, staff):
        follower = member()
        follow(follower, given.question)
        marked(given, member(staff=True))
        assert kinds(follower) == ["official"] and told(follower)[0][0] == "An answer is official now"
        assert told(staff)[0][0] == "Your answer is official now"
        lifted(given, staff)
        assert told(follower) == [] and told(staff) == []
        marked(given, member(staff=True))
        assert len(told(follower)) == 1

    def test_an_answer_given_officially_is_told_as_what_it_is_by_now(self, staff):
        asked, follower = question(), member()
        follow(follower, asked)
        given = answer(asked, staff, official=True)
        assert told(follower)[0][0] == "Official answer by Sana"
        lifted(given, staff)
        assert told(follower)[0][0] == "Sana answered"


class TestPages:
    def test_the_page_asks_and_does_and_offers_the_way_back(self, given, staff):
        client, address = signed_in(staff), f"/en/questions/answers/{given.pk}/official/"
        asked = client.get(address).content.decode()
        assert "Make this answer official" in asked and 'name="words"' in asked
        reply = client.post(address, {"words": "Checked."}, follow=True)
        page = reply.content.decode()
        assert reply.redirect_chain[0][0].endswith(f"#answer-{given.pk}")
        assert "The answer is official now." in page and f'action="{address}lift/"' in page
        assert "No longer official" in page
        back = client.post(f"{address}lift/", follow=True).content.decode()
        assert "The answer is no longer official." in back and not fresh(given).official

    def test_an_expert_who_loses_the_right_is_offered_no_way_back(self, given):
        who = expert(given.question)
        own = answer(given.question, who)
        allow(official=True)
        marked(own, who)
        allow()
        page = signed_in(who).post(f"/en/questions/answers/{own.pk}/official/lift/", follow=True).content.decode()
        assert "The answer is no longer official." in page
        assert f'action="/en/questions/answers/{own.pk}/official/"' not in page

    def test_what_is_so_already_leads_to_the_answer(self, given, staff):
        client, address = signed_in(staff), f"/en/questions/answers/{given.pk}/official/"
        assert client.get(f"{address}lift/")["Location"].endswith(f"#answer-{given.pk}")
        marked(given, staff)
        assert client.get(address)["Location"].endswith(f"#answer-{given.pk}")

    def test_words_that_are_too_long_come_back(self, given, staff):
        reply = signed_in(staff).post(f"/en/questions/answers/{given.pk}/official/", {"words": "x" * 301})
        assert reply.status_code == 422 and "x" * 301 in reply.content.decode() and not fresh(given).official

    def test_the_view_says_who_may_turn_it(self, given, staff):
        for who, may in ((AnonymousUser(), False), (member(), False), (staff, True), (member(staff=True), True)):
            view = question_page(user=who, question_id=given.question_id)
            assert view.answers[0].may_turn_official is may and not view.asked.may_turn_official
