"""What was deleted, in the staff's list and over the API: nobody else sees it, and it comes back whole."""

from urllib.parse import urlencode

import pytest

from portal.questions.models import Comment
from portal.questions.selectors.deleted import EXCERPT, KINDS, deleted_page
from portal.questions.services.answers import answer_delete
from portal.questions.services.comments import comment_delete
from portal.questions.services.conversions import comment_convert
from portal.questions.services.merging import questions_merge
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.browsers import browser, read
from tests.factories.questions import anonymous_allow, answer, comment, question
from tests.integration.api.conftest import Caller, problem_of

pytestmark = pytest.mark.django_db
LIST, SECRET = "/staff/deleted/", "zanzibarquokka"


@pytest.fixture
def staff():
    return member(staff=True, display_name="Lena Vogt")


@pytest.fixture
def gone(staff):
    """A deleted comment, answer and question, each of a question of its own: by kind."""
    asked, answered, dropped = question(title="Where is the lid?"), question(), question(title="A question too many")
    posts = {
        "comment": comment(asked, body=f"**{SECRET}** comment"),
        "answer": answer(answered, body=f"{SECRET} answer"),
    }
    posts["question"] = dropped
    comment_delete(user=staff, comment_id=posts["comment"].pk)
    answer_delete(user=posts["answer"].author, answer_id=posts["answer"].pk)
    question_delete(user=staff, question_id=dropped.pk)
    return posts


def told(staff, kind, **more):
    reply = Caller(staff).get(f"staff/deleted?{urlencode({'kind': kind, **more})}")
    assert reply.status_code == 200, reply.content
    return reply.json()


class TestOutsiders:
    def test_a_stranger_is_led_to_sign_in_and_a_member_refused(self, gone):
        assert browser().get(LIST).status_code == 302
        assert "login" in browser().get(LIST).url
        page = browser(gone["comment"].author).get(LIST)
        assert page.status_code == 403
        assert SECRET not in page.content.decode()

    def test_a_program_of_a_member_gets_403_and_none_at_all_401(self, gone):
        assert Caller(gone["comment"].author).get("staff/deleted").status_code == 403
        assert Caller().get("staff/deleted").status_code == 401

    def test_the_index_of_staff_pages_leads_there(self, staff):
        assert f'href="{LIST}"' in read(browser(staff), "/staff/")

    @pytest.mark.parametrize("kind", ["question", "answer"])
    def test_bringing_back_over_the_api_is_for_staff_and_who_deleted_her_own(self, gone, staff, kind):
        address = f"{kind}s/{gone[kind].pk}/restore"
        assert Caller().post(address).status_code == 401
        assert Caller(member()).post(address).status_code == 404
        # The answer was deleted by its author, the question by the staff: who asked it may not bring it back.
        assert Caller(gone[kind].author).post(address).status_code == (200 if kind == "answer" else 404)


class TestPage:
    @pytest.mark.parametrize("kind", KINDS)
    def test_each_kind_has_its_list_with_the_way_back(self, gone, staff, kind):
        page = read(browser(staff), LIST, kind=kind)
        assert 'action="/en/' in page and f"/{gone[kind].pk}/restore/" in page
        assert page.count("data-once") == 1
        assert (SECRET in page) is (kind != "question")
        assert "Lena Vogt" in page

    def test_comments_come_first_and_an_unknown_kind_is_those(self, gone, staff):
        assert f"{SECRET} comment" in read(browser(staff), LIST)
        assert f"{SECRET} comment" in read(browser(staff), LIST, kind="<b>")

    def test_the_words_are_text_and_short(self, staff):
        long = comment(question(), body="<script>alert(1)</script> & " + "word " * 100)
        comment_delete(user=staff, comment_id=long.pk)
        page = read(browser(staff), LIST)
        assert "<script>alert" not in page
        assert "…" in page and "word " * (EXCERPT // 5 + 1) not in page

    def test_bringing_back_takes_it_from_the_list_and_shows_it(self, gone, staff):
        client = browser(staff)
        reply = client.post(f"/en/questions/comments/{gone['comment'].pk}/restore/", follow=True)
        assert SECRET in reply.content.decode()
        assert "Nothing deleted" in read(client, LIST)

    def test_a_page_leads_to_the_next_and_costs_no_more(self, staff, django_assert_max_num_queries):
        asked = question()
        for number in range(34):
            comment_delete(user=staff, comment_id=comment(asked, body=f"Remark number {number}.").pk)
        client = browser(staff)
        with django_assert_max_num_queries(20):
            first = read(client, LIST)
        assert "Remark number 33." in first and "Remark number 4." in first and "Remark number 3." not in first
        cursor = deleted_page(user=staff, kind="comment").next
        assert "Remark number 3." in read(client, LIST, after=cursor)

    def test_who_asked_anonymously_is_not_named_for_what_she_deleted(self, staff):
        anonymous_allow()
        asker = member(display_name="Nadia Secret")
        asked = question(asker, anonymous=True)
        own = comment(asked, asker)
        comment_delete(user=asker, comment_id=own.pk)
        page = read(browser(staff), LIST)
        assert "Nadia Secret" not in page and asker.username not in page
        row = told(staff, "comment")["results"][0]
        assert (row["author"], row["deleted_by"]) == (None, None)


class TestWhatIsListed:
    def test_what_went_with_its_post_comes_with_it(self, staff):
        asked = question()
        given = answer(asked)
        below = comment(given)
        comment_delete(user=staff, comment_id=below.pk)
        answer_delete(user=staff, answer_id=given.pk)
        assert told(staff, "comment")["results"] == []
        assert [row["id"] for row in told(staff, "answer")["results"]] == [given.pk]
        question_delete(user=staff, question_id=asked.pk)
        assert told(staff, "answer")["results"] == []
        assert [row["id"] for row in told(staff, "question")["results"]] == [asked.pk]

    def test_what_was_joined_or_became_an_answer_has_its_own_way_back(self, staff):
        one, other = question(), question()
        remark = comment(one)
        comment_convert(user=staff, comment_id=remark.pk)
        questions_merge(user=staff, source_id=other.pk, target_id=one.pk)
        assert Comment.objects.get(pk=remark.pk).deleted_at is not None
        assert all(told(staff, kind)["results"] == [] for kind in KINDS)

    def test_the_api_tells_what_the_page_shows(self, gone, staff):
        row = told(staff, "comment")["results"][0]
        remark = gone["comment"]
        assert (row["kind"], row["id"], row["question_id"]) == ("comment", remark.pk, remark.question_id)
        assert (row["title"], row["excerpt"]) == ("Where is the lid?", f"{SECRET} comment")
        assert (row["author"]["username"], row["deleted_by"]["username"]) == (remark.author.username, staff.username)
        assert told(staff, "question")["results"][0]["title"] == "A question too many"

    def test_it_is_paged_and_an_unknown_kind_is_invalid(self, staff):
        asked = question()
        made = [comment(asked) for _ in range(3)]
        for each in made:
            comment_delete(user=staff, comment_id=each.pk)
        page = told(staff, "comment", limit=2)
        assert [row["id"] for row in page["results"]] == [made[2].pk, made[1].pk]
        assert "cursor=" in page["next"]
        assert problem_of(Caller(staff).get("staff/deleted?kind=vote"), 422)

    @pytest.mark.parametrize("kind", KINDS)
    def test_over_the_api_it_comes_back_and_is_listed_no_more(self, gone, staff, kind):
        reply = Caller(staff).post(f"{kind}s/{gone[kind].pk}/restore")
        assert reply.status_code == 200 and reply.json()["id"] == gone[kind].pk
        assert reply.headers["ETag"] == f'"{reply.json()["version"]}"'
        assert told(staff, kind)["results"] == []
        assert Caller(staff).get(f"{kind}s/{gone[kind].pk}").status_code == 200
        assert Caller(staff).post(f"{kind}s/{gone[kind].pk}/restore").status_code == 404
