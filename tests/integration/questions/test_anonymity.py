"""Asking anonymously: where it is allowed, what the asker may still do, giving one's name, and looking an author up."""

import pytest
from django.test import Client

from portal.core.errors import Invalid, NotAllowed, NotFound, SignInNeeded, StateForbids
from portal.core.models import AuditEntry
from portal.experts.models import BadgeAward, ReputationEntry, Standing
from portal.questions.models import Answer, AskingSettings, Comment, Question
from portal.questions.selectors.authors import author_shown, person_shown
from portal.questions.services.anonymity import author_reveal, question_sign
from portal.questions.services.answers import answer_accept, answer_create
from portal.questions.services.questions import question_create, question_delete, question_edit
from tests.factories.accounts import member, token
from tests.factories.browsers import browser
from tests.factories.events import committed
from tests.factories.questions import accept, anonymous_allow, answer, comment, question, vote

pytestmark = pytest.mark.django_db
WHY = "Somebody is in danger here."
TYPED = {"title": "Why does my pump hurt me?", "body": "It stings.", "language": "en", "topics": ""}


class TestWhereItIsAllowed:
    def test_it_is_off_until_the_staff_allow_it(self):
        user = member()
        with pytest.raises(Invalid) as refused:
            question_create(user=user, **{**TYPED, "topics": ()}, anonymous=True)
        assert list(refused.value.fields) == ["anonymous"]
        assert not Question.objects.exists()
        assert 'name="anonymous"' not in browser(user).get("/en/questions/ask/").content.decode()

    def test_what_was_ticked_before_it_was_switched_off_is_not_posted_under_the_name(self):
        user = member()
        reply = browser(user).post("/en/questions/ask/", {**TYPED, "anonymous": "on", "declined": "1"})
        assert reply.status_code == 422
        assert "cannot be asked anonymously" in reply.content.decode()
        assert not Question.objects.exists()
        again = browser(user).get("/en/questions/ask/?anonymous=on").content.decode()
        assert "checked" in again.split('name="anonymous"')[1].split(">")[0]

    def test_the_box_is_there_with_what_it_means_and_works(self):
        anonymous_allow()
        user = member("asker")
        page = browser(user).get("/en/questions/ask/").content.decode()
        assert 'name="anonymous"' in page
        assert "A moderator can look your name up" in page
        reply = browser(user).post("/en/questions/ask/", {**TYPED, "anonymous": "on", "declined": "1"}, follow=True)
        asked = Question.objects.get()
        assert (asked.anonymous, asked.author) == (True, user)
        assert "you, anonymously" in reply.content.decode()

    def test_what_was_ticked_is_kept_when_the_form_is_refused(self):
        anonymous_allow()
        page = browser(member()).post("/en/questions/ask/", {**TYPED, "title": "x", "anonymous": "on"})
        assert page.status_code == 422
        assert "checked" in page.content.decode().split('name="anonymous"')[1].split(">")[0]

    def test_a_stranger_who_ticked_it_finds_it_ticked_after_signing_in(self):
        anonymous_allow()
        client = browser()
        client.post("/en/questions/ask/", {**TYPED, "anonymous": "on"})
        client.force_login(member(), backend="portal.accounts.backends.PortalBackend")
        page = client.get("/en/questions/ask/").content.decode()
        assert "checked" in page.split('name="anonymous"')[1].split(">")[0]

    def test_what_was_asked_so_stays_so_when_it_is_switched_off(self):
        asked = question(anonymous=True)
        anonymous_allow(False)
        assert author_shown(reader=member(), post=Question.objects.get(pk=asked.pk)).member is None

    def test_staff_switch_it_in_the_cms_members_and_strangers_do_not(self):
        address = "/cms/settings/questions/askingsettings/"
        assert browser().get(address).status_code == 302
        assert browser(member()).get(address).status_code in (302, 403)
        page = browser(member(staff=True)).get(address, follow=True)
        assert page.status_code == 200
        assert "Members may ask anonymously" in page.content.decode()
        kept = AskingSettings.load()
        browser(member(staff=True)).post(f"{address}{kept.pk}/", {"anonymous_allowed": "on"})
        assert AskingSettings.load().anonymous_allowed is True

    def test_the_api_says_422_where_it_is_off_and_asks_where_it_is_on(self):
        user = member()
        headers = {"Authorization": f"Bearer {token(user)}"}
        body = {"title": TYPED["title"], "body": "It stings.", "anonymous": True}
        send = lambda: Client().post(  # noqa: E731
            "/api/v1/questions", body, content_type="application/json", headers=headers
        )
        refused = send()
        assert (refused.status_code, list(refused.json()["errors"])) == (422, ["anonymous"])
        anonymous_allow()
        told = send()
        assert (told.status_code, told.json()["author"], told.json()["anonymous"]) == (201, None, True)
        assert Question.objects.get().author == user
        body["anonymous"] = "yes"
        assert send().status_code == 422


class TestTheAsker:
    def test_she_edits_accepts_and_deletes_as_ever(self):
        asked = question(anonymous=True)
        given = answer(asked)
        question_edit(user=asked.author, question_id=asked.pk, version=1, body="Now it works sometimes.")
        assert answer_accept(user=asked.author, answer_id=given.pk).accepted_at is not None
        lonely = question(asked.author, anonymous=True)
        question_delete(user=lonely.author, question_id=lonely.pk)
        assert Question.objects.get(pk=lonely.pk).deleted_at is not None

    def test_all_that_she_writes_below_it_is_anonymous_too_and_nothing_else(self):
        asked = question(anonymous=True)
        hers = [answer(asked, asked.author), comment(asked, asked.author), comment(answer(asked), asked.author)]
        others = [answer(asked), comment(asked), answer(question(), asked.author), comment(question(), asked.author)]
        assert [post.anonymous for post in hers] == [True] * 3
        assert [post.anonymous for post in others] == [False] * 4

    def test_what_is_moved_to_another_question_stays_anonymous(self):
        asked = question(anonymous=True)
        own, elsewhere = answer(asked, asked.author), question()
        Answer.objects.filter(pk=own.pk).update(question=elsewhere)
        moved = Answer.objects.get(pk=own.pk)
        assert author_shown(reader=member(), post=moved).member is None
        shown = person_shown(reader=None, question=elsewhere, person=asked.author, post=moved)
        assert (shown.member, shown.anonymous) == (None, True)

    def test_she_is_told_so_and_nobody_else_is(self):
        asked = question(anonymous=True)
        path = asked.get_absolute_url()
        own = browser(asked.author).get(path).content.decode()
        assert "you, anonymously" in own
        assert "You asked this anonymously" in own
        for other in (None, member(), member(staff=True)):
            page = browser(other).get(path).content.decode()
            assert "you, anonymously" not in page
            assert "You asked this anonymously" not in page
            assert "Anonymous" in page

    def test_a_stranger_is_never_taken_for_an_author_whose_account_is_gone(self):
        asked = question(anonymous=True)
        asked.author.delete()
        gone = Question.objects.get(pk=asked.pk)
        assert author_shown(reader=browser().get("/en/").wsgi_request.user, post=gone).own is False
        assert browser().get(gone.get_absolute_url()).status_code == 200

    def test_an_official_answer_is_not_given_without_a_name(self):
        staff = member(staff=True)
        asked = question(staff, anonymous=True)
        with pytest.raises(StateForbids):
            answer_create(user=staff, question_id=asked.pk, body="Our word.", official=True)
        assert not Answer.objects.exists()

    def test_it_earns_her_nothing_while_who_helps_is_rewarded(self):
        asked, helper = question(anonymous=True), member()
        own, given = answer(asked, asked.author), answer(asked, helper)
        vote(asked)
        vote(own)
        vote(given)
        accept(given)
        assert not ReputationEntry.objects.filter(user=asked.author).exists()
        assert not BadgeAward.objects.filter(user=asked.author).exists()
        assert not Standing.objects.filter(user=asked.author).exists()
        assert {entry.amount for entry in ReputationEntry.objects.filter(user=helper)} == {10, 15}


class TestGivingHerName:
    def test_only_the_asker_may(self):
        asked = question(anonymous=True)
        for user, refusal in ((None, SignInNeeded), (member(), NotAllowed), (member(staff=True), NotAllowed)):
            with pytest.raises(refusal):
                question_sign(user=user, question_id=asked.pk)
        assert Question.objects.get(pk=asked.pk).anonymous is True

    @pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("member", 403), ("staff", 403), ("asker", 200)])
    def test_the_page(self, who, status):
        asked = question(anonymous=True)
        people = {"stranger": None, "member": member(), "staff": member(staff=True), "asker": asked.author}
        assert browser(people[who]).get(f"/en/questions/{asked.pk}/sign/").status_code == status
        assert Question.objects.get(pk=asked.pk).anonymous is True

    def test_her_name_stands_at_everything_and_counts_from_then_on(self):
        asked = question(member("asker"), anonymous=True)
        own, said = answer(asked, asked.author), comment(asked, asked.author)
        vote(asked)
        vote(own)
        with committed():
            reply = browser(asked.author).post(f"/en/questions/{asked.pk}/sign/")
        assert reply.status_code == 302
        for post in (Question.objects.get(), Answer.objects.get(), Comment.objects.get()):
            assert post.anonymous is False
        assert said.author_id == asked.author_id
        assert browser().get(asked.get_absolute_url()).content.decode().count("/en/members/asker/") >= 3
        asked.author.refresh_from_db()
        assert asked.author.reputation == 15
        assert {"first-question", "first-answer"} <= set(BadgeAward.objects.values_list("slug", flat=True))

    def test_other_members_stay_as_they_were(self):
        asked, elsewhere = question(anonymous=True), question(anonymous=True)
        below = answer(elsewhere, elsewhere.author)
        question_sign(user=asked.author, question_id=asked.pk)
        assert Question.objects.get(pk=elsewhere.pk).anonymous is True
        assert Answer.objects.get(pk=below.pk).anonymous is True

    def test_the_api_repeats_it_without_harm(self):
        asked = question(member("asker"), anonymous=True)
        headers = {"Authorization": f"Bearer {token(asked.author)}"}
        address = f"/api/v1/questions/{asked.pk}/anonymous"
        for _time in range(2):
            told = Client().delete(address, headers=headers)
            assert (told.status_code, told.json()["author"]["username"]) == (200, "asker")
        assert Client().delete(address).status_code == 401
        assert Client().delete(address, headers={"Authorization": f"Bearer {token(member())}"}).status_code == 403


class TestLookingAnAuthorUp:
    @pytest.mark.parametrize("kind", ["question", "answer"])
    def test_only_staff_may_and_a_refusal_writes_nothing_down(self, kind):
        asked = question(anonymous=True)
        post = asked if kind == "question" else answer(asked, asked.author)
        for user, refusal in ((None, SignInNeeded), (member(), NotAllowed), (asked.author, NotAllowed)):
            with pytest.raises(refusal):
                author_reveal(user=user, kind=kind, post_id=post.pk, reason=WHY)
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("member", 403), ("asker", 403), ("staff", 200)])
    def test_the_page_and_its_link(self, who, status):
        asked = question(anonymous=True)
        people = {"stranger": None, "member": member(), "asker": asked.author, "staff": member(staff=True)}
        client = browser(people[who])
        address = f"/en/questions/reveal/question/{asked.pk}/"
        assert client.get(address).status_code == status
        assert (address in client.get(asked.get_absolute_url()).content.decode()) == (who == "staff")

    def test_a_reason_tells_the_name_once_and_is_written_down(self):
        asked, staff = question(member("asker"), anonymous=True), member("mod", staff=True)
        client, address = browser(staff), f"/en/questions/reveal/question/{asked.pk}/"
        assert "asker" not in client.get(address).content.decode().replace("the asker", "")
        reply = client.post(address, {"reason": WHY})
        assert "/en/members/asker/" in reply.content.decode()
        assert "no-store" in reply["Cache-Control"]
        entry = AuditEntry.objects.get()
        assert (entry.actor, entry.actor_name, entry.action) == (staff, "mod", "author-revealed")
        assert (entry.subject_type, entry.subject_id, entry.reason) == ("question", str(asked.pk), WHY)
        assert "asker" not in str(entry.detail)
        assert "/en/members/asker/" not in client.get(address).content.decode()
        assert "/en/members/asker/" not in client.get(asked.get_absolute_url()).content.decode()

    @pytest.mark.parametrize("reason", ["", "   ", "because", "\x00" * 20, " a  b  c  d "])
    def test_without_a_true_reason_nothing_is_told(self, reason):
        asked = question(member("asker"), anonymous=True)
        reply = browser(member(staff=True)).post(f"/en/questions/reveal/question/{asked.pk}/", {"reason": reason})
        assert reply.status_code == 422
        assert "/members/asker/" not in reply.content.decode()
        assert not AuditEntry.objects.exists()

    def test_what_is_signed_or_gone_is_nothing_to_look_up(self):
        staff = member(staff=True)
        with pytest.raises(StateForbids):
            author_reveal(user=staff, kind="question", post_id=question().pk, reason=WHY)
        asked = question(anonymous=True)
        question_delete(user=staff, question_id=asked.pk)
        with pytest.raises(NotFound):
            author_reveal(user=staff, kind="question", post_id=asked.pk, reason=WHY)
        assert not AuditEntry.objects.exists()

    def test_an_account_that_is_gone_is_told_as_that(self):
        asked = question(anonymous=True)
        asked.author.delete()
        reply = browser(member(staff=True)).post(f"/en/questions/reveal/question/{asked.pk}/", {"reason": WHY})
        assert "a former member" in reply.content.decode()
