"""Drafts: each member's own, counted by version, ended by posting, and never overwritten unseen."""

import json
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given as with_values
from hypothesis import settings as trying
from hypothesis import strategies as st

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.periodic import periodic_jobs
from portal.questions.models import Answer, Comment, Draft
from portal.questions.selectors.drafts import ASKING, DraftPlace, draft_rows, drafts_of, place_named
from portal.questions.services.drafts import (
    DraftStale,
    draft_discard,
    draft_keep,
    draft_posted,
    draft_save,
    draft_swap,
    drafts_sweep,
)
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question

from .scene import signed_in
from .test_counters import together

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()
    yield
    cache.clear()


def save(user, body, version=0, place=ASKING, **more):
    """Keeps a text as a draft."""
    return draft_save(user=user, place=place, fields={"body": body}, version=version, **more)


def seen(page):
    """What a page says, as a reader sees it."""
    return unescape(page.content.decode())


class TestOutsiders:
    def test_a_stranger_has_none_and_sees_none(self):
        save(member(), "Mine alone.")
        assert not drafts_of(None).exists()
        client = Client()
        assert client.get("/en/account/drafts/").status_code == 302
        assert client.get("/en/account/drafts/ask/", headers=JSON).status_code == 401
        assert client.post("/en/account/drafts/ask/", {"body": "x"}, headers=JSON).status_code == 401
        for action in ("discard", "swap"):
            assert client.post(f"/en/account/drafts/ask/{action}/").status_code == 302
        assert Draft.objects.get().fields == {"body": "Mine alone."}

    def test_another_member_and_the_staff_find_nothing(self):
        asked = question()
        place = DraftPlace(Draft.Kind.ANSWER, asked.pk)
        save(member(), "zanzibarquokka", place=place)
        for who in (member(), asked.author, member(staff=True)):
            client = signed_in(who)
            for address in (
                "/en/account/drafts/",
                asked.get_absolute_url(),
                f"{asked.get_absolute_url()}?draft={place}",
            ):
                assert "zanzibarquokka" not in seen(client.get(address))
            assert client.get(f"/en/account/drafts/{place}/", headers=JSON).status_code == 404
            assert client.post(f"/en/account/drafts/{place}/discard/").status_code == 404
            assert client.post(f"/en/account/drafts/{place}/swap/").status_code == 404
        assert Draft.objects.count() == 1

    @pytest.mark.parametrize("place", ["answer-999999", "reply-1", "answer-edit-1", "question-comment-7"])
    def test_nothing_is_kept_where_there_is_nothing(self, place):
        client = signed_in(member())
        assert client.post(f"/en/account/drafts/{place}/", {"body": "x"}, headers=JSON).status_code == 404
        assert not Draft.objects.exists()


class TestVersions:
    def test_each_change_counts(self):
        who = member()
        assert [save(who, "One.").version, save(who, "Two.", 1).version, save(who, "Three.", 2).version] == [1, 2, 3]

    def test_the_same_words_again_are_no_change_whatever_version_is_named(self):
        """The answer to a save may be lost on the way; the tab says it again."""
        who = member()
        save(who, "One.")
        save(who, "Two.", 1)
        assert save(who, "Two.", 1).version == 2

    @pytest.mark.parametrize("version", [0, 1, 3])
    def test_a_tab_that_knows_another_version_overwrites_nothing(self, version):
        who = member()
        save(who, "One.")
        save(who, "Two.", 1)
        with pytest.raises(DraftStale) as refused:
            save(who, "From the other tab.", version)
        assert (refused.value.draft.fields, refused.value.draft.version) == ({"body": "Two."}, 2)
        assert Draft.objects.get().fields == {"body": "Two."}

    def test_a_draft_that_is_gone_is_not_begun_anew_unseen(self):
        who = member()
        save(who, "One.")
        draft_discard(user=who, place=ASKING)
        with pytest.raises(DraftStale) as refused:
            save(who, "One and more.", 1)
        assert refused.value.draft is None
        assert save(who, "One and more.").version == 1

    def test_what_gives_way_is_set_aside_and_can_be_taken_back(self):
        who = member()
        save(who, "One.")
        save(who, "Mine.", 1, aside={"body": "One."})
        held = draft_swap(user=who, place=ASKING)
        assert (held.fields, held.set_aside, held.version) == ({"body": "One."}, {"body": "Mine."}, 3)

    def test_emptied_is_ended(self):
        who = member()
        save(who, "One.")
        assert save(who, "  ", 1) is None
        assert not Draft.objects.exists()
        assert save(who, "") is None

    def test_line_ends_and_what_no_database_takes_are_put_right(self):
        made = save(member(), "One.\r\nTwo.\x00")
        assert made.fields == {"body": "One.\nTwo."}

    @pytest.mark.django_db(transaction=True)
    def test_of_eight_tabs_at_once_one_is_kept_and_the_others_are_told(self):
        who = member()
        raised = together(*(lambda n=n: save(who, f"From tab {n}.") for n in range(8)))
        assert [type(error) for error in raised] == [DraftStale] * 7
        kept = Draft.objects.get()
        assert all(error.draft.fields == kept.fields for error in raised)

    @trying(max_examples=25, deadline=None)
    @with_values(st.lists(st.tuples(st.booleans(), st.sampled_from("abc")), max_size=8))
    def test_whatever_two_tabs_do_each_text_is_kept_or_refused_to_its_writer(self, steps):
        """Two tabs type by turns, each knowing only what it was told: the draft is always the last that was taken."""
        who, known, last = member(), {True: 0, False: 0}, None
        for tab, letter in steps:
            try:
                kept = save(who, f"{letter} {tab}", known[tab])
            except DraftStale as refused:
                assert refused.draft.fields == {"body": last}
            else:
                known[tab], last = kept.version, f"{letter} {tab}"
            assert (drafts_of(who).first() is None) == (last is None)
        assert last is None or drafts_of(who).get().fields == {"body": last}


class TestPosting:
    def test_posting_ends_the_draft_of_its_place_only(self):
        asked, who = question(), member()
        client = signed_in(who)
        save(who, "Another thing.")
        place = DraftPlace(Draft.Kind.ANSWER, asked.pk)
        save(who, "Like so.", place=place)
        client.post(f"/en/questions/{asked.pk}/answer/", {"body": "Like so, and more.", "draft_version": "1"})
        assert [draft.place for draft in Draft.objects.all()] == ["ask"]

    def test_what_another_tab_wrote_meanwhile_stays(self):
        asked, who = question(), member()
        place = DraftPlace(Draft.Kind.ANSWER, asked.pk)
        save(who, "In this tab.", place=place)
        save(who, "In the other tab.", 1, place=place)
        address = f"/en/questions/{asked.pk}/answer/"
        signed_in(who).post(address, {"body": "In this tab, done.", "draft_version": "1"})
        assert Draft.objects.get().fields == {"body": "In the other tab."}

    def test_the_same_words_are_ended_whatever_version_the_form_knew(self):
        who = member()
        save(who, "Words.\n")
        draft_posted(user=who, place=ASKING, fields={"body": "Words."}, version=0)
        assert not Draft.objects.exists()

    def test_a_save_that_arrives_after_the_post_makes_no_draft_again(self):
        asked, client = question(), signed_in(member())
        client.post(f"/en/questions/{asked.pk}/answer/", {"body": "Like so.", "once": "t"})
        late = client.post(
            f"/en/account/drafts/answer-{asked.pk}/",
            {"body": "Like so.", "once": "t", "draft_version": "0"},
            headers=JSON,
        )
        assert late.status_code == 412
        assert late.json()["posted"] == Answer.objects.get().get_absolute_url()
        assert not Draft.objects.exists()

    def test_a_text_that_could_not_be_posted_is_kept_over_another_which_is_set_aside(self):
        who = member()
        save(who, "Begun elsewhere.")
        kept = draft_keep(user=who, place=ASKING, fields={"body": "Sent too soon."})
        assert (kept.fields, kept.set_aside) == ({"body": "Sent too soon."}, {"body": "Begun elsewhere."})


class TestSession:
    def sent_without_a_session(self, address, form, user):
        """Sends a form as a stranger, signs in where that leads, and returns (browser, page come back to)."""
        client = Client()
        led = client.post(address, form)
        assert led.status_code == 302
        assert led["Location"].startswith("/en/account/login/?next=")
        user.set_password("hiroba-demo")
        user.save()
        back = client.post(led["Location"], {"login": user.username, "password": "hiroba-demo"})
        assert back.status_code == 302, seen(back)
        return client, client.get(back["Location"].split("#")[0])

    def test_an_answer_sent_after_the_session_ended_is_there_after_signing_in(self):
        asked, who = question(), member()
        words = {"body": "Written for an hour.", "once": "t"}
        _client, page = self.sent_without_a_session(f"/en/questions/{asked.pk}/answer/", words, who)
        assert "Written for an hour." in seen(page).split('name="body"')[-1]
        assert not Answer.objects.exists()
        assert Draft.objects.get(owner=who).place == f"answer-{asked.pk}"

    def test_an_edit_too(self):
        made = answer()
        form = {"body": "Better words.", "version": "1"}
        _client, page = self.sent_without_a_session(f"/en/questions/answers/{made.pk}/edit/", form, made.author)
        assert "Better words." in seen(page)

    def test_a_comment_and_a_reply_are_kept_as_drafts(self):
        said, who = comment(question()), member()
        address = f"/en/questions/comment/question/{said.question_id}/"
        self.sent_without_a_session(address, {"body": "Me too.", "parent_id": said.pk}, who)
        assert Draft.objects.get(owner=who).place == f"reply-{said.pk}"
        assert Comment.objects.count() == 1


class TestPages:
    def test_the_list_says_when_there_is_nothing(self):
        assert "No drafts" in seen(signed_in(member()).get("/en/account/drafts/"))

    def test_the_list_has_every_kind_with_where_it_goes_on(self, django_assert_max_num_queries):
        given, who = answer(), member()
        said = comment(given)
        save(who, "A question begun.")
        for kind, target in (("answer", given.question_id), ("answer-comment", given.pk), ("reply", said.pk)):
            save(who, f"A draft of {kind}.", place=place_named(f"{kind}-{target}"))
        client = signed_in(who)
        client.get("/en/account/drafts/")
        with django_assert_max_num_queries(20):
            page = client.get("/en/account/drafts/")
        for row in draft_rows(who):
            assert row.address.split("#")[0] in seen(page)
            assert row.draft.fields["body"] in seen(page)
            assert row.draft.fields["body"] in seen(client.get(row.address.split("#")[0]))

    def test_what_its_question_has_lost_can_still_be_read_and_copied(self):
        asked, who = question(), member()
        save(who, "Words for nothing.", place=DraftPlace(Draft.Kind.ANSWER, asked.pk))
        question_delete(user=asked.author, question_id=asked.pk)
        page = seen(signed_in(who).get("/en/account/drafts/"))
        assert "Words for nothing." in page
        assert asked.title not in page

    def test_the_page_offers_the_draft_and_fills_the_form_only_when_asked(self):
        asked, who = question(), member()
        place = DraftPlace(Draft.Kind.ANSWER, asked.pk)
        save(who, "Half an answer.", place=place)
        client = signed_in(who)
        offered = seen(client.get(asked.get_absolute_url()))
        assert "Continue your draft" in offered
        assert offered.split('name="body"')[-1].split("</textarea>")[0].strip().endswith(">")
        continued = seen(client.get(f"{asked.get_absolute_url()}?draft={place}"))
        assert "Half an answer.</textarea>" in continued
        assert "Continue your draft" not in continued.split("data-continue")[-1].split(">", 1)[1]

    def test_a_button_saves_without_a_script(self):
        client = signed_in(member())
        form = {"title": "Why is it red?", "body": "Half.", "language": "en", "draft_version": "0"}
        saved = client.post("/en/account/drafts/ask/", form)
        assert saved["Location"] == "/en/questions/ask/?draft=ask"
        page = client.get(saved["Location"])
        assert "Your draft is saved." in seen(page)
        assert "Half.</textarea>" in seen(page)
        assert 'name="draft_version" value="1"' in seen(page)

    def test_two_versions_without_a_script_are_both_shown_and_one_is_chosen(self):
        who = member()
        client = signed_in(who)
        save(who, "One.")
        save(who, "Two.", 1)
        page = client.post("/en/account/drafts/ask/", {"body": "From this tab.", "draft_version": "1"})
        assert page.status_code == 412
        assert "From this tab." in seen(page)
        assert "Two." in seen(page)
        aside = json.dumps({"body": "Two."})
        client.post("/en/account/drafts/ask/", {"body": "From this tab.", "draft_version": "2", "aside": aside})
        kept = Draft.objects.get()
        assert (kept.fields, kept.set_aside) == ({"body": "From this tab."}, {"body": "Two."})

    @pytest.mark.parametrize("aside", ["nonsense", "[]", '{"body": 1}'])
    def test_an_aside_that_is_none_is_refused(self, aside):
        client = signed_in(member())
        refused = client.post("/en/account/drafts/ask/", {"body": "x", "aside": aside}, headers=JSON)
        assert refused.status_code == 422
        assert not Draft.objects.exists()

    def test_it_is_discarded_where_it_is_offered(self):
        asked, who = question(), member()
        place = DraftPlace(Draft.Kind.ANSWER, asked.pk)
        save(who, "Half an answer.", place=place)
        led = signed_in(who).post(f"/en/account/drafts/{place}/discard/", {"here": "1"})
        assert led["Location"].startswith(asked.get_absolute_url())
        assert not Draft.objects.exists()

    def test_the_script_hears_what_was_kept_and_a_fresh_token(self):
        client = signed_in(member())
        told = client.post("/en/account/drafts/ask/", {"body": "Half."}, headers=JSON).json()
        assert (told["version"], told["fields"]) == (1, {"body": "Half."})
        assert told["saved_at"]
        assert told["token"]
        assert client.get("/en/account/drafts/ask/", headers=JSON).json()["version"] == 1


class TestForgetting:
    def test_only_what_nobody_touched_for_so_long_goes(self, settings):
        settings.PORTAL_DRAFT_DAYS = 30
        old, new = member(), member()
        save(old, "Long ago.")
        save(new, "Lately.")
        Draft.objects.filter(owner=old).update(updated_at=now() - timedelta(days=31))
        assert drafts_sweep() == 1
        assert Draft.objects.get().owner == new

    def test_the_worker_does_it(self):
        assert "drafts-sweep" in {job.name for job in periodic_jobs()}


@pytest.mark.parametrize("name", ["", "ask-1", "answer", "answer-0", "answer--1", "answer-1-2", "x-1", "answer-1\n"])
def test_a_place_that_cannot_be_is_not_found(name):
    with pytest.raises(NotFound):
        place_named(name)
