"""At the same moment, from several processes that share nothing but the database: what was posted is no draft again."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.core.clock import now
from portal.questions.models import Answer, Draft, SentForm
from portal.questions.selectors.drafts import ASKING, DraftPlace
from portal.questions.services.drafts import DraftStale, draft_posted, draft_save, drafts_sweep
from tests.factories.accounts import member
from tests.factories.questions import question

from .scene import signed_in
from .test_counters import together


def save(user, body, once, version=0, place=ASKING):
    """Keeps a text as a script does; returns the version that is told, or what refused it."""
    try:
        return draft_save(user=user, place=place, fields={"body": body}, version=version, once=once).version
    except DraftStale as error:
        return error


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_saves_on_their_way_while_the_form_is_posted_bring_nothing_back(self):
        asker, asked = member(), question()
        place = DraftPlace(Draft.Kind.ANSWER, asked.pk)
        save(asker, "Turn", "form", place=place)
        clients = [signed_in(asker) for _ in range(3)]
        post = {"body": "Turn the valve.", "once": "form", "draft_version": "1"}
        raised = together(
            lambda: clients[0].post(f"/en/questions/{asked.pk}/answer/", post),
            *(
                lambda one=one, body=body: one.post(
                    f"/en/account/drafts/{place}/",
                    {"body": body, "once": "form", "draft_version": "1"},
                    headers={"Accept": "application/json"},
                )
                for one, body in zip(clients[1:], ("Turn the", "Turn the val"), strict=True)
            ),
        )
        assert raised == []
        assert Answer.objects.get().body == "Turn the valve."
        assert not Draft.objects.exists()

    def test_of_posting_and_saving_whichever_is_first_nothing_is_left(self):
        asker = member()
        raised = together(
            lambda: draft_posted(user=asker, place=ASKING, fields={"body": "All."}, once="form", address="/there/"),
            *(lambda body=body: save(asker, body, "form") for body in ("A", "Al", "All")),
        )
        assert raised == []
        assert not Draft.objects.exists()
        assert SentForm.objects.get().address == "/there/"


@pytest.mark.django_db
class TestPosted:
    def test_a_late_save_is_told_where_the_form_led_without_any_cache(self):
        asker = member()
        draft_posted(user=asker, place=ASKING, fields={"body": "All."}, once="form", address="/there/")
        cache.clear()
        told = save(asker, "All", "form")
        assert (told.posted, told.draft) == ("/there/", None)
        assert not Draft.objects.exists()

    def test_an_earlier_text_of_the_same_form_that_came_in_between_goes_too(self):
        asker = member()
        save(asker, "All but the last wo", "form")
        draft_posted(
            user=asker, place=ASKING, fields={"body": "All but the last word."}, once="form", address="/there/"
        )
        assert not Draft.objects.exists()

    def test_what_another_form_or_another_member_writes_there_stays(self):
        asker, other = member(), member()
        draft_posted(user=asker, place=ASKING, fields={"body": "All."}, once="form", address="/there/")
        assert save(asker, "Another question.", "next form") == 1
        assert save(other, "All.", "form") == 1
        draft_posted(user=asker, place=ASKING, fields={"body": "All."}, once="form", address="/there/")
        assert Draft.objects.count() == 2

    def test_a_form_without_a_token_is_not_remembered(self):
        asker = member()
        draft_posted(user=asker, place=ASKING, fields={"body": "All."})
        assert not SentForm.objects.exists()
        assert save(asker, "All.", "") == 1

    def test_a_token_longer_than_any_is_cut_alike_everywhere(self):
        asker = member()
        draft_posted(user=asker, place=ASKING, fields={"body": "All."}, once="f" * 500, address="/" + "a" * 900)
        assert save(asker, "All.", "f" * 500).posted.startswith("/aaa")

    def test_it_is_forgotten_when_drafts_are(self, settings):
        asker = member()
        for once in ("old", "new"):
            draft_posted(user=asker, place=ASKING, fields={"body": "All."}, once=once, address="/there/")
        SentForm.objects.filter(once="old").update(sent_at=now() - timedelta(days=settings.PORTAL_DRAFT_DAYS + 1))
        drafts_sweep()
        assert list(SentForm.objects.values_list("once", flat=True)) == ["new"]

    def test_it_goes_with_its_member(self):
        asker = member()
        draft_posted(user=asker, place=ASKING, fields={"body": "All."}, once="form", address="/there/")
        asker.delete()
        assert not SentForm.objects.exists()


class AnyOrder(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["save", "post"])), max_size=12))
    def test_what_stays_was_written_in_a_form_that_was_not_posted(self, steps):
        asker, posted = member(), set()
        for number, (form, act) in enumerate(steps):
            if act == "post":
                words = {"body": f"{number}"}
                draft_posted(user=asker, place=ASKING, fields=words, once=form, address="/there/")
                posted.add(form)
            else:
                version = Draft.objects.filter(owner=asker).values_list("version", flat=True).first() or 0
                told = save(asker, f"{number}", form, version)
                assert isinstance(told, DraftStale) == (form in posted)
            assert not Draft.objects.filter(owner=asker, once__in=posted).exists()
