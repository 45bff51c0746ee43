"""The pages about versions and suggested edits: what they show to whom, and that nothing typed is lost."""

import re

import pytest

from portal.core.differences import CONTEXT
from portal.questions.models import Answer, Question, Suggestion
from portal.questions.selectors.credit import credits_of, posts_improved
from portal.questions.services.answers import answer_delete, answer_edit
from portal.questions.services.questions import question_edit
from portal.questions.services.restoring import revision_restore
from portal.questions.services.suggestions import suggestion_accept, suggestion_create, suggestion_reject
from tests.factories.accounts import member
from tests.factories.questions import answer, question, topic

from .scene import signed_in

pytestmark = pytest.mark.django_db
REASON = "The right number of minutes"
BODY = "Press the red button.\n\nThen wait ten minutes.\n\nThank you."


def edited(**words):
    """A question with a second version."""
    topic("Battery")
    asked = question(title="Why is the lamp red?", body=BODY)
    words = words or {"title": "Why is the lamp blue?", "body": BODY.replace("ten", "five"), "topics": ["battery"]}
    return question_edit(user=asked.author, question_id=asked.pk, version=1, note="Colour", **words)


def page_of(address, who=None, status=200, **params):
    """A page as a reader gets it."""
    reply = signed_in(who).get(address, params)
    assert reply.status_code == status, (address, reply.status_code)
    return reply.content.decode()


def suggested(post, who=None, body=None):
    """A suggestion that changes a post's body."""
    return suggestion_create(
        user=who or member(),
        kind="answer" if isinstance(post, Answer) else "question",
        post_id=post.pk,
        version=post.version,
        reason=REASON,
        body=body or post.body.replace("ten", "twenty"),
    )


class TestComparisons:
    def test_words_title_and_topics_are_marked(self):
        asked = edited()
        page = page_of(f"/en/questions/{asked.pk}/history/compare/1/2/")
        assert "Then wait <del>ten</del> minutes." in page
        assert "Then wait <ins>five</ins> minutes." in page
        assert "Why is the lamp <ins>blue</ins>?" in page
        assert re.search(r"<ins class=\"chip\">.*?battery</ins>", page)
        assert "Colour" in page

    def test_as_readers_see_it(self):
        asked = edited(body="Press **red**.\n\n<script>alert(1)</script>")
        page = page_of(f"/en/questions/{asked.pk}/history/compare/1/2/", view="rendered")
        assert "<strong>red</strong>" in page or "<strong><ins>red</ins></strong>" in page
        assert "<script>alert" not in page
        page_of(f"/en/questions/{asked.pk}/history/compare/1/2/", status=404, view="nonsense")

    def test_the_form_leads_to_an_address_that_stays(self):
        asked = edited()
        root = f"/en/questions/{asked.pk}/history/"
        for order in ({"from": "2", "to": "1"}, {"from": "1", "to": "2"}):
            assert signed_in(None).get(f"{root}compare/", order)["Location"] == f"{root}compare/1/2/"
        for broken in ({}, {"from": "x", "to": "2"}, {"from": "9" * 40, "to": "1"}):
            assert signed_in(None).get(f"{root}compare/", broken)["Location"] == root

    @pytest.mark.parametrize("rest", ["compare/1/9/", "compare/0/1/", "version/3/", "version/0/"])
    def test_versions_that_are_not_there_are_not_found(self, rest):
        page_of(f"/en/questions/{edited().pk}/history/{rest}", status=404)

    def test_an_answers_versions_are_not_another_questions(self):
        given, other = answer(), question()
        page_of(f"/en/questions/{other.pk}/history/{given.pk}/version/1/", status=404)
        page_of(f"/en/questions/{given.question_id}/history/{given.pk}/version/1/")
        answer_delete(user=given.author, answer_id=given.pk)
        for rest in ("", "version/1/", "compare/1/1/"):
            page_of(f"/en/questions/{given.question_id}/history/{given.pk}/{rest}", given.author, status=404)

    def test_long_unchanged_stretches_are_folded(self):
        lines = "\n".join(f"Line {number}" for number in range(40))
        asked = edited(body=lines)
        question_edit(user=asked.author, question_id=asked.pk, version=2, body=f"{lines}\nOne more")
        page = page_of(f"/en/questions/{asked.pk}/history/compare/2/3/")
        assert f"{40 - CONTEXT} unchanged lines" in page
        assert '<details class="diff-fold">' in page

    def test_versions_alike_say_so(self):
        asked = edited()
        assert "The words did not change." in page_of(f"/en/questions/{asked.pk}/history/compare/2/2/")

    def test_the_longest_texts_stay_within_a_page(self):
        asked = edited(body="\n".join(f"Row {number}" for number in range(5500)))
        question_edit(
            user=asked.author, question_id=asked.pk, version=2, body="\n".join(f"Lin {n}" for n in range(5500))
        )
        page = page_of(f"/en/questions/{asked.pk}/history/compare/2/3/")
        assert "more lines are not shown here" in page
        assert len(page) < 2_000_000
        assert len(page_of(f"/en/questions/{asked.pk}/history/")) < 400_000

    def test_pages_of_a_long_history_follow_each_other(self):
        asked = question()
        for version in range(1, 24):
            question_edit(user=asked.author, question_id=asked.pk, version=version, body=f"Words {version}.")
        root = f"/en/questions/{asked.pk}/history/"
        first, second = page_of(root), page_of(root, below=5)
        assert "Version 24" in first and "Version 5<" in first and "Version 4<" not in first
        assert 'href="?below=5"' in first
        assert "Version 4<" in second and "Version 5<" not in second


class TestRestoringOnPages:
    def test_only_who_may_edit_finds_the_button(self):
        asked = edited()
        root = f"/en/questions/{asked.pk}/history/"
        for address in (root, f"{root}version/1/", f"{root}compare/1/2/"):
            for who, offered in ((None, False), (member(), False), (asked.author, True), (member(staff=True), True)):
                assert ("/version/1/restore/" in page_of(address, who)) == offered

    def test_pressed_it_leads_to_the_post_and_the_history_names_the_version(self):
        asked = edited()
        root = f"/en/questions/{asked.pk}/history/"
        reply = signed_in(asked.author).post(f"{root}version/1/restore/", {"version": "2"}, follow=True)
        assert "Version 1 is back." in reply.content.decode()
        assert Question.objects.get(pk=asked.pk).title == "Why is the lamp red?"
        assert "Brought version 1 back" in page_of(root)

    def test_by_others_it_is_refused(self):
        asked = edited()
        address = f"/en/questions/{asked.pk}/history/version/1/restore/"
        assert signed_in(member()).post(address, {"version": "2"}).status_code == 403
        assert signed_in(None).post(address, {"version": "2"}).status_code == 302
        assert signed_in(asked.author).get(address).status_code == 405
        assert Question.objects.get(pk=asked.pk).version == 2


class TestCredit:
    def test_a_post_names_its_last_editor_and_all_who_improved_it(self):
        given, staff, kind = answer(body=BODY), member("mending", staff=True), member("helpful")
        answer_edit(user=staff, answer_id=given.pk, version=1, body=BODY.replace("Thank", "Bless"))
        given.refresh_from_db()
        suggestion_accept(user=given.author, suggestion_id=suggested(given, kind).pk)
        page = page_of(given.question.get_absolute_url())
        assert "last edited by" in page
        assert "Improved by 2 people" in page
        assert "/members/helpful/" in page and "/members/mending/" in page
        given.refresh_from_db()
        assert credits_of(given.question, [given]) == {given.pk: [staff, kind]}

    def test_who_only_let_an_edit_in_has_not_improved_it_unless_she_changed_it(self):
        given, staff, kind = answer(body=BODY), member(staff=True), member()
        suggestion_accept(user=staff, suggestion_id=suggested(given, kind).pk)
        given.refresh_from_db()
        assert credits_of(given.question, [given]) == {given.pk: [kind]}
        second = suggested(given, kind, body="Wholly other words.")
        suggestion_accept(user=staff, suggestion_id=second.pk, version=2, body="Wholly other words, in short.")
        assert credits_of(given.question, [given]) == {given.pk: [kind, staff]}

    def test_an_author_is_no_improver_of_her_own(self):
        asked = edited()
        asked = revision_restore(user=asked.author, kind="question", post_id=asked.pk, number=1, version=2)
        assert credits_of(asked, [asked]) == {None: []}
        assert "Improved by" not in page_of(asked.get_absolute_url())

    def test_a_members_page_counts_the_posts_she_improved(self):
        kind, given = member("helpful"), answer(body=BODY)
        assert "Posts improved" not in page_of("/en/members/helpful/")
        suggestion_accept(user=given.author, suggestion_id=suggested(given, kind).pk)
        assert posts_improved(viewer=None, member=kind) == 1
        assert "Posts improved" in page_of("/en/members/helpful/")
        answer_delete(user=given.author, answer_id=given.pk)
        assert posts_improved(viewer=None, member=kind) == 0

    def test_nothing_tells_who_asked_anonymously(self):
        asker = member("quokka")
        asked = question(asker, anonymous=True, body=BODY)
        given = answer(asked, body=BODY)
        suggestion_accept(user=given.author, suggestion_id=suggested(given, asker).pk)
        question_edit(user=asker, question_id=asked.pk, version=1, body="Other words.")
        reader = member()
        root = f"/en/questions/{asked.pk}/history/"
        for address in (
            asked.get_absolute_url(),
            root,
            f"{root}{given.pk}/",
            f"{root}compare/1/2/",
            f"{root}version/2/",
        ):
            assert "quokka" not in page_of(address, reader), address
        assert posts_improved(viewer=None, member=asker) == 0


class TestSuggesting:
    def test_the_form_is_offered_to_members_who_may_not_edit(self):
        asked = question(body=BODY)
        address = f"/en/questions/suggest/question/{asked.pk}/"
        for who, offered in ((None, False), (asked.author, False), (member(), True), (member(staff=True), False)):
            assert (address in page_of(asked.get_absolute_url(), who)) == offered
        assert signed_in(asked.author).get(address)["Location"].endswith(f"/questions/{asked.pk}/edit/")
        assert "/account/login/" in signed_in(None).get(address)["Location"]

    def test_sent_it_waits_and_says_so(self):
        asked, who = question(body=BODY), member()
        client = signed_in(who)
        form = {
            "title": asked.title,
            "body": BODY.replace("ten", "five"),
            "topics": "",
            "version": "1",
            "reason": REASON,
        }
        reply = client.post(f"/en/questions/suggest/question/{asked.pk}/", form, follow=True)
        made = Suggestion.objects.get()
        assert reply.redirect_chain[-1][0] == f"/en/questions/suggestions/{made.pk}/"
        assert "Then wait <ins>five</ins> minutes." in reply.content.decode()
        assert "Your suggested edit" in page_of(asked.get_absolute_url(), who)
        assert client.get(f"/en/questions/suggest/question/{asked.pk}/")["Location"].endswith(f"/{made.pk}/")
        assert "waits for your decision" in page_of(asked.get_absolute_url(), asked.author)
        assert "waits for" not in page_of(asked.get_absolute_url(), member())

    @pytest.mark.parametrize(
        ("changed", "status", "words"),
        [
            ({"reason": "no"}, 422, "Say why, in a few words."),
            ({"reason": ""}, 422, "This field is required."),
            ({"body": BODY}, 422, "Nothing is changed yet."),
            ({"version": "9"}, 412, "Somebody changed this while you were writing"),
        ],
    )
    def test_refused_it_comes_back_with_all_that_was_typed(self, changed, status, words):
        given = answer(body=BODY)
        form = {"body": "All that I typed, ten times.", "version": "1", "reason": REASON} | changed
        reply = signed_in(member()).post(f"/en/questions/suggest/answer/{given.pk}/", form)
        page = reply.content.decode()
        assert reply.status_code == status
        assert words in page
        assert "All that I typed, ten times." in page or changed.get("body") == BODY
        assert not Suggestion.objects.exists()

    def test_a_form_sent_twice_makes_one(self):
        given, who = answer(body=BODY), member()
        form = {"body": "Other words.", "version": "1", "reason": REASON, "once": "abc"}
        replies = [signed_in(who).post(f"/en/questions/suggest/answer/{given.pk}/", form) for _ in range(2)]
        assert Suggestion.objects.count() == 1
        assert all(reply.status_code == 302 for reply in replies)


class TestDeciding:
    def test_each_reader_sees_what_she_may_do(self):
        given = answer(body=BODY)
        made = suggested(given)
        address = f"/en/questions/suggestions/{made.pk}/"
        assert "/accept/" in page_of(address, given.author)
        assert "/accept/" in page_of(address, member(staff=True))
        own = page_of(address, made.author)
        assert "/withdraw/" in own and "/accept/" not in own
        page_of(address, member(), status=404)
        assert signed_in(None).get(address).status_code == 302

    def test_accepted_on_the_page(self):
        given = answer(body=BODY)
        made = suggested(given)
        reply = signed_in(given.author).post(f"/en/questions/suggestions/{made.pk}/accept/", follow=True)
        assert "Accepted." in reply.content.decode()
        assert "twenty" in Answer.objects.get(pk=given.pk).body
        assert "It became version 2" in page_of(f"/en/questions/suggestions/{made.pk}/", made.author)

    def test_the_second_reviewer_is_told(self):
        given, staff = answer(body=BODY), member(staff=True)
        made = suggested(given)
        suggestion_reject(user=staff, suggestion_id=made.pk, words="It is ten on all models.")
        for act in ("accept", "reject"):
            reply = signed_in(given.author).post(
                f"/en/questions/suggestions/{made.pk}/{act}/", {"words": REASON}, follow=True
            )
            assert "Somebody has declined this suggestion already." in reply.content.decode()

    def test_a_clash_offers_no_accepting_but_the_editor(self):
        given = answer(body=BODY)
        made = suggested(given)
        answer_edit(user=given.author, answer_id=given.pk, version=1, body=BODY.replace("ten", "five"))
        address = f"/en/questions/suggestions/{made.pk}/"
        page = page_of(address, given.author)
        assert "The post has changed in the same words since" in page
        assert f"{address}accept/" not in page and f"{address}improve/" in page
        reply = signed_in(given.author).post(f"{address}accept/", follow=True)
        assert "Bring the two together by hand" in reply.content.decode()
        form = page_of(f"{address}improve/", given.author)
        assert "wait five minutes" in form and "<ins>twenty</ins>" in form
        reply = signed_in(given.author).post(
            f"{address}improve/", {"body": BODY.replace("ten", "five to 20"), "version": "2", "words": "Both!"}
        )
        assert reply.status_code == 302
        assert "five to 20" in Answer.objects.get(pk=given.pk).body

    def test_declining_needs_words_and_keeps_the_page(self):
        given = answer(body=BODY)
        made = suggested(given)
        reply = signed_in(given.author).post(f"/en/questions/suggestions/{made.pk}/reject/", {"words": "no"})
        assert reply.status_code == 422
        assert "Say why, in a few words." in reply.content.decode()
        assert signed_in(made.author).post(f"/en/questions/suggestions/{made.pk}/improve/").status_code == 403

    def test_the_queue_is_the_staffs(self):
        made = suggested(question(body=BODY))
        assert signed_in(None).get("/staff/edits/").status_code == 302
        page_of("/staff/edits/", made.author, status=403)
        assert REASON in page_of("/staff/edits/", member(staff=True))
        empty = signed_in(member(staff=True)).get("/staff/edits/?status=rejected").content.decode()
        assert "Nothing here" in empty and REASON not in empty

    def test_empty_lists_say_what_comes_there(self):
        who = member()
        assert "Nothing waits for you" in page_of("/en/questions/suggestions/", who)
        assert "You have suggested nothing yet" in page_of("/en/questions/suggestions/", who, tab="mine")
        page_of("/en/questions/suggestions/", who, status=404, tab="nonsense")

    def test_its_pages_cost_the_same_for_many(self, django_assert_max_num_queries):
        staff = member(staff=True)
        for _ in range(6):
            suggested(question(body=BODY))
        client = signed_in(staff)
        with django_assert_max_num_queries(12):
            assert client.get("/staff/edits/").content.decode().count('id="suggestion-') == 6
