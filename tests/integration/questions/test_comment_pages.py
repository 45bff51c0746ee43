"""Comments on the pages of questions: threads, folding, forms without a script."""

import pytest
from django.urls import reverse

from portal.questions.models import Answer
from portal.questions.selectors.detail import question_page
from portal.questions.selectors.threads import DEEPEST, SHOWN_AT_ONCE, folded
from portal.questions.services.comments import comment_delete
from portal.questions.services.conversions import comment_convert
from tests.factories.accounts import member
from tests.factories.questions import comment, question

from .scene import signed_in

pytestmark = pytest.mark.django_db


def fresh(post):
    """Returns the row as it is now."""
    return type(post).objects.get(pk=post.pk)


class TestPages:
    def test_deep_replies_stand_beside_each_other_with_what_they_reply_to(self):
        asked = question()
        said = [comment(asked)]
        for _ in range(DEEPEST + 2):
            said.append(comment(asked, parent=said[-1]))
        (thread,) = question_page(user=member(), question_id=asked.pk).asked.comments
        assert thread.size == len(said)
        for _ in range(DEEPEST - 1):
            (thread,) = thread.replies
        assert [view.comment for view in thread.replies] == said[DEEPEST:]
        assert [view.to for view in thread.replies] == [None, said[-3], said[-2]]

    def test_many_threads_are_folded_and_one_alone_never(self, client):
        asked = question()
        made = [comment(asked) for _ in range(SHOWN_AT_ONCE + 1)]
        assert "more comment" not in client.get(asked.get_absolute_url()).content.decode()
        made += [comment(asked), comment(asked, parent=made[-1])]
        page = client.get(asked.get_absolute_url()).content.decode()
        assert "Show 3 more comments" in page
        for each in made:
            assert f'id="comment-{each.pk}"' in page
        parts = folded(question_page(user=member(), question_id=asked.pk).asked.comments)
        assert (len(parts.shown), parts.hidden) == (SHOWN_AT_ONCE, 3)

    def test_the_form_changes_it_and_the_page_says_so(self, client):
        said = comment(question())
        browser, address = signed_in(said.author), reverse("comment-edit", args=[said.pk])
        assert address in browser.get(said.question.get_absolute_url()).content.decode()
        assert said.body in browser.get(address).content.decode()
        sent = {"body": "Better words.", "version": "1", "language": "en"}
        assert browser.post(address, sent)["Location"] == said.get_absolute_url()
        page = client.get(said.question.get_absolute_url()).content.decode()
        assert "Better words." in page
        history = reverse("comment-history", args=[said.pk])
        assert history in page
        assert said.body in client.get(history).content.decode()
        stale = browser.post(address, sent | {"body": "Other words."})
        assert stale.status_code == 412
        text = stale.content.decode()
        assert "Other words." in text
        assert "Better words." in text

    @pytest.mark.parametrize("sent", [{}, {"body": "", "version": "1"}, {"body": "So.", "version": "x"}])
    def test_a_form_that_cannot_be_taken_comes_back(self, sent):
        said = comment(question())
        reply = signed_in(said.author).post(reverse("comment-edit", args=[said.pk]), sent | {"language": "en"})
        assert reply.status_code == 422
        assert fresh(said).version == 1

    def test_deleting_offers_the_way_back(self):
        said = comment(question())
        browser = signed_in(said.author)
        page = browser.post(reverse("comment-delete", args=[said.pk]), follow=True).content.decode()
        address = reverse("comment-restore", args=[said.pk])
        assert f'action="{address}"' in page
        browser.post(address)
        assert fresh(said).deleted_at is None

    def test_a_comment_becomes_an_answer_and_back_on_the_page(self):
        said = comment(question(), body="Shake it twice.")
        browser = signed_in(said.author)
        convert = reverse("comment-convert", args=[said.pk])
        assert convert in browser.get(said.question.get_absolute_url()).content.decode()
        page = browser.post(convert, follow=True).content.decode()
        made = Answer.objects.get()
        undo = reverse("conversion-undo", args=[made.pk])
        assert undo in page
        assert undo not in signed_in(member()).get(said.question.get_absolute_url()).content.decode()
        browser.post(undo)
        assert fresh(said).deleted_at is None

    def test_outsiders_are_refused_by_the_addresses(self, client):
        said = comment(question())
        made = comment_convert(user=said.author, comment_id=comment(said.question, said.author).pk)
        for name, pk in (("comment-edit", said.pk), ("comment-convert", said.pk), ("conversion-undo", made.pk)):
            assert client.post(reverse(name, args=[pk])).status_code == 302, name
            assert signed_in(member()).post(reverse(name, args=[pk])).status_code == 403, name
        comment_delete(user=said.author, comment_id=said.pk)
        for name in ("comment-at", "comment-history", "comment-edit"):
            assert signed_in(member()).get(reverse(name, args=[said.pk])).status_code == 404, name
        assert signed_in(member()).post(reverse("comment-restore", args=[said.pk])).status_code == 404
