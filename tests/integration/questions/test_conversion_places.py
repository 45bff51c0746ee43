"""Comments that became answers: addresses, long and deep threads, links, anonymity and every way back."""

from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from portal.core.errors import Moved, NotFound, StateForbids
from portal.questions.indexing import load
from portal.questions.models import Answer, Comment, CommentVersion, Question, QuestionLink
from portal.questions.models.answer import ANSWERS_A_PAGE
from portal.questions.selectors.access import comment_visible_to
from portal.questions.selectors.detail import question_page
from portal.questions.selectors.threads import DEEPEST, SHOWN_AT_ONCE
from portal.questions.services.answers import answer_delete, answer_restore
from portal.questions.services.comments import comment_delete, comment_edit, comment_restore
from portal.questions.services.conversions import comment_convert, conversion_undo
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.merging import merge_undo, questions_merge
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, comment, question, vote

from .scene import signed_in

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


def fresh(post):
    """Returns the row as it is now."""
    return type(post).objects.get(pk=post.pk)


def convert(said, by=None):
    """Makes an answer of a comment, by its author unless another is named."""
    with committed():
        return comment_convert(user=by or said.author, comment_id=said.pk)


def undo(made, by):
    """Makes a comment of it again."""
    with committed():
        return conversion_undo(user=by, answer_id=made.pk)


def places():
    """Where every comment that can be read stands."""
    rows = Comment.objects.filter(deleted_at__isnull=True).order_by("pk")
    return list(rows.values_list("pk", "question", "answer", "parent"))


def sound():
    """Returns whether nothing has drifted; the command raises where anything has."""
    call_command("check_integrity", stdout=StringIO())
    return True


def ending(path):
    """Returns where an address ends for a stranger, and how it got there."""
    reply = Client().get(path, follow=True)
    assert reply.status_code == 200, path
    return reply, [status for _address, status in reply.redirect_chain]


class TestAddresses:
    def test_a_converted_comment_of_a_merged_question_ends_at_its_answer(self):
        staff, said, target = member(staff=True), comment(question()), question()
        made = convert(said)
        merge = questions_merge(user=staff, source_id=said.question_id, target_id=target.pk)
        reply, statuses = ending(reverse("comment-at", args=[said.pk]))
        assert statuses == [301, 302]
        assert reply.redirect_chain[-1][0] == f"{target.get_absolute_url()}#answer-{made.pk}"
        assert f'id="comment-{said.pk}"' in reply.content.decode()
        merge_undo(user=staff, merge_id=merge.pk)
        reply, _statuses = ending(reverse("comment-at", args=[said.pk]))
        assert reply.redirect_chain[-1][0] == f"{said.question.get_absolute_url()}#answer-{made.pk}"

    def test_on_the_second_page_of_answers_too(self):
        asked = question()
        said = comment(asked)
        Comment.objects.filter(pk=said.pk).update(created_at="2999-01-01T00:00Z")
        Answer.objects.bulk_create(
            Answer(question=asked, body="x", body_html="<p>x</p>", language="en") for _ in range(ANSWERS_A_PAGE)
        )
        Question.objects.filter(pk=asked.pk).update(answers_count=ANSWERS_A_PAGE)
        made = convert(fresh(said))
        reply, _statuses = ending(reverse("comment-at", args=[said.pk]))
        assert f'id="answer-{made.pk}"' in reply.content.decode()
        assert f'id="answer-{made.pk}"' not in Client().get(asked.get_absolute_url()).content.decode()

    def test_one_whose_answer_went_is_gone_and_back_with_it(self):
        said = comment(question())
        made = convert(said)
        path = reverse("comment-at", args=[said.pk])
        answer_delete(user=said.author, answer_id=made.pk)
        assert Client().get(path).status_code == 404
        with pytest.raises(NotFound):
            comment_visible_to(None, said.pk)
        with pytest.raises(NotFound):
            comment_restore(user=said.author, comment_id=said.pk)
        answer_restore(user=said.author, answer_id=made.pk)
        assert Client().get(path).status_code == 301

    def test_no_page_of_a_converted_comment_writes_any_more(self):
        said = comment(question())
        made, browser = convert(said), signed_in(said.author)
        there = reverse("answer-at", args=[made.pk])
        for name in ("comment-at", "comment-history", "comment-edit"):
            reply = browser.get(reverse(name, args=[said.pk]))
            assert (reply.status_code, reply["Location"]) == (301, there), name
        for name in ("comment-edit", "comment-delete", "comment-convert"):
            reply = browser.post(reverse(name, args=[said.pk]), {"body": "So.", "version": "1"})
            assert reply.status_code == 409, name
        assert (fresh(said).body, Answer.objects.count(), Comment.objects.count()) == (said.body, 1, 1)


class TestThreads:
    def test_a_chain_of_twenty_replies_becomes_one_thread_and_again_what_it_was(self):
        asked, staff = question(), member(staff=True)
        said = [comment(asked)]
        for _ in range(20):
            said.append(comment(asked, staff, parent=said[-1]))
        before = places()
        made = convert(said[0])
        (view,) = question_page(user=STRANGER, question_id=asked.pk).answers
        (thread,) = view.comments
        assert (thread.comment, thread.size) == (said[1], 20)
        deepest, todo = 0, [thread]
        while todo:
            each = todo.pop()
            deepest, todo = max(deepest, each.depth), todo + each.replies
        assert deepest == DEEPEST
        assert (fresh(made).comments_count, fresh(asked).comments_count) == (20, 0)
        undo(made, staff)
        assert places() == before
        assert sound()

    def test_one_in_the_middle_takes_only_what_was_said_to_it(self):
        given = answer()
        top, beside = comment(given), comment(given)
        middle = comment(given, parent=top)
        below = comment(given, parent=middle)
        before = places()
        made = convert(middle, member(staff=True))
        assert fresh(below).answer_id == made.pk
        assert {fresh(each).answer_id for each in (top, beside)} == {given.pk}
        assert (fresh(given).comments_count, fresh(made).comments_count) == (2, 1)
        undo(made, member(staff=True))
        assert places() == before

    def test_more_threads_than_the_fold_go_along_and_stay_folded(self):
        said, staff = comment(question()), member(staff=True)
        replies = [comment(said.question, staff, parent=said) for _ in range(SHOWN_AT_ONCE + 3)]
        made = convert(said)
        page = Client().get(said.question.get_absolute_url()).content.decode()
        assert "Show 3 more comments" in page
        assert all(f'id="comment-{each.pk}"' in page for each in replies)
        undo(made, staff)
        page = Client().get(said.question.get_absolute_url()).content.decode()
        assert "more comments" not in page  # one thread again
        assert all(f'id="comment-{each.pk}"' in page for each in replies)

    def test_a_reply_converted_before_what_it_replied_to_finds_home_whichever_is_undone_first(self):
        for first in (0, 1):
            asked, staff = question(), member(staff=True)
            upper = comment(asked)
            lower = comment(asked, parent=upper)
            below = comment(asked, parent=lower)
            before = places()
            made = [convert(lower), convert(upper)]
            for place in (first, 1 - first):
                undo(made[place], staff)
            assert (fresh(upper).answer_id, fresh(lower).answer_id, fresh(below).answer_id) == (None, None, None)
            assert fresh(lower).parent_id in (None, upper.pk)
            assert fresh(below).parent_id == lower.pk
            assert len(places()) == len(before)
            assert sound()

    def test_a_deleted_reply_comes_back_below_the_answer(self):
        asked = question()
        said = comment(asked)
        reply = comment(asked, parent=said)
        comment_delete(user=reply.author, comment_id=reply.pk)
        made = convert(said)
        comment_restore(user=reply.author, comment_id=reply.pk)
        assert fresh(reply).answer_id == made.pk
        assert (fresh(made).comments_count, fresh(asked).comments_count) == (1, 0)


class TestWhatGoesAlong:
    def test_links_and_search_follow_the_words(self):
        other, asked = question(), question()
        said = comment(asked, body=f"Unscrew the flywheel, as in [this]({other.get_absolute_url()}).")

        def linked():
            return list(QuestionLink.objects.filter(question=asked, target=other).values_list("kind", flat=True))

        def document():
            return load([str(asked.pk)])[0]

        assert linked() == ["related"]
        assert "flywheel" not in document().answers
        made = convert(said)
        assert linked() == ["related"]
        assert "flywheel" in document().answers
        assert document().answers_count == 1
        with committed():
            back = undo(made, member(staff=True))
            comment_edit(user=said.author, comment_id=back.pk, version=1, body="Leave it alone.")
        assert linked() == []
        assert (document().answers, document().answers_count) == ("", 0)

    def test_who_asked_anonymously_is_no_author_of_the_answer_made_of_her_comment(self):
        asked = question(member("nadia", display_name="Nadia Q."), anonymous=True)
        said = comment(asked, asked.author, body="I found it: the plug.")
        made = convert(said, member(staff=True))
        assert fresh(made).anonymous
        page = Client().get(asked.get_absolute_url()).content.decode()
        assert "I found it: the plug." in page
        assert "Nadia" not in page

    def test_votes_and_the_acceptance_go_when_it_is_a_comment_again_and_come_with_the_answer(self):
        said, staff = comment(question()), member(staff=True)
        made = convert(said)
        vote(made)
        accept(fresh(made), said.question.author)
        undo(made, staff)
        assert (fresh(said.question).accepted_answer_id, fresh(said.question).status) == (None, "open")
        assert sound()
        # The words stand below the question again: the answer that is gone is not brought back beside them.
        again = convert(said)
        assert (again.pk != made.pk, fresh(again).score, fresh(said.question).status) == (True, 0, "answered")
        assert sound()

    def test_what_it_said_before_stays_with_the_comment(self):
        said = comment(question(), body="Turn the valve.")
        comment_edit(user=said.author, comment_id=said.pk, version=1, body="Turn the left valve.")
        made = convert(said)
        assert fresh(made).body == "Turn the left valve."
        assert (fresh(made).edited_by_id, fresh(made).edited_at) == (said.author_id, fresh(said).edited_at)
        undo(made, said.author)
        assert list(CommentVersion.objects.values_list("comment", "body")) == [(said.pk, "Turn the valve.")]
        assert "Turn the valve." in Client().get(reverse("comment-history", args=[said.pk])).content.decode()


class TestStates:
    @pytest.mark.parametrize("how", ["locked", "archived", "closed"])
    def test_where_no_answer_is_taken_none_is_made_and_the_reason_is_told(self, how):
        said, staff = comment(question()), member(staff=True)
        if how == "locked":
            question_lock(user=staff, question_id=said.question_id, locked=True)
        else:
            question_settle(user=staff, question_id=said.question_id, status=how, reason="Elsewhere.")
        with pytest.raises(StateForbids) as refused:
            comment_convert(user=said.author, comment_id=said.pk)
        assert how in str(refused.value)
        reply = signed_in(said.author).post(reverse("comment-convert", args=[said.pk]))
        assert reply.status_code == 409
        page = Client().get(said.question.get_absolute_url()).content.decode()
        assert reverse("comment-convert", args=[said.pk]) not in page
        assert fresh(said).became_id is None

    def test_a_lock_or_an_archive_also_holds_what_was_made(self):
        said, staff = comment(question()), member(staff=True)
        made = convert(said)
        question_lock(user=staff, question_id=said.question_id, locked=True)
        with pytest.raises(StateForbids):
            conversion_undo(user=said.author, answer_id=made.pk)
        question_lock(user=staff, question_id=said.question_id, locked=False)
        question_settle(user=staff, question_id=said.question_id, status="archived")
        for user in (said.author, staff):
            with pytest.raises(StateForbids):
                conversion_undo(user=user, answer_id=made.pk)
        assert fresh(said).became_id == made.pk

    def test_a_comment_does_not_vanish_below_an_answer_that_is_gone(self):
        given, staff = answer(), member(staff=True)
        said = comment(given, body="Turn the left valve.")
        made = convert(said)
        answer_delete(user=given.author, answer_id=given.pk)
        with pytest.raises(NotFound):
            conversion_undo(user=staff, answer_id=made.pk)
        assert "Turn the left valve." in Client().get(said.question.get_absolute_url()).content.decode()
        with pytest.raises(Moved):
            comment_visible_to(None, said.pk)
        answer_restore(user=given.author, answer_id=given.pk)
        assert undo(made, staff).answer_id == given.pk
