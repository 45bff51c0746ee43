"""The pages of versions: the line under an answer, the page of its versions, the queue, the staff's releases."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.events import _receivers, receives
from portal.core.models import AuditEntry
from portal.questions import events
from portal.questions.models import Confirmation, ObsoleteMark, Passport, Question, Release, Solution
from portal.questions.services.answers import answer_delete
from portal.questions.services.passport import obsolete_mark, solution_mark
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question
from tests.factories.versions import claim, product, release, releases, say

from .scene import signed_in

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()
INLINE = re.compile(r"<style|\sstyle=|\son\w+=\"")


@pytest.fixture
def lamp():
    """A product with two releases and an answer to a question about it."""
    made = product()
    made.made = releases("v1", "v2", of=made)
    made.given = answer(question(topics=("lamp",)))
    return made


def page_of(user, path):
    """Returns the text of a page."""
    reply = signed_in(user).get(path)
    assert reply.status_code == 200, path
    text = reply.content.decode()
    assert not INLINE.search(text)
    return text


def plain(text):
    """Returns what is read of a page."""
    return " ".join(re.sub(r"<[^>]+>", "", text.replace("\u2068", "").replace("\u2069", "")).split())


class TestLine:
    def test_a_claim_then_a_confirmation_then_a_new_release(self, lamp):
        path = lamp.given.question.get_absolute_url()
        claim(lamp.given, lamp.made[0], lamp.made[1])
        assert "Works on v1–v2 · nobody has confirmed it yet" in plain(page_of(STRANGER, path))
        say(lamp.given)
        said = Confirmation.objects.get().said_at
        day = f"{said:%B} {said.day}"
        assert f"Works on v1–v2 · confirmed by a member, {day}" in plain(page_of(STRANGER, path))
        say(lamp.given)
        assert f"confirmed by 2 members, last {day}" in plain(page_of(STRANGER, path))
        release(lamp, "v3")
        assert "not yet confirmed on v3" in plain(page_of(STRANGER, path))

    def test_a_stranger_is_led_to_sign_in_and_a_member_presses(self, lamp):
        path, address = lamp.given.question.get_absolute_url(), f"/en/questions/answers/{lamp.given.pk}/confirm/"
        assert "Sign in to say whether" not in page_of(STRANGER, path), "of an answer of which nothing is known"
        claim(lamp.given, lamp.made[0])
        page = page_of(STRANGER, path)
        assert address not in page
        assert "Sign in to say whether it works on v2" in plain(page)
        refused = signed_in(STRANGER).post(address, {"works": "1"})
        assert (refused.status_code, Confirmation.objects.count()) == (302, 0)
        reader = member()
        assert f'action="{address}"' in page_of(reader, path)
        reply = signed_in(reader).post(address, {"works": "1", "release": lamp.made[1].pk})
        assert (reply.status_code, reply["Location"]) == (302, lamp.given.get_absolute_url())
        assert 'name="works" value="" aria-pressed="true"' in page_of(reader, path)
        signed_in(reader).post(address, {"works": "", "release": lamp.made[1].pk})
        assert not Confirmation.objects.exists()

    def test_htmx_gets_the_part_and_the_line_in_their_places(self, lamp):
        address = f"/en/questions/answers/{lamp.given.pk}/confirm/"
        reply = signed_in(member()).post(address, {"works": "0"}, headers={"HX-Request": "true"})
        text = reply.content.decode()
        assert f'id="passport-{lamp.given.pk}"' in text
        assert f'id="passport-line-{lamp.given.pk}" hx-swap-oob="true"' in text
        assert "doubtful on v2" in plain(text)
        assert "<html" not in text

    @pytest.mark.parametrize(
        "data", [{"works": "2"}, {"works": "1", "release": "x"}, {"works": "1", "release": "9" * 30}]
    )
    def test_what_cannot_be_meant_is_refused_kindly(self, lamp, data):
        reply = signed_in(member()).post(f"/en/questions/answers/{lamp.given.pk}/confirm/", data)
        assert (reply.status_code, Confirmation.objects.count()) == (422, 0)

    def test_an_outdated_answer_says_why_in_words(self, lamp):
        obsolete_mark(user=lamp.given.author, answer_id=lamp.given.pk, reason="The <b>menu</b> is gone.")
        page = page_of(STRANGER, lamp.given.question.get_absolute_url())
        assert "post-obsolete" in page
        assert "This answer is outdated" in page
        assert "The &lt;b&gt;menu&lt;/b&gt; is gone." in page

    def test_solutions_by_version_lead_to_their_answers(self, lamp):
        asked = lamp.given.question
        main = accept(answer(asked))
        solution_mark(user=asked.author, answer_id=lamp.given.pk, first_id=lamp.made[0].pk)
        page = page_of(STRANGER, asked.get_absolute_url())
        assert "Solutions by version" in page
        assert f'href="#answer-{lamp.given.pk}"' in page
        assert f'href="#answer-{main.pk}"' in page
        assert "Solution for v1" in plain(page)
        answer_delete(user=member(staff=True), answer_id=lamp.given.pk)
        assert "Solutions by version" not in page_of(STRANGER, asked.get_absolute_url())


class TestVersionsPage:
    def test_each_reader_finds_what_she_may_do_and_no_more(self, lamp):
        path = f"/en/questions/answers/{lamp.given.pk}/versions/"
        parts = {
            name: f"/en/questions/answers/{lamp.given.pk}/{name}/" for name in ("passport", "solution", "outdated")
        }
        people = {
            STRANGER: set(),
            member(): set(),
            lamp.given.question.author: {"solution"},
            lamp.given.author: {"passport", "outdated"},
            member(staff=True): set(parts),
        }
        for user, may in people.items():
            page = page_of(user, path)
            assert {name for name, address in parts.items() if f'action="{address}"' in page} == may
        assert "Sign in to say" in page_of(STRANGER, path)

    def test_the_author_says_what_it_was_written_for_and_takes_it_back(self, lamp):
        client = signed_in(lamp.given.author)
        address = f"/en/questions/answers/{lamp.given.pk}/passport/"
        first, last = (str(each.pk) for each in lamp.made)
        assert client.post(address, {"claim-first": first, "claim-last": last}).status_code == 302
        assert Passport.objects.get().last == lamp.made[1]
        assert f'<option value="{last}" selected>' in page_of(
            lamp.given.author, address.replace("passport", "versions")
        )
        assert client.post(address, {"claim-first": "", "claim-last": ""}).status_code == 302
        assert not Passport.objects.exists()
        assert client.post(address, {"claim-first": "999"}).status_code == 422

    def test_the_asker_marks_a_solution_the_staff_takes_it_back(self, lamp):
        address = f"/en/questions/answers/{lamp.given.pk}/solution/"
        assert signed_in(member()).post(address, {"solution-first": lamp.made[0].pk}).status_code == 403
        assert (
            signed_in(lamp.given.question.author).post(address, {"solution-first": lamp.made[0].pk}).status_code == 302
        )
        assert Solution.objects.count() == 1
        assert signed_in(member(staff=True)).post(address, {}).status_code == 302
        assert not Solution.objects.exists()

    def test_outdated_with_undo(self, lamp):
        client = signed_in(member(staff=True))
        address = f"/en/questions/answers/{lamp.given.pk}/outdated/"
        assert client.post(address, {"reason": ""}).status_code == 422
        page = client.post(address, {"reason": "Gone."}, follow=True).content.decode()
        assert f'action="{address}lift/"' in page
        assert client.post(f"{address}lift/").status_code == 302
        assert ObsoleteMark.objects.get().lifted_at is not None
        written = AuditEntry.objects.values_list("action", flat=True)
        assert {"answer-outdated", "answer-outdated-lifted"} <= set(written)

    def test_another_version_is_said_of_there(self, lamp):
        reader = member()
        address = f"/en/questions/answers/{lamp.given.pk}/confirm/"
        reply = signed_in(reader).post(address, {"works": "0", "release": lamp.made[0].pk, "all": "1"})
        assert reply["Location"] == f"/en/questions/answers/{lamp.given.pk}/versions/"
        assert Confirmation.objects.get().release == lamp.made[0]

    @pytest.mark.parametrize("language", ["ru", "ja", "ar"])
    def test_it_is_there_in_each_language_and_gone_with_its_answer(self, lamp, language):
        path = f"/{language}/questions/answers/{lamp.given.pk}/versions/"
        page_of(member(language=language), path)
        answer_delete(user=lamp.given.author, answer_id=lamp.given.pk)
        assert signed_in(member()).get(path).status_code == 404


class TestQueue:
    def waiting(self, lamp, *, views, **more):
        asked = question(topics=("lamp",))
        Question.objects.filter(pk=asked.pk).update(views_count=views)
        given = answer(asked, **more)
        claim(given, lamp.made[0])
        return given

    def test_by_views_and_one_press_takes_it_out(self, lamp):
        low, high = self.waiting(lamp, views=3), self.waiting(lamp, views=9)
        release(lamp, "v3")
        reader = member()
        path = "/en/questions/to-confirm/"
        page = page_of(reader, path)
        assert page.index(f'id="waiting-{high.pk}"') < page.index(f'id="waiting-{low.pk}"')
        assert f'id="waiting-{lamp.given.pk}"' not in page  # nobody relies on it
        client = signed_in(reader)
        reply = client.post(f"/en/questions/answers/{high.pk}/confirm/", {"works": "1", "queue": "lamp"}, follow=True)
        text = reply.content.decode()
        assert f'id="waiting-{high.pk}"' not in text
        undo = re.search(r'action="(/en/questions/answers/\d+/confirm/\?release=\d+)"', text)
        assert client.post(undo[1]).status_code == 302
        assert f'id="waiting-{high.pk}"' in page_of(reader, path)

    def test_what_she_reads_comes_first_whatever_is_viewed_most(self, lamp):
        foreign = self.waiting(lamp, views=99, language="ja")
        own, second = self.waiting(lamp, views=3), self.waiting(lamp, views=2, language="ru")
        release(lamp, "v3")

        def order(path, user):
            page = page_of(user, path)
            return sorted((foreign, own, second), key=lambda given: page.index(f'id="waiting-{given.pk}"'))

        assert order("/en/questions/to-confirm/", STRANGER) == [own, foreign, second]
        reader = member(language="ru")
        reader.reads = ["ru"]
        reader.save()
        assert order("/en/questions/to-confirm/", reader) == [own, second, foreign]
        assert order("/ja/questions/to-confirm/", reader) == [foreign, second, own]

    def test_each_says_what_is_known_of_it_in_a_fixed_number_of_queries(self, lamp):
        say(self.waiting(lamp, views=9), True, lamp.made[0])
        release(lamp, "v3")
        assert "Works on v1 · confirmed by a member" in plain(page_of(STRANGER, "/en/questions/to-confirm/"))
        with CaptureQueriesContext(connection) as few:
            page_of(STRANGER, "/en/questions/to-confirm/")
        for _ in range(4):
            say(self.waiting(lamp, views=5), True, lamp.made[1])
        with CaptureQueriesContext(connection) as many:
            page_of(STRANGER, "/en/questions/to-confirm/")
        assert len(many) <= len(few) + 1 and len(many) <= 20

    def test_code_in_an_excerpt_is_read_as_it_was_written(self, lamp):
        self.waiting(lamp, views=1, body="Send `rill/<hub>/set` when x > 3 && y.")
        release(lamp, "v3")
        page = page_of(STRANGER, "/en/questions/to-confirm/")
        assert "rill/&lt;hub&gt;/set when x &gt; 3 &amp;&amp; y." in page and "&amp;lt;" not in page

    def test_a_stranger_reads_and_is_led_to_sign_in(self, lamp):
        given = self.waiting(lamp, views=1)
        release(lamp, "v3")
        page = page_of(STRANGER, "/en/questions/to-confirm/")
        assert f'id="waiting-{given.pk}"' in page
        assert "/confirm/" not in page.replace("/to-confirm/", "")
        assert "Sign in" in page

    def test_what_is_outdated_deleted_archived_or_later_does_not_wait(self, lamp):
        old, gone, later = (self.waiting(lamp, views=5) for _each in range(3))
        obsolete_mark(user=old.author, answer_id=old.pk, reason="Gone.")
        answer_delete(user=gone.author, answer_id=gone.pk)
        Question.objects.filter(pk=later.question_id).update(locked=True)
        release(lamp, "v3")
        new = answer(question(topics=("lamp",)))
        claim(new, lamp.made[0])
        assert "Everything is confirmed" in page_of(member(), "/en/questions/to-confirm/")

    def test_without_products_and_for_what_is_none(self):
        assert "No versions yet" in page_of(member(), "/en/questions/to-confirm/")
        assert signed_in(member()).get("/en/questions/to-confirm/?product=nothing").status_code == 404

    def test_it_is_built_in_twenty_queries(self, lamp, django_assert_max_num_queries):
        for views in range(6):
            self.waiting(lamp, views=views)
        release(lamp, "v3")
        client = signed_in(member())
        with django_assert_max_num_queries(20):
            client.get("/en/questions/to-confirm/")


class TestStaff:
    def test_outsiders_first(self, lamp):
        paths = ["/staff/releases/", "/staff/releases/product/lamp/", f"/staff/releases/{lamp.made[0].pk}/"]
        acts = [f"/staff/releases/{lamp.made[0].pk}/{act}/" for act in ("withdraw", "restore")]
        for path in paths:
            assert signed_in(STRANGER).get(path).status_code == 302
            assert signed_in(member()).get(path).status_code == 403
            page_of(member(staff=True), path)
        for path in [*acts, "/staff/releases/product/lamp/"]:
            assert signed_in(member()).post(path, {"label": "v9"}).status_code == 403
        assert Release.objects.filter(withdrawn_at__isnull=True).count() == 2

    def test_registering_with_undo_and_what_it_asks_for(self, lamp):
        claim(lamp.given, lamp.made[1])
        client = signed_in(member(staff=True))
        path = "/staff/releases/product/lamp/"
        assert client.post(path, {"label": "v2", "released_at": "2026-01-01"}).status_code == 422
        assert client.post(path, {"label": "v3", "released_at": "soon"}).status_code == 422
        page = client.post(path, {"label": "v3", "released_at": "2026-11-20"}, follow=True).content.decode()
        made = Release.objects.get(label="v3")
        assert f'action="/staff/releases/{made.pk}/withdraw/"' in page
        page = client.post(f"/staff/releases/{made.pk}/withdraw/", follow=True).content.decode()
        assert f'action="/staff/releases/{made.pk}/restore/"' in page
        client.post(f"/staff/releases/{made.pk}/restore/")
        made.refresh_from_db()
        assert made.withdrawn_at is None
        acts = set(AuditEntry.objects.values_list("action", flat=True))
        assert {"release-registered", "release-withdrawn", "release-restored"} <= acts

    def test_a_change_keeps_what_was_said(self, lamp):
        say(lamp.given)
        path = f"/staff/releases/{lamp.made[1].pk}/"
        data = {"label": "第3世代", "released_at": "2026-11-01", "notes_url": "/en/news/three/", "position": ""}
        assert signed_in(member(staff=True)).post(path, data).status_code == 302
        page = plain(page_of(STRANGER, lamp.given.question.get_absolute_url()))
        assert "Works on 第3世代" in page or "第3世代" in page
        assert signed_in(member(staff=True)).post(path, data | {"notes_url": "javascript:x"}).status_code == 422

    def test_progress_counts_what_is_looked_at(self, lamp):
        given = [lamp.given, *(answer(question(topics=("lamp",))) for _each in range(3))]
        for each in given:
            claim(each, lamp.made[0])
        release(lamp, "v3")
        say(given[0])
        say(given[1], False)
        page = plain(page_of(member(staff=True), "/staff/releases/product/lamp/").replace("</dt>", " "))
        assert "Most viewed answers 4" in page
        assert "Still work 1" in page
        assert "No longer work, or doubtful 1" in page
        assert "Not yet looked at 2" in page
        assert "50 % looked at" in page


def test_a_new_release_asks_each_author_once_for_the_most_viewed(lamp):
    heard = []

    @receives(events.ReleaseRegistered, events.ConfirmationWanted)
    def listen(event):
        heard.append(event)

    author = member()
    both = []
    for views in (2, 8):
        asked = question(topics=("lamp",))
        Question.objects.filter(pk=asked.pk).update(views_count=views)
        both.append(answer(asked, author))
        claim(both[-1], lamp.made[0])
    sleeping = answer(question(topics=("lamp",)))
    claim(sleeping, lamp.made[0])
    type(sleeping.author).objects.filter(pk=sleeping.author_id).update(is_active=False)
    try:
        made = release(lamp, "v3")
        release(lamp, "v0", days=300)
    finally:
        for kind in (events.ReleaseRegistered, events.ConfirmationWanted):
            _receivers[kind].remove(listen)
    registered, wanted, early = heard
    assert (registered.release_id, early.release_id != made.pk) == (made.pk, True)
    assert wanted.asked == ((author.pk, (both[1].pk, both[0].pk)),)
    assert isinstance(early, events.ReleaseRegistered)
