"""The pages on which people decide about a question, and what its own page tells of it."""

import re

import pytest

from portal.questions.models import Question, QuestionMove, ReopenVote
from portal.questions.services.life import question_ask_details, question_lock, question_reopen_vote, question_settle
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question, topic

from .scene import everything, scene, signed_in
from .test_life import closed, expert, last

pytestmark = pytest.mark.django_db


def page_of(asked, user=None):
    """Returns the words of a question's page for a reader."""
    found = signed_in(user).get(asked.get_absolute_url())
    assert found.status_code == 200
    return found.content.decode()


def offered(asked, user):
    """Returns the choices that the page of decisions offers."""
    text = signed_in(user).get(f"/en/questions/{asked.pk}/settle/").content.decode()
    return re.findall(r'type="radio" name="status" value="(\w+)"', text)


def decide(asked, user, **sent):
    return signed_in(user).post(f"/en/questions/{asked.pk}/settle/", sent)


class TestDeciding:
    @pytest.mark.parametrize("kind", ["member", "author", "commenter"])
    def test_it_is_not_for_those_who_can_decide_nothing(self, kind):
        at = scene()
        assert signed_in(at.people[kind]).get(f"/en/questions/{at.asked.pk}/settle/").status_code == 403

    def test_staff_are_offered_what_is_possible_from_here(self):
        asked, staff = question(), member(staff=True)
        always = ["needs_details", "closed", "duplicate", "obsolete", "archived", "locked"]
        assert offered(asked, staff) == always
        question_lock(user=staff, question_id=asked.pk, locked=True)
        assert offered(asked, staff) == [*always[:-1], "unlocked"]
        question_settle(user=staff, question_id=asked.pk, status="closed")
        assert offered(asked, staff) == [*always[1:-1], "unlocked", "reopened"]
        question_settle(user=staff, question_id=asked.pk, status="archived")
        assert offered(asked, staff) == ["unlocked", "unarchived"]

    def test_who_asked_is_offered_her_own(self):
        asked = question()
        assert offered(asked, asked.author) == ["closed"]
        text = signed_in(asked.author).get(f"/en/questions/{asked.pk}/settle/").content.decode()
        assert re.findall(r'<option value="(\w+)"', text) == ["resolved_elsewhere"]
        assert "What becomes of this question" in text

    def test_what_follows_is_said_before(self):
        text = signed_in(member(staff=True)).get(f"/en/questions/{question().pk}/settle/").content.decode()
        assert text.count('class="field-help" id="status_') == 6
        assert "not even by the staff" in text

    @pytest.mark.parametrize(
        ("sent", "status", "locked"),
        [
            ({"status": "closed", "why": "off_topic", "reason": "Ask the shop."}, "closed", False),
            ({"status": "obsolete"}, "obsolete", False),
            ({"status": "archived"}, "archived", False),
            ({"status": "needs_details", "reason": "Which model?"}, "needs_details", False),
            ({"status": "locked", "reason": "It got heated."}, "open", True),
        ],
    )
    def test_each_act_is_confirmed_with_the_way_back(self, sent, status, locked):
        asked, staff = question(), member(staff=True)
        client = signed_in(staff)
        page = client.post(f"/en/questions/{asked.pk}/settle/", sent, follow=True).content.decode()
        found = Question.objects.get(pk=asked.pk)
        assert (found.status, found.locked) == (status, locked)
        assert sent.get("reason", "") in page
        undo = f"/en/questions/{asked.pk}/moves/{last(asked).pk}/undo/"
        assert f'action="{undo}"' in page
        client.post(undo)
        found = Question.objects.get(pk=asked.pk)
        assert (found.status, found.locked) == ("open", False)

    def test_details_are_asked_for_in_words(self):
        asked = question()
        page = decide(asked, member(staff=True), status="needs_details")
        assert page.status_code == 422
        assert "Say what is missing" in page.content.decode()
        assert Question.objects.get().status == "open"

    def test_an_expert_asks_for_details_there_and_nothing_else(self):
        topic("Batteries")
        asked = question(topics=("batteries",))
        who = expert(asked)
        assert offered(asked, who) == ["needs_details"]
        assert "Ask for details" in page_of(asked, who)
        assert decide(asked, who, status="closed", why="other").status_code == 403
        assert decide(asked, who, status="needs_details", reason="Which model?").status_code == 302
        assert "Which model?" in page_of(asked)

    def test_the_earlier_number_is_for_repeats_alone(self):
        asked, staff = question(), member(staff=True)
        assert decide(asked, staff, status="closed", duplicate_of=str(question().pk)).status_code == 302
        assert Question.objects.get(pk=asked.pk).duplicate_of is None

    def test_who_asked_closes_and_opens_again(self):
        asked = question()
        client = signed_in(asked.author)
        page = client.post(
            f"/en/questions/{asked.pk}/settle/", {"status": "closed", "why": "resolved_elsewhere"}, follow=True
        ).content.decode()
        assert "It was resolved elsewhere" in page
        assert f'action="/en/questions/{asked.pk}/reopen/"' in page
        client.post(f"/en/questions/{asked.pk}/reopen/")
        assert Question.objects.get().status == "open"

    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_the_page_stands_in_every_language(self, language):
        page = signed_in(member(staff=True)).get(f"/{language}/questions/{question().pk}/settle/")
        assert page.status_code == 200
        assert f'lang="{language}"' in page.content.decode()


class TestUndo:
    def test_an_outsider_takes_nothing_back(self):
        asked = closed()
        address = f"/en/questions/{asked.pk}/moves/{last(asked).pk}/undo/"
        nobody, other, asker, staff = (signed_in(who) for who in (None, member(), asked.author, member(staff=True)))
        before = everything()
        assert nobody.post(address)["Location"].startswith("/en/account/login/")
        assert other.post(address).status_code == 403
        assert asker.post(address).status_code == 403
        assert staff.get(address).status_code == 405
        assert everything() == before

    def test_what_was_decided_since_stands(self):
        asked = closed()
        move = last(asked)
        question_lock(user=member(staff=True), question_id=asked.pk, locked=True)
        page = signed_in(member(staff=True)).post(f"/en/questions/{asked.pk}/moves/{move.pk}/undo/")
        assert page.status_code == 409
        assert Question.objects.get().status == "closed"


class TestVoting:
    def test_a_stranger_is_led_to_sign_in(self):
        asked = closed()
        reply = signed_in(None).post(f"/en/questions/{asked.pk}/reopen/vote/", {"value": "1"})
        assert reply["Location"].startswith("/en/account/login/")
        assert "reopen/vote" not in page_of(asked)
        assert not ReopenVote.objects.exists()

    def test_the_count_is_shown_and_the_vote_goes_back_and_forth(self, settings):
        settings.PORTAL_REOPEN_VOTES = 3
        asked, who = closed(), member()
        question_reopen_vote(user=member(), question_id=asked.pk)
        assert "1 of 3 votes, within 14 days" in page_of(asked, who)
        client = signed_in(who)
        client.post(f"/en/questions/{asked.pk}/reopen/vote/", {"value": "1"})
        text = page_of(asked, who)
        assert "2 of 3 votes" in text
        assert "Take my vote back" in text
        client.post(f"/en/questions/{asked.pk}/reopen/vote/", {"value": "0"})
        assert "1 of 3 votes" in page_of(asked, who)

    def test_the_last_vote_says_so(self, settings):
        settings.PORTAL_REOPEN_VOTES = 1
        asked = closed()
        page = signed_in(member()).post(f"/en/questions/{asked.pk}/reopen/vote/", {"value": "1"}, follow=True)
        assert "the question is open again" in page.content.decode()
        assert "by 1 vote" in page_of(asked)

    def test_those_who_may_open_it_are_not_asked_to_vote(self):
        asked = closed()
        for who in (asked.author, member(staff=True)):
            text = page_of(asked, who)
            assert f"/questions/{asked.pk}/reopen/" in text
            assert "reopen/vote" not in text


class TestTold:
    def test_why_it_is_closed_by_whom_and_when(self):
        asked, staff = question(), member("lena", staff=True)
        question_settle(user=staff, question_id=asked.pk, status="closed", why="off_topic", reason="Ask the shop.")
        text = page_of(asked, member())
        callout = text.split("This question is closed")[1].split("</aside>")[0]
        for words in ("It is about something else", "Ask the shop.", "/members/lena/", "<time"):
            assert words in callout

    @pytest.mark.parametrize(
        ("how", "words"),
        [
            ("closed", "This question is closed and takes no new answers."),
            ("archived", "This question is archived: it can be read, but no longer changed."),
            ("locked", "This question is locked by the staff."),
        ],
    )
    @pytest.mark.parametrize("reader", ["stranger", "member", "asker"])
    def test_the_reason_stands_where_the_form_would(self, how, words, reader):
        at = scene()
        if how == "locked":
            question_lock(user=at.people["staff"], question_id=at.asked.pk, locked=True, reason="It got heated.")
        else:
            question_settle(user=at.people["staff"], question_id=at.asked.pk, status=how)
        text = page_of(at.asked, at.people[reader])
        assert f'action="/en/questions/{at.asked.pk}/answer/"' not in text
        assert words in text.split('id="your-answer"')[1].split("</p>")[0]
        assert how != "locked" or "It got heated." in text

    def test_what_is_missing_stands_above_and_who_asked_is_led_to_her_edit(self):
        asked = question()
        question_ask_details(user=member(staff=True), question_id=asked.pk, words="Which model is it?")
        hers, others = page_of(asked, asked.author), page_of(asked, member())
        assert "Which model is it?" in hers
        assert "Which model is it?" in others
        assert "Add the details" in hers
        assert "Add the details" not in others

    def test_the_latest_moves_stand_there_and_all_of_them_in_the_history(self):
        asked, staff = question(), member(staff=True)
        for number in range(6):
            question_lock(user=staff, question_id=asked.pk, locked=number % 2 == 0, reason=f"Reason {number}.")
        main = page_of(asked).split('class="move-list"')[1].split("</ol>")[0]
        assert [f"Reason {number}." in main for number in range(6)] == [False, False, True, True, True, True]
        assert "#moves" in main
        history = signed_in(None).get(f"/en/questions/{asked.pk}/history/").content.decode()
        assert all(f"Reason {number}." in history for number in range(6))

    def test_words_of_others_are_words(self):
        asked = question()
        question_lock(user=member(staff=True), question_id=asked.pk, locked=True, reason="<script>alert(1)</script>")
        for text in (page_of(asked), signed_in(None).get(f"/en/questions/{asked.pk}/history/").content.decode()):
            assert "<script>alert" not in text
            assert "&lt;script&gt;alert" in text

    def test_an_acceptance_leads_to_its_answer_until_that_is_gone(self):
        given = accept(answer())
        assert f"?answer={given.pk}#answer-{given.pk}" in page_of(given.question)
        from portal.questions.services.answers import answer_delete

        answer_delete(user=given.author, answer_id=given.pk)
        assert f"?answer={given.pk}#answer-{given.pk}" not in page_of(given.question)

    def test_who_asked_anonymously_is_not_named_for_what_she_decides(self):
        asker = member("hidden-one")
        asked = question(asker)
        Question.objects.update(anonymous=True)
        accept(answer(asked))
        question_settle(user=asker, question_id=asked.pk, status="closed", why="resolved_elsewhere")
        places = (asked.get_absolute_url(), f"/en/questions/{asked.pk}/history/")
        for who in (None, member(), member(staff=True)):
            for place in places:
                assert "hidden-one" not in signed_in(who).get(place).content.decode()
        assert "hidden-one" not in signed_in(member(staff=True)).get("/staff/questions/").content.decode()


class TestStaffList:
    def test_it_is_for_the_staff(self):
        closed()
        assert signed_in(None).get("/staff/questions/").status_code == 302
        assert signed_in(member()).get("/staff/questions/").status_code == 403
        page = signed_in(member(staff=True)).get("/staff/questions/")
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]

    def test_an_empty_one_says_so(self):
        client = signed_in(member(staff=True))
        assert "Nothing was decided yet" in client.get("/staff/questions/").content.decode()
        assert "No such decision" in client.get("/staff/questions/?kind=locked").content.decode()

    def test_it_is_narrowed_by_what_and_by_whom(self):
        me, other = member(staff=True), member(staff=True)
        one, two, three = question(title="The first one"), question(title="The second one"), question(title="The third")
        question_settle(user=me, question_id=one.pk, status="closed", why="other")
        question_lock(user=other, question_id=two.pk, locked=True)
        question_settle(user=None, question_id=three.pk, status="archived", why="inactive") if answer(three) else None
        client = signed_in(me)

        def titles(query):
            text = client.get(f"/staff/questions/{query}").content.decode()
            return [name for name in ("The first one", "The second one", "The third") if name in text]

        assert titles("") == ["The first one", "The second one", "The third"]
        assert titles("?kind=closed") == ["The first one"]
        assert titles("?kind=locked") == ["The second one"]
        assert titles("?by=me") == ["The first one"]
        assert titles("?by=others") == ["The second one"]
        assert titles("?by=portal") == ["The third"]
        assert titles("?kind=nonsense&by=nonsense") == ["The first one", "The second one", "The third"]

    def test_the_last_decision_is_taken_back_from_there(self):
        asked = closed()
        client = signed_in(member(staff=True))
        undo = f"/en/questions/{asked.pk}/moves/{last(asked).pk}/undo/"
        assert undo in client.get("/staff/questions/").content.decode()
        back = client.post(undo, {"from": "staff"})
        assert back["Location"] == "/staff/questions/"
        assert Question.objects.get().status == "open"
        assert undo not in client.get("/staff/questions/").content.decode()

    def test_deleted_questions_are_not_there(self):
        asked = closed(question(title="This one is gone"))
        question_delete(user=member(staff=True), question_id=asked.pk)
        assert "This one is gone" not in signed_in(member(staff=True)).get("/staff/questions/").content.decode()

    def test_a_long_list_goes_on_and_costs_no_more(self, django_assert_max_num_queries):
        staff = member(staff=True)
        asked = [question() for _ in range(3)]
        for number in range(33):
            question_lock(user=staff, question_id=asked[number % 3].pk, locked=number % 6 < 3)
        client = signed_in(staff)
        with django_assert_max_num_queries(12):
            first = client.get("/staff/questions/").content.decode()
        rest = re.search(r'rel="next" href="([^"]+)"', first)
        assert first.count('class="decision"') == 30
        second = client.get("/staff/questions/" + rest.group(1).replace("&amp;", "&")).content.decode()
        assert second.count('class="decision"') == QuestionMove.objects.count() - 30

    def test_the_index_leads_there(self):
        assert "/staff/questions/" in signed_in(member(staff=True)).get("/staff/").content.decode()
