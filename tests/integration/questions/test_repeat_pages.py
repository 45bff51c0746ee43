"""The pages around repeats and merges, as people use them without a script."""

import pytest
from django.urls import reverse

from portal.core.models import AuditEntry
from portal.questions.models import Contest, DuplicateProposal, Merge, Question
from portal.questions.services.life import question_settle
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.proposals import contest_open, duplicate_propose
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question

from .scene import signed_in

pytestmark = pytest.mark.django_db

WORDS = "Mine is about the other valve."


@pytest.fixture
def staff():
    """A member of staff."""
    return member(staff=True)


def page_of(client, asked):
    """Returns the text of a question's page."""
    return client.get(asked.get_absolute_url()).content.decode()


class TestRights:
    """The outsider first."""

    @pytest.mark.parametrize("who", ["stranger", "member", "asker"])
    def test_the_pages_for_staff_are_closed(self, client, who, staff):
        asked, target = question(), question()
        proposal = duplicate_propose(user=member(), question_id=asked.pk, target_id=target.pk)
        merge = questions_merge(user=staff, source_id=question().pk, target_id=target.pk)
        user = {"member": member(), "asker": asked.author}.get(who)
        browser = signed_in(user) if user else client
        refused = 302 if who == "stranger" else 403
        for address in (reverse("question-merge", args=[asked.pk]), "/staff/duplicates/"):
            assert browser.get(address).status_code == refused, address
        for address in (
            reverse("staff-proposal", args=[proposal.pk]),
            reverse("staff-merge-undo", args=[merge.pk]),
            reverse("staff-contest", args=[1]),
            reverse("question-merge", args=[asked.pk]),
        ):
            assert browser.post(address, {"agree": "1", "target": target.pk}).status_code == refused, address
        assert DuplicateProposal.objects.get().outcome == ""
        assert Merge.objects.get().undone_at is None
        assert Question.objects.get(pk=asked.pk).status == "open"

    def test_a_stranger_is_led_to_sign_in(self, client):
        asked = question()
        for name in ("question-duplicate", "question-targets", "question-contest"):
            assert client.get(reverse(name, args=[asked.pk])).status_code == 302
        assert "Asked before?" not in page_of(client, asked)

    def test_only_who_asked_sees_the_way_to_contest(self, staff):
        asked = question()
        question_settle(user=staff, question_id=asked.pk, status="duplicate", duplicate_of=question().pk)
        address = reverse("question-contest", args=[asked.pk])
        assert address in page_of(signed_in(asked.author), asked)
        for other in (member(), staff):
            assert address not in page_of(signed_in(other), asked)
            assert signed_in(other).get(address).status_code == 403


class TestMarking:
    def test_a_member_proposes_and_nothing_changes_yet(self):
        asked, target, who = question(), question(), member()
        browser, address = signed_in(who), reverse("question-duplicate", args=[asked.pk])
        assert address in page_of(browser, asked)
        found = browser.get(address, {"q": str(target.pk)}).content.decode()
        assert f'value="{target.pk}"' in found
        reply = browser.post(address, {"target": target.pk, "words": "The same light."}, follow=True)
        assert "The staff will look at it" in reply.content.decode()
        assert DuplicateProposal.objects.get().words == "The same light."
        assert Question.objects.get(pk=asked.pk).status == "open"

    def test_staff_mark_it_and_the_page_shows_the_answer(self, staff, client):
        asked, target = question(), question()
        accept(answer(target, body="Turn the **left** valve."))
        reply = signed_in(staff).post(
            reverse("question-duplicate", args=[asked.pk]), {"target": target.pk, "words": "See there."}, follow=True
        )
        assert reply.status_code == 200
        page = page_of(client, asked)
        assert "Turn the <strong>left</strong> valve." in page
        assert "Accepted answer" in page
        assert target.get_absolute_url() in page
        assert "See there." in page

    @pytest.mark.parametrize("target", ["", "x", "0", "999999999", "-1", "9" * 30])
    def test_a_target_is_needed(self, staff, target):
        asked = question()
        reply = signed_in(staff).post(reverse("question-duplicate", args=[asked.pk]), {"target": target})
        assert reply.status_code == 422
        assert Question.objects.get(pk=asked.pk).status == "open"

    def test_the_list_for_a_script_is_the_part_alone(self):
        asked, target = question(), question()
        browser = signed_in(member())
        part = browser.get(reverse("question-targets", args=[asked.pk]), {"q": target.get_absolute_url()})
        text = part.content.decode()
        assert 'id="targets"' in text
        assert "<html" not in text
        assert f'value="{target.pk}"' in text
        nothing = browser.get(reverse("question-targets", args=[asked.pk]), {"q": "987654321"}).content.decode()
        assert "No question like this" in nothing


class TestMerging:
    def test_staff_look_first_and_then_join(self, staff, client):
        source, target = question(title="Why does the red lamp blink?"), question(language="ja")
        answer(source, body="Shake it.")
        browser, address = signed_in(staff), reverse("question-merge", args=[source.pk])
        assert address in page_of(browser, source)
        assert 'id="targets"' in browser.get(address).content.decode()
        shown = browser.get(address, {"target": target.pk}).content.decode()
        assert "1 answer goes there" in shown
        assert "different languages" in shown
        assert not Merge.objects.exists()
        reply = browser.post(address, {"target": target.pk, "words": "The same lamp."}, follow=True)
        assert reply.redirect_chain[-1][0] == target.get_absolute_url()
        here = f"/en/questions/{target.pk}/{target.slug}/"
        page = client.get(here).content.decode()
        assert "Shake it." in page
        assert "Why does the red lamp blink?" in page
        assert "Your question was joined" not in page
        mine = signed_in(source.author).get(here).content.decode()
        assert "Your question was joined" in mine
        assert "The same lamp." in mine
        assert [entry.action for entry in AuditEntry.objects.all()] == ["questions-merged"]

    @pytest.mark.parametrize("target", ["999999999", "0", "x"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_an_impossible_target_brings_the_choice_back(self, staff, method, target):
        source = question()
        reply = getattr(signed_in(staff), method)(reverse("question-merge", args=[source.pk]), {"target": target})
        assert reply.status_code == 422
        assert 'id="targets"' in reply.content.decode()

    def test_it_is_undone_from_the_queue(self, staff, client):
        source, target = question(), question()
        merge = questions_merge(user=staff, source_id=source.pk, target_id=target.pk, reason="The same.")
        browser = signed_in(staff)
        address = reverse("staff-merge-undo", args=[merge.pk])
        assert address in browser.get("/staff/duplicates/").content.decode()
        assert browser.post(address)["Location"] == source.get_absolute_url()
        assert address not in browser.get("/staff/duplicates/").content.decode()
        assert client.get(source.get_absolute_url()).status_code == 200
        assert browser.post(address).status_code == 409


class TestQueue:
    def test_an_empty_one_says_so(self, staff):
        assert "Nothing waits" in signed_in(staff).get("/staff/duplicates/").content.decode()

    def test_it_is_offered_among_the_pages_for_staff(self, staff):
        assert "/staff/duplicates/" in signed_in(staff).get("/staff/").content.decode()

    def test_what_members_propose_is_decided_there(self, staff):
        asked, target, who = question(), question(), member(display_name="Ada")
        proposal = duplicate_propose(user=who, question_id=asked.pk, target_id=target.pk, words="Look there.")
        browser = signed_in(staff)
        page = browser.get("/staff/duplicates/").content.decode()
        for shown in (asked.title, target.title, "Ada", "Look there."):
            assert shown in page
        browser.post(reverse("staff-proposal", args=[proposal.pk]), {"agree": "1", "reply": "Thanks."})
        assert Question.objects.get(pk=asked.pk).duplicate_of_id == target.pk
        assert asked.title not in browser.get("/staff/duplicates/").content.decode()

    def test_who_asked_anonymously_stays_so(self, staff):
        asked = question(member(display_name="Ada"))
        Question.objects.filter(pk=asked.pk).update(anonymous=True)
        duplicate_propose(user=asked.author, question_id=asked.pk, target_id=question().pk)
        page = signed_in(staff).get("/staff/duplicates/").content.decode()
        assert asked.title in page
        assert "Ada" not in page
        assert asked.author.username not in page

    def test_what_askers_contest_is_decided_there(self, staff):
        asked, target = question(), question()
        merge = questions_merge(user=staff, source_id=asked.pk, target_id=target.pk)
        browser = signed_in(asked.author)
        address = reverse("question-contest", args=[asked.pk])
        assert browser.get(address).status_code == 200
        assert browser.post(address, {"words": "no"}).status_code == 422
        assert browser.post(address, {"words": WORDS})["Location"] == target.get_absolute_url()
        assert "The staff will look at it" in browser.get(address).content.decode()
        contest, desk = Contest.objects.get(), signed_in(staff)
        assert WORDS in desk.get("/staff/duplicates/").content.decode()
        decide = reverse("staff-contest", args=[contest.pk])
        refused = desk.post(decide, {"agree": "", "reply": ""})
        assert refused.status_code == 422
        assert "Tell the asker why." in refused.content.decode()
        assert desk.post(decide, {"agree": "1"}).status_code == 302
        merge.refresh_from_db()
        assert merge.undone_at is not None

    def test_a_long_queue_takes_no_more_queries_than_a_short_one(self, staff, django_assert_max_num_queries):
        target = question()
        for _ in range(4):
            duplicate_propose(user=member(), question_id=question().pk, target_id=target.pk)
            gone = question()
            merge = questions_merge(user=staff, source_id=gone.pk, target_id=target.pk)
            contest_open(user=gone.author, question_id=gone.pk, words=WORDS)
        merge_undo(user=staff, merge_id=merge.pk)
        browser = signed_in(staff)
        browser.get("/staff/duplicates/")
        with django_assert_max_num_queries(15):
            assert browser.get("/staff/duplicates/").status_code == 200
