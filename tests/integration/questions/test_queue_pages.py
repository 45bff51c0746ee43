"""The queues for members and staff: in every language, empty and full, with bad addresses, at the same cost."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.questions.models import Contest, DuplicateProposal, Question, Release
from portal.questions.services.life import question_settle
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.proposals import contest_open, duplicate_propose
from portal.questions.services.questions import question_delete
from portal.questions.services.releases import release_withdraw
from tests.factories.accounts import member
from tests.factories.questions import answer, question
from tests.factories.versions import claim, product, release, releases, say

from .scene import signed_in

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()
LANGUAGES = ("en", "ru", "ja", "ar")
WORDS = "Mine is about the other valve."
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


def headings(path, *, localised):
    """Returns a page's heading by language, after checking the direction; read by the staff."""
    found = {}
    for language in LANGUAGES:
        address = f"/{language}{path}" if localised else path
        reply = signed_in(member(staff=True, language=language)).get(address)
        assert reply.status_code == 200, address
        page = reply.content.decode()
        assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
        found[language] = HEADING.search(page)[1].strip()
    return found


def waiting(lamp, count, *, views=0):
    """Returns answers that wait for the lamp's next release."""
    made = []
    for number in range(count):
        asked = question(title=f"Why does it hum at {number}?", topics=("lamp",))
        Question.objects.filter(pk=asked.pk).update(views_count=views + number)
        made.append(answer(asked))
        claim(made[-1], lamp.made[0])
    return made


@pytest.fixture
def lamp():
    """A product with one release."""
    made = product()
    made.made = releases("v1", of=made)
    return made


class TestLanguages:
    def test_an_empty_queue_speaks_each_language(self):
        for path, localised in (
            ("/questions/to-confirm/", True),
            ("/staff/releases/", False),
            ("/staff/duplicates/", False),
        ):
            assert len(set(headings(path, localised=localised).values())) == len(LANGUAGES), path

    def test_a_full_one_keeps_labels_and_words_of_other_directions_apart(self, lamp):
        asked = question(title="لماذا يطن المصباح؟", language="ar", topics=("lamp",))
        given = answer(asked, body="افتح الغطاء.", language="ar")
        claim(given, lamp.made[0])
        release(lamp, "الإصدار ٢")
        duplicate_propose(user=member(), question_id=asked.pk, target_id=question().pk, words="<b>Same</b> \u202eemas")
        assert len(set(headings("/questions/to-confirm/", localised=True).values())) == len(LANGUAGES)
        page = signed_in(member()).get("/en/questions/to-confirm/").content.decode()
        assert "<bdi>الإصدار ٢</bdi>" in page
        assert 'lang="ar" dir="auto">لماذا يطن المصباح؟</a>' in page
        assert len(set(headings("/staff/duplicates/", localised=False).values())) == len(LANGUAGES)
        page = signed_in(member(staff=True)).get("/staff/duplicates/").content.decode()
        assert "<b>Same</b>" not in page
        assert 'lang="ar" dir="auto">لماذا يطن المصباح؟</a>' in page
        assert re.search(r'<q dir="auto">&lt;b&gt;Same', page)


class TestToConfirm:
    def test_pages_hold_each_answer_once_and_the_address_of_the_next_keeps_the_product(self, lamp):
        made = waiting(lamp, 22)
        release(lamp, "v2")
        client = signed_in(STRANGER)
        first = client.get("/en/questions/to-confirm/?product=lamp").content.decode()
        assert "22 answers wait for <bdi>v2</bdi>." in first
        following = re.search(r'href="([^"]*page=2[^"]*)"', first)[1].replace("&amp;", "&")
        assert "product=lamp" in following
        second = client.get(f"/en/questions/to-confirm/{following[following.index('?') :]}").content.decode()
        shown = [re.findall(r'id="waiting-(\d+)"', page) for page in (first, second)]
        assert [len(ids) for ids in shown] == [20, 2]
        assert [int(pk) for pk in [*shown[0], *shown[1]]] == [each.pk for each in reversed(made)]

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("page=0", 200), ("page=-3", 200), ("page=x", 200), ("page=%D9%A2", 200), ("page=" + "9" * 40, 200),
            ("page=500", 200), ("page=501", 404), ("product=kettle", 404), ("product=%E2%80%AElamp", 404),
            ("product=" + "x" * 3000, 404), ("product=%00lamp", 404),
        ],
    )  # fmt: skip
    def test_an_address_that_somebody_made_up_breaks_nothing(self, lamp, query, status):
        waiting(lamp, 1)
        release(lamp, "v2")
        assert signed_in(member()).get(f"/en/questions/to-confirm/?{query}").status_code in (status, 400)

    def test_each_product_has_its_own_and_the_latest_is_shown_first(self, lamp):
        kettle = product("Kettle", ja="やかん")
        (boils,) = waiting(lamp, 1)
        release(kettle, "k1", days=3)
        other = answer(question(topics=("kettle",)))
        claim(other, kettle.releases.get())
        release(kettle, "k2", days=2)
        release(lamp, "v2")
        page = signed_in(STRANGER).get("/ja/questions/to-confirm/").content.decode()
        assert f'id="waiting-{boils.pk}"' in page
        assert f'id="waiting-{other.pk}"' not in page
        assert ">やかん</a>" in page
        page = signed_in(STRANGER).get("/ja/questions/to-confirm/?product=kettle").content.decode()
        assert f'id="waiting-{other.pk}"' in page

    def test_a_release_that_is_withdrawn_takes_its_queue_along(self, lamp):
        waiting(lamp, 2)
        made = release(lamp, "v2")
        release_withdraw(user=member(staff=True), release_id=made.pk)
        assert "Everything is confirmed" in signed_in(member()).get("/en/questions/to-confirm/").content.decode()
        release_withdraw(user=member(staff=True), release_id=lamp.made[0].pk)
        assert "No versions yet" in signed_in(member()).get("/en/questions/to-confirm/").content.decode()
        assert signed_in(member()).get("/en/questions/to-confirm/?product=lamp").status_code == 404

    def test_a_refusal_or_a_word_on_another_version_takes_none_out_but_its_own(self, lamp):
        refuted, older, kept = waiting(lamp, 3)
        release(lamp, "v2")
        say(refuted, False)
        say(older, True, lamp.made[0])
        page = signed_in(member()).get("/en/questions/to-confirm/").content.decode()
        shown = {int(pk) for pk in re.findall(r'id="waiting-(\d+)"', page)}
        assert shown == {older.pk, kept.pk}

    def test_twenty_answers_by_twenty_people_cost_what_two_cost(self, lamp, django_assert_max_num_queries):
        waiting(lamp, 2)
        release(lamp, "v2")
        client = signed_in(member())
        client.get("/en/questions/to-confirm/")
        with django_assert_max_num_queries(20) as few:
            client.get("/en/questions/to-confirm/")
        waiting(lamp, 20)
        Release.objects.filter(label="v2").delete()
        release(lamp, "v2")
        with django_assert_max_num_queries(len(few)):
            assert "22 answers wait" in client.get("/en/questions/to-confirm/").content.decode()


class TestStaffReleases:
    def test_products_are_counted_without_withdrawn_ones_at_one_cost(self, lamp, django_assert_max_num_queries):
        client = signed_in(member(staff=True))
        client.get("/staff/releases/")
        with django_assert_max_num_queries(20) as few:
            assert "none yet" not in client.get("/staff/releases/").content.decode()
        for name in ("Kettle", "Fan", "Radio"):
            releases(f"{name}-1", f"{name}-2", of=product(name))
        product("Toaster")
        release_withdraw(user=member(staff=True), release_id=Release.objects.get(label="Fan-2").pk)
        with django_assert_max_num_queries(len(few)):
            page = client.get("/staff/releases/").content.decode()
        rows = re.findall(r"<bdi>([^<]+)</bdi>.*?class=\"number\">(\d+)<", page)
        assert sorted(rows) == [("Fan-1", "1"), ("Kettle-2", "2"), ("Radio-2", "2"), ("v1", "1")]
        assert page.index("Toaster") > max(page.index(name) for name in ("Kettle", "Fan", "Radio"))
        assert "none yet" in page

    @pytest.mark.parametrize("path", ["product/nothing/", "product/printing/", "999999999/", "9" * 18 + "/"])
    def test_what_there_is_not_is_not_found(self, path):
        question(topics=())
        assert signed_in(member(staff=True)).get(f"/staff/releases/{path}", follow=True).status_code == 404


class TestDuplicates:
    def test_a_contest_whose_question_went_or_was_parted_leaves_the_page_whole(self):
        staff = member(staff=True)
        target, marked, joined = question(), question(), question()
        question_settle(user=staff, question_id=marked.pk, status="duplicate", duplicate_of=target.pk)
        merge = questions_merge(user=staff, source_id=joined.pk, target_id=target.pk)
        for asked in (marked, joined):
            contest_open(user=asked.author, question_id=asked.pk, words=WORDS)
        merge_undo(user=staff, merge_id=merge.pk)
        question_delete(user=staff, question_id=target.pk)
        desk = signed_in(staff)
        page = desk.get("/staff/duplicates/").content.decode()
        assert "another question; the two were parted since" in page
        for contest in Contest.objects.order_by("pk"):
            reply = desk.post(f"/staff/duplicates/contests/{contest.pk}/", {"agree": "1", "reply": ""})
            assert reply.status_code == 302
        assert Question.objects.get(pk=marked.pk).status == "open"
        assert not Contest.objects.filter(outcome="").exists()

    def test_who_asked_anonymously_stays_so_when_she_contests(self):
        staff, asker, target = member(staff=True), member("nadia", display_name="Nadia Q."), question()
        marked = question(asker, anonymous=True)
        question_settle(user=staff, question_id=marked.pk, status="duplicate", duplicate_of=target.pk)
        contest_open(user=asker, question_id=marked.pk, words=WORDS)
        page = signed_in(staff).get("/staff/duplicates/").content.decode()
        assert WORDS in page
        assert "Nadia" not in page
        assert "nadia" not in page

    @pytest.mark.parametrize("kind", ["proposals", "contests"])
    def test_a_decision_about_nothing_is_not_found_and_a_wrong_one_comes_back(self, kind):
        desk = signed_in(member(staff=True))
        assert desk.post(f"/staff/duplicates/{kind}/999999999/", {"agree": "1"}, follow=True).status_code == 404
        proposal = duplicate_propose(user=member(), question_id=question().pk, target_id=question().pk)
        sent = {"agree": "", "reply": "x" * 301}
        if kind == "proposals":
            assert desk.post(f"/staff/duplicates/proposals/{proposal.pk}/", sent).status_code == 422
            assert desk.post(f"/staff/duplicates/proposals/{proposal.pk}/", {"reply": "a\x00b"}).status_code == 422
        assert DuplicateProposal.objects.get().outcome == ""
