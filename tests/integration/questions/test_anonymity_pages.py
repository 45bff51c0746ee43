"""The settings of asking, giving one's name, looking one up, and the log of it: what each reader is shown."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from portal.core.audit import PAGE_SIZE, audit_write
from portal.core.models import AuditEntry
from portal.questions.models import AskingSettings, Question
from portal.questions.services.questions import question_delete, question_edit
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import anonymous_allow, answer, question
from tests.integration.api.conftest import Caller

from .scene import signed_in

pytestmark = pytest.mark.django_db
WHY = "Somebody is in danger here."
CMS = "/cms/settings/questions/askingsettings/"
TYPED = {"title": "Why does my pump hurt me?", "body": "It stings.", "language": "en", "topics": "", "declined": "1"}
LANGUAGES = ("en", "ru", "ja", "ar")


def head_of(language):
    return f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"'


class TestTheSwitch:
    @pytest.fixture(autouse=True)
    def kept(self):
        return AskingSettings.load()

    @pytest.mark.parametrize("who", ["stranger", "member", "cms alone"])
    def test_who_may_not_change_it_changes_nothing(self, who):
        user = None if who == "stranger" else member()
        if who == "cms alone":
            user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        address = f"{CMS}{AskingSettings.load().pk}/"
        reply = signed_in(user).post(address, {"anonymous_allowed": "on"})
        assert reply.status_code in (302, 403)
        assert AskingSettings.load().anonymous_allowed is False
        assert "Members may ask anonymously" not in signed_in(user).get(address, follow=True).content.decode()

    def test_staff_switch_it_on_and_off(self):
        address = f"{CMS}{AskingSettings.load().pk}/"
        client = signed_in(member(staff=True))
        for form, allowed in (({"anonymous_allowed": "on"}, True), ({}, False)):
            assert client.post(address, form).status_code == 302
            assert AskingSettings.load().anonymous_allowed is allowed
            box = 'name="anonymous"' in signed_in(member()).get("/en/questions/ask/").content.decode()
            assert box is allowed

    def test_there_is_one_row_for_the_whole_portal(self):
        anonymous_allow()
        anonymous_allow(False)
        assert AskingSettings.objects.count() == 1
        assert Group.objects.filter(permissions__codename="change_askingsettings").exists()


class TestFormsUnderWay:
    def test_a_form_from_before_it_was_switched_off_keeps_her_words_and_says_so(self):
        anonymous_allow()
        client = signed_in(member())
        client.get("/en/questions/ask/")
        anonymous_allow(False)
        reply = client.post("/en/questions/ask/", {**TYPED, "anonymous": "on"})
        page = reply.content.decode()
        assert reply.status_code == 422 and not Question.objects.exists()
        assert TYPED["title"] in page and TYPED["body"] in page
        again = client.post("/en/questions/ask/", TYPED)
        assert again.status_code == 302
        assert Question.objects.get().anonymous is False

    def test_a_form_from_before_it_was_switched_on_posts_under_the_name_that_she_saw(self):
        client = signed_in(member())
        client.get("/en/questions/ask/")
        anonymous_allow()
        client.post("/en/questions/ask/", TYPED)
        assert Question.objects.get().anonymous is False

    def test_a_preview_carries_the_tick_along(self):
        anonymous_allow()
        page = signed_in(member()).post("/en/questions/ask/", {**TYPED, "anonymous": "on", "preview": "1"})
        assert '<input type="hidden" name="anonymous" value="on">' in page.content.decode()
        assert not Question.objects.exists()

    def test_what_was_asked_before_is_edited_and_answered_by_her_without_a_name_still(self):
        asked = question(anonymous=True)
        anonymous_allow(False)
        with committed():
            question_edit(user=asked.author, question_id=asked.pk, version=1, body="Now it works sometimes.")
        assert answer(asked, asked.author).anonymous is True
        assert asked.author.username not in Client().get(asked.get_absolute_url()).content.decode()


class TestGivingHerName:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_page_stands_in_her_language_and_is_kept_by_nobody(self, language):
        asked = question(anonymous=True)
        reply = signed_in(asked.author).get(f"/{language}/questions/{asked.pk}/sign/")
        assert reply.status_code == 200 and head_of(language) in reply.content.decode()
        assert "no-store" in reply["Cache-Control"]
        assert 'name="robots" content="noindex"' in reply.content.decode()

    def test_others_are_refused_without_learning_anything(self):
        asked = question(member("quokkalina"), anonymous=True)
        address = f"/en/questions/{asked.pk}/sign/"
        for user in (member(), member(staff=True)):
            for method in ("get", "post"):
                reply = getattr(signed_in(user), method)(address)
                assert reply.status_code == 403
                assert "quokkalina" not in reply.content.decode()
        led = Client().post(address)
        assert "/account/login/" in led["Location"]
        assert Question.objects.get().anonymous is True

    def test_a_forged_form_signs_nothing(self):
        asked = question(anonymous=True)
        client = Client(enforce_csrf_checks=True)
        client.force_login(asked.author, backend="portal.accounts.backends.PortalBackend")
        assert client.post(f"/en/questions/{asked.pk}/sign/").status_code == 403
        assert Question.objects.get().anonymous is True

    def test_of_a_question_that_is_gone_or_never_was_there_is_no_page(self):
        asked = question(anonymous=True)
        question_delete(user=asked.author, question_id=asked.pk)
        for number in (asked.pk, 10**9):
            assert signed_in(asked.author).get(f"/en/questions/{number}/sign/").status_code == 404
            assert Caller(asked.author).delete(f"questions/{number}/anonymous").status_code == 404


class TestLookingUp:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_form_its_refusal_and_its_answer_stand_in_the_reader_s_language(self, language):
        asked, staff = question(member("quokkalina"), anonymous=True), member(staff=True)
        client, address = signed_in(staff), f"/{language}/questions/reveal/question/{asked.pk}/"
        for reply, status in (
            (client.get(address), 200),
            (client.post(address, {"reason": "short"}), 422),
            (client.post(address, {"reason": WHY}), 200),
        ):
            assert reply.status_code == status and head_of(language) in reply.content.decode()
            assert {"private", "no-store"} <= set(reply["Cache-Control"].split(", "))
            assert reply["Referrer-Policy"] == "same-origin"
        assert AuditEntry.objects.count() == 1

    @pytest.mark.parametrize(("length", "status"), [(9, 422), (10, 200), (500, 200), (501, 422)])
    def test_a_reason_is_measured_in_letters_of_any_script(self, length, status):
        asked = question(anonymous=True)
        reason = "危" * length
        reply = signed_in(member(staff=True)).post(f"/ja/questions/reveal/question/{asked.pk}/", {"reason": reason})
        assert reply.status_code == status
        assert list(AuditEntry.objects.values_list("reason", flat=True)) == ([reason] if status == 200 else [])

    def test_what_was_typed_comes_back_as_words(self):
        asked = question(anonymous=True)
        page = signed_in(member(staff=True)).post(f"/en/questions/reveal/question/{asked.pk}/", {"reason": "<b>x"})
        assert "&lt;b&gt;x" in page.content.decode() and "<b>x" not in page.content.decode()

    def test_an_answer_is_looked_up_by_itself_and_leads_back_to_its_question(self):
        asked = question(member("quokkalina"), anonymous=True)
        own = answer(asked, asked.author)
        page = signed_in(member(staff=True)).post(f"/en/questions/reveal/answer/{own.pk}/", {"reason": WHY})
        assert "/en/members/quokkalina/" in page.content.decode()
        entry = AuditEntry.objects.get()
        assert (entry.subject_id, entry.detail) == (str(asked.pk), {"kind": "answer", "id": own.pk})

    def test_a_signed_post_has_nothing_to_look_up(self):
        given = answer()
        client = signed_in(member(staff=True))
        for path in (f"answer/{given.pk}", f"question/{given.question_id}"):
            assert client.get(f"/en/questions/reveal/{path}/").status_code == 409
            assert client.post(f"/en/questions/reveal/{path}/", {"reason": WHY}).status_code == 409
        assert not AuditEntry.objects.exists()

    def test_one_may_not_look_up_any_number_in_an_hour(self, settings, monkeypatch):
        from portal.core.limits import LIMITS

        settings.PORTAL_LIMITS = True
        monkeypatch.setitem(LIMITS, "reveal", (1, 3600))
        asked = question(member("quokkalina"), anonymous=True)
        client, address = signed_in(member(staff=True)), f"/en/questions/reveal/question/{asked.pk}/"
        assert client.post(address, {"reason": WHY}).status_code == 200
        refused = client.post(address, {"reason": WHY})
        assert refused.status_code == 429
        assert "/members/quokkalina/" not in refused.content.decode()
        assert AuditEntry.objects.count() == 1

    def test_programs_cannot_look_anybody_up(self):
        asked, caller = question(anonymous=True), Caller(member(staff=True))
        for path in ("reveal", "author"):
            for method in ("GET", "POST"):
                assert caller.call(method, f"questions/{asked.pk}/{path}", {"reason": WHY}).status_code in (404, 405)
        assert not AuditEntry.objects.exists()


class TestTheLog:
    def written(self, count, action="author-revealed"):
        return [
            audit_write(actor=None, action=action, subject_type="question", subject_id=number, reason=f"why {number}.")
            for number in range(count)
        ]

    def test_older_ones_lie_on_pages_of_their_own_and_the_filter_goes_along(self):
        self.written(PAGE_SIZE + 1)
        self.written(2, action="votes-reversed")
        client = signed_in(member(staff=True))
        first = client.get("/staff/audit/?action=author-revealed").content.decode()
        assert first.count("<tr>") == PAGE_SIZE + 1  # the head of the table among them
        assert "why 0." not in first and f"why {PAGE_SIZE}." in first
        older = next(part for part in first.split('href="') if "after=" in part).split('"')[0].replace("&amp;", "&")
        assert "action=author-revealed" in older
        last = client.get(f"/staff/audit/{older}").content.decode()
        assert "why 0." in last and last.count("<tr>") == 2

    def test_a_kind_of_which_there_is_none_is_empty_and_says_so(self):
        self.written(1)
        page = signed_in(member(staff=True)).get("/staff/audit/?action=votes-given-back").content.decode()
        assert "why 0." not in page and "Nothing was written down yet" in page
        assert '<option value="votes-given-back" selected>' in page

    def test_a_reason_that_looks_like_a_tag_is_words(self):
        audit_write(actor=None, action="author-revealed", subject_type="question", subject_id=1, reason="<script>x")
        page = signed_in(member(staff=True)).get("/staff/audit/").content.decode()
        assert "&lt;script&gt;x" in page and "<script>x" not in page

    def test_nobody_changes_it_by_a_form(self):
        self.written(1)
        client = signed_in(member(staff=True))
        assert client.post("/staff/audit/").status_code == 405
        assert client.delete("/staff/audit/").status_code == 405
        assert AuditEntry.objects.count() == 1

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_is_read_in_the_language_of_the_moderator(self, language):
        self.written(1)
        client = signed_in(member(staff=True, language=language))
        client.cookies.load({"language": language})
        page = client.get("/staff/audit/", headers={"Accept-Language": language}).content.decode()
        assert head_of(language) in page
