"""A question's page: the order of answers, threads, links, and the controls that each reader gets."""

import re

import pytest

from portal.core.markdown import render_markdown
from portal.questions.models import Comment, QuestionLink
from portal.questions.selectors.detail import post_view, question_page
from portal.questions.services.answers import answer_delete
from portal.questions.services.comments import comment_delete
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, comment, question, topic, vote

from .scene import KINDS, scene, signed_in

pytestmark = pytest.mark.django_db
# What each kind of reader finds on the page of a scene: stranger, sleeping, member, asker, author, commenter, staff
CONTROLS = {
    "/questions/{q}/answer/": "..xxxxx",
    "/questions/{q}/edit/": "...x..x",
    "/questions/{q}/delete/": "......x",
    "/questions/{q}/settle/": "...x..x",
    "/questions/answers/{a}/edit/": "....x.x",
    "/questions/answers/{a}/delete/": "....x.x",
    "/questions/answers/{a}/accept/": "...x..x",
    "/questions/vote/question/{q}/": "..x.xxx",
    "/questions/vote/answer/{a}/": "..xx.xx",
    "/questions/comment/question/{q}/write/": "..xxxxx",
    "/questions/comment/answer/{a}/write/": "..xxxxx",
    "/questions/comments/{cq}/reply/": "..xxxxx",
    "/questions/comments/{ca}/reply/": "..xxxxx",
    "/questions/comments/{cq}/delete/": ".....xx",
    "/questions/comments/{ca}/delete/": ".....xx",
}


def page_of(asked, user=None, language="en"):
    """Returns the text of a question's page for a reader."""
    reply = signed_in(user).get(f"/{language}/questions/{asked.pk}/{asked.slug}/")
    assert reply.status_code == 200
    return reply.content.decode()


class TestControls:
    @pytest.mark.parametrize("kind", KINDS)
    def test_each_reader_finds_what_she_may_do_and_no_more(self, kind):
        at = scene()
        text = page_of(at.asked, at.people[kind])
        numbers = {"q": at.asked.pk, "a": at.given.pk, "cq": at.below_question.pk, "ca": at.below_answer.pk}
        shown = {path: f'"/en{path.format(**numbers)}"' in text for path in CONTROLS}
        assert shown == {path: letters[KINDS.index(kind)] == "x" for path, letters in CONTROLS.items()}

    @pytest.mark.parametrize("kind", ["member", "asker", "author", "commenter"])
    @pytest.mark.parametrize("how", ["locked", "archived"])
    def test_what_is_closed_to_changes_shows_members_no_control(self, kind, how):
        at = scene()
        if how == "locked":
            question_lock(user=at.people["staff"], question_id=at.asked.pk, locked=True)
        else:
            question_settle(user=at.people["staff"], question_id=at.asked.pk, status=how)
        main = page_of(at.asked, at.people[kind]).split("<main")[1].split("</main>")[0]
        # To be told of a question, and to keep it, change nothing in it.
        kept = r'<form[^>]*action="/en/(?:follow|questions/bookmark)/.*?</form>'
        assert 'method="post"' not in re.sub(kept, "", main, flags=re.DOTALL)

    def test_only_staff_give_official_answers(self):
        at = scene()
        assert 'name="official"' in page_of(at.asked, at.people["staff"])
        assert 'name="official"' not in page_of(at.asked, at.people["member"])

    def test_ones_own_vote_is_pressed_and_pressing_again_takes_it_back(self):
        at = scene()
        voter = at.people["member"]
        vote(at.given, voter, -1)
        part = page_of(at.asked, voter).split(f"/en/questions/vote/answer/{at.given.pk}/")[1].split("</form>")[0]
        buttons = re.findall(r'value="(-?\d)" aria-pressed="(\w+)"', page_of(at.asked, voter))
        assert ("0", "true") in buttons
        assert part
        assert ("0", "true") not in re.findall(
            r'value="(-?\d)" aria-pressed="(\w+)"', page_of(at.asked, at.people["commenter"])
        )


class TestOrder:
    def test_only_the_accepted_one_says_so(self):
        asked = question()
        answer(asked)
        accepted = accept(answer(asked))
        view = question_page(user=member(), question_id=asked.pk)
        assert [each.accepted for each in view.answers] == [True, False]
        assert view.answers[0].post == accepted
        assert not view.asked.accepted
        assert page_of(asked).count("post-accepted") == 1


class TestThreads:
    def test_replies_stand_below_what_they_reply_to_oldest_first(self):
        asked = question()
        first = comment(asked, body="first")
        second = comment(asked, body="second")
        one = comment(asked, body="one", parent=first)
        two = comment(asked, body="two", parent=first)
        deep = comment(asked, body="deep", parent=one)
        threads = question_page(user=member(), question_id=asked.pk).asked.comments

        def drawn(views):
            return [(view.comment, drawn(view.replies)) for view in views]

        assert drawn(threads) == [(first, [(one, [(deep, [])]), (two, [])]), (second, [])]

    def test_comments_stand_at_their_own_post(self):
        at = scene()
        view = question_page(user=member(), question_id=at.asked.pk)
        assert [each.comment for each in view.asked.comments] == [at.below_question]
        assert [each.comment for each in view.answers[0].comments] == [at.below_answer]

    def test_replies_to_a_deleted_comment_stay_and_its_words_go(self):
        asked = question()
        gone = comment(asked, body="Regrettable words")
        comment(asked, body="Still here", parent=gone)
        comment_delete(user=gone.author, comment_id=gone.pk)
        text = page_of(asked)
        assert "Still here" in text
        assert "Regrettable" not in text

    def test_comments_of_a_deleted_answer_go_with_it(self):
        at = scene()
        Comment.objects.filter(pk=at.below_answer.pk).update(body_html="<p>beneath</p>")
        answer_delete(user=at.people["author"], answer_id=at.given.pk)
        assert "beneath" not in page_of(at.asked)
        assert page_of(at.asked).count('class="comment"') == 1

    def test_a_comment_is_markdown_cleaned_like_all_else(self):
        asked = question()
        comment(asked, body="**bold** <script>alert(1)</script> <img src=//evil.example/x>")
        text = page_of(asked)
        assert "<strong>bold</strong>" in text
        assert "evil.example/x>" not in text.replace("&gt;", "")
        assert "<script>alert" not in text


class TestLinks:
    def test_both_ways_and_nothing_that_is_gone(self):
        asked, out, back, gone = (question(title=f"Linked question {n}") for n in range(4))
        QuestionLink.objects.create(question=asked, target=out)
        QuestionLink.objects.create(question=back, target=asked)
        QuestionLink.objects.create(question=asked, target=gone)
        QuestionLink.objects.create(question=asked, target=asked)
        question_delete(user=gone.author, question_id=gone.pk)
        assert set(question_page(user=member(), question_id=asked.pk).linked) == {out, back}
        assert gone.title not in page_of(asked)

    def test_no_more_than_eight_the_best_first(self):
        asked = question()
        others = [question() for _ in range(10)]
        for each in others:
            QuestionLink.objects.create(question=asked, target=each)
        vote(others[7])
        linked = question_page(user=member(), question_id=asked.pk).linked
        assert len(linked) == 8
        assert linked[0] == others[7]

    def test_a_duplicate_leads_to_the_earlier_one_with_its_title(self):
        first, second = question(title="The earlier question"), question()
        question_settle(user=member(staff=True), question_id=second.pk, status="duplicate", duplicate_of=first.pk)
        text = page_of(second)
        assert "The earlier question" in text
        assert f"/questions/{first.pk}/" in text

    @pytest.mark.parametrize("kind", ["stranger", "member", "staff"])
    def test_a_deleted_earlier_question_is_not_told_of(self, kind):
        """The page of a duplicate must not be a window on what was taken away."""
        at = scene()
        gone, staff = question(title="Zanzibar quokka"), at.people["staff"]
        question_settle(user=staff, question_id=at.asked.pk, status="duplicate", duplicate_of=gone.pk)
        question_delete(user=staff, question_id=gone.pk)
        text = page_of(at.asked, at.people[kind])
        assert "Zanzibar" not in text
        assert f"/questions/{gone.pk}/" not in text
        assert question_page(user=at.people[kind], question_id=at.asked.pk).earlier is None


class TestWords:
    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_the_page_says_in_which_language_a_post_is(self, language):
        asked = question(language="ar", title="الطابعة لا تعمل", body="لماذا؟")
        answer(asked, language="ja", body="電源を入れてください。")
        text = page_of(asked, language=language)
        assert f'<html lang="{language}"' in text
        assert re.search(r'<h1 lang="ar" dir="auto">الطابعة', text)
        assert re.search(r'<div class="prose"[^>]* lang="ja" dir="auto"><p>電源', text)

    def test_a_title_is_text_everywhere_it_stands(self):
        asked = question(title='A "quoted" <b>title</b> & more')
        text = page_of(asked)
        assert "<b>title" not in text
        assert "&lt;b&gt;title&lt;/b&gt; &amp; more</h1>" in text

    def test_posts_are_shown_as_they_were_rendered_once(self):
        body = "# Head\n\n1. a\n2. b\n\n```python\nx = 1\n```"
        asked = question(body=body)
        assert render_markdown(body) in page_of(asked)

    def test_the_vote_part_alone_says_what_the_page_says(self):
        at = scene()
        vote(at.given, at.people["member"])
        whole = question_page(user=at.people["member"], question_id=at.asked.pk).answers[0]
        at.refresh()
        part = post_view(user=at.people["member"], post=at.given)
        assert (
            (part.vote, part.may_vote, part.may_edit)
            == (whole.vote, whole.may_vote, whole.may_edit)
            == (1, True, False)
        )


def test_a_long_page_takes_no_more_queries_than_a_short_one(django_assert_max_num_queries):
    topic("Battery")
    asked, reader = question(topics=("battery",)), member()
    for _ in range(8):
        given = answer(asked)
        comment(given, parent=comment(given))
        vote(given, reader)
    with django_assert_max_num_queries(13):
        view = question_page(user=reader, question_id=asked.pk)
    assert [each.vote for each in view.answers] == [1] * 8
