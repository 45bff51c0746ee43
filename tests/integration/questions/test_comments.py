"""Comments that change, go and come back, become answers and comments again; threads as pages show them."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.core.errors import Invalid, Moved, NotAllowed, NotFound, PortalError, SignInNeeded, Stale, StateForbids
from portal.core.events import receives
from portal.questions import events
from portal.questions.models import Answer, Comment, CommentVersion, Question, Revision
from portal.questions.selectors.access import comment_visible_to
from portal.questions.selectors.text import written_language
from portal.questions.services.comments import comment_create, comment_delete, comment_edit, comment_restore
from portal.questions.services.conversions import comment_convert, conversion_undo
from portal.questions.services.counters import answers_recount, questions_recount
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.merging import merge_undo, questions_merge
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, comment, question, vote

from .scene import KINDS, everything, scene

REFUSED = {"S": SignInNeeded, "N": NotAllowed, "H": NotFound}


def fresh(post):
    """Returns the row as it is now."""
    return type(post).objects.get(pk=post.pk)


def comments():
    """Every comment, without what tells when the row was read."""
    return list(Comment.objects.order_by("pk").values())


@pytest.mark.django_db
class TestRights:
    """The outsider first. Stranger, sleeping, member, asker, author, commenter, staff."""

    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "SSNNN..", strict=True)))
    @pytest.mark.parametrize("act", ["edit", "convert"])
    def test_authors_and_staff_change_and_convert(self, act, kind, letter):
        at = scene()
        user, said, before = at.people[kind], at.below_question, everything()

        def run():
            if act == "edit":
                return comment_edit(user=user, comment_id=said.pk, version=1, body="Better words.")
            return comment_convert(user=user, comment_id=said.pk)

        if letter == ".":
            run()
            assert everything() != before
            return
        with pytest.raises(REFUSED[letter]):
            run()
        assert everything() == before

    @pytest.mark.parametrize(
        ("deleted_by", "letters"), [("commenter", "SSHHH.."), ("staff", "SSHHHH.")], ids=["own", "by staff"]
    )
    @pytest.mark.parametrize("place", range(len(KINDS)))
    def test_a_deleted_comment_comes_back_for_staff_and_who_deleted_her_own(self, deleted_by, letters, place):
        at = scene()
        comment_delete(user=at.people[deleted_by], comment_id=at.below_answer.pk)
        user, letter = at.people[KINDS[place]], letters[place]
        if letter == ".":
            comment_restore(user=user, comment_id=at.below_answer.pk)
        else:
            with pytest.raises(REFUSED[letter]):
                comment_restore(user=user, comment_id=at.below_answer.pk)
        assert (fresh(at.below_answer).deleted_at is None) == (letter == ".")
        assert fresh(at.given).comments_count == (letter == ".")

    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "SSNNN..", strict=True)))
    def test_who_made_the_answer_and_staff_undo_it(self, kind, letter):
        at = scene()
        made = comment_convert(user=at.people["commenter"], comment_id=at.below_question.pk)
        if letter == ".":
            conversion_undo(user=at.people[kind], answer_id=made.pk)
        else:
            with pytest.raises(REFUSED[letter]):
                conversion_undo(user=at.people[kind], answer_id=made.pk)
        assert (fresh(made).deleted_at is None) == (letter != ".")

    def test_what_staff_converted_staff_undo(self):
        at = scene()
        made = comment_convert(user=at.people["staff"], comment_id=at.below_question.pk)
        with pytest.raises(NotAllowed):
            conversion_undo(user=at.people["commenter"], answer_id=made.pk)

    @pytest.mark.parametrize("how", ["locked", "archived"])
    def test_a_locked_or_archived_question_keeps_its_comments_as_they_are(self, how):
        at = scene()
        comment_delete(user=at.people["commenter"], comment_id=at.below_answer.pk)
        if how == "locked":
            question_lock(user=at.people["staff"], question_id=at.asked.pk, locked=True)
        else:
            question_settle(user=at.people["staff"], question_id=at.asked.pk, status="archived")
        before, who = everything(), at.people["commenter"]
        for act in (
            lambda: comment_edit(user=who, comment_id=at.below_question.pk, version=1, body="So."),
            lambda: comment_restore(user=who, comment_id=at.below_answer.pk),
            lambda: comment_convert(user=who, comment_id=at.below_question.pk),
        ):
            with pytest.raises(StateForbids):
                act()
        assert everything() == before

    def test_a_closed_question_takes_no_answer_out_of_a_comment(self):
        at = scene()
        question_settle(user=at.people["staff"], question_id=at.asked.pk, status="closed")
        with pytest.raises(StateForbids):
            comment_convert(user=at.people["commenter"], comment_id=at.below_question.pk)


@pytest.mark.django_db
class TestEditing:
    def test_what_it_said_before_is_kept(self):
        said = comment(question(), body="Wich one?")
        staff = member(staff=True)
        comment_edit(user=said.author, comment_id=said.pk, version=1, body="Which one?")
        comment_edit(user=staff, comment_id=said.pk, version=2, body="Which **model**?")
        now = fresh(said)
        assert (now.body, now.version, now.edited_by) == ("Which **model**?", 3, staff)
        assert "<strong>model</strong>" in now.body_html
        kept = list(CommentVersion.objects.filter(comment=said).values_list("number", "body", "editor"))
        assert kept == [(2, "Which one?", said.author_id), (1, "Wich one?", said.author_id)]

    def test_a_stale_edit_changes_nothing(self):
        said = comment(question())
        comment_edit(user=said.author, comment_id=said.pk, version=1, body="First.")
        with pytest.raises(Stale):
            comment_edit(user=said.author, comment_id=said.pk, version=1, body="Second.")
        assert fresh(said).body == "First."

    def test_the_same_words_are_no_edit(self):
        said = comment(question())
        comment_edit(user=said.author, comment_id=said.pk, version=1, body=said.body)
        assert (fresh(said).version, fresh(said).edited_at) == (1, None)

    @pytest.mark.parametrize("body", ["", "  ", "\x00", "x" * 2001, "<!-- -->"])
    def test_words_that_cannot_be_used_are_refused(self, body):
        said = comment(question())
        with pytest.raises(Invalid):
            comment_edit(user=said.author, comment_id=said.pk, version=1, body=body)

    def test_a_deleted_comment_is_not_found(self):
        said = comment(question())
        comment_delete(user=said.author, comment_id=said.pk)
        with pytest.raises(NotFound):
            comment_edit(user=said.author, comment_id=said.pk, version=1, body="So.")

    def test_events_tell_what_happened(self):
        heard = []
        receives(events.CommentEdited, events.CommentDeleted, events.CommentRestored)(heard.append)
        said = comment(question())
        with committed():
            comment_edit(user=said.author, comment_id=said.pk, version=1, body="So.")
            comment_delete(user=said.author, comment_id=said.pk)
            comment_restore(user=said.author, comment_id=said.pk)
        mine = [type(event) for event in heard if event.comment_id == said.pk]
        assert mine == [events.CommentEdited, events.CommentDeleted, events.CommentRestored]


class TestLanguage:
    @pytest.mark.parametrize(
        ("body", "default", "language"),
        [
            ("Какая модель?", "en", "ru"),
            ("どのモデルですか。", "en", "ja"),
            ("أي طراز هو؟", "en", "ar"),
            ("Which model is it?", "ja", "en"),
            ("Which model is it?", "de", "de"),
            ("12 + 3", "ja", "ja"),
            ("`print('hello world')` は?", "en", "ja"),
            ("Модель X and more words here", "ar", "en"),
            ("Модель Xyzqwe", "ar", "ar"),
            ("@kenji https://example.org/long/path はい", "en", "ja"),
            ("", "ru", "ru"),
        ],
    )
    def test_the_script_tells_it_else_the_question(self, body, default, language):
        assert written_language(body, default=default) == language

    @pytest.mark.django_db
    def test_a_comment_is_marked_with_its_own_language(self):
        asked = question()
        assert comment(asked, body="Какая модель?").language == "ru"
        said = comment_create(user=member(), kind="question", post_id=asked.pk, body="Modell 7?", language="ja")
        assert said.language == "ja"
        with pytest.raises(Invalid):
            comment_create(user=member(), kind="question", post_id=asked.pk, body="Hm?", language="tlh")


@pytest.mark.django_db
class TestConverting:
    def test_it_keeps_author_and_date_and_replies_become_its_comments(self):
        asked, staff = question(), member(staff=True)
        said = comment(asked, body="Turn the **left** valve.")
        reply = comment(asked, parent=said)
        deeper = comment(asked, parent=reply)
        beside = comment(asked)
        made = comment_convert(user=staff, comment_id=said.pk)
        assert (made.author_id, made.created_at, made.body_html) == (said.author_id, said.created_at, said.body_html)
        assert (fresh(reply).answer_id, fresh(reply).parent_id) == (made.pk, None)
        assert (fresh(deeper).answer_id, fresh(deeper).parent_id) == (made.pk, reply.pk)
        assert fresh(beside).answer_id is None
        asked.refresh_from_db()
        assert (asked.status, asked.answers_count, asked.comments_count) == ("answered", 1, 1)
        assert fresh(made).comments_count == 2
        assert Revision.objects.get(answer=made).body == said.body

    def test_the_comments_address_leads_to_the_answer(self, client):
        said = comment(question())
        made = comment_convert(user=said.author, comment_id=said.pk)
        reply = client.get(reverse("comment-at", args=[said.pk]))
        assert (reply.status_code, reply["Location"]) == (301, reverse("answer-at", args=[made.pk]))
        assert client.get(reply["Location"])["Location"] == made.get_absolute_url()
        assert f'id="comment-{said.pk}"' in client.get(made.question.get_absolute_url()).content.decode()
        with pytest.raises(Moved):
            comment_visible_to(None, said.pk)

    def test_undone_the_comment_stands_where_it_stood(self):
        given, staff = answer(), member(staff=True)
        asked = given.question
        said = comment(given)
        reply = comment(given, parent=said)
        deeper = comment(given, parent=reply)
        before, counts = comments(), Question.objects.filter(pk=asked.pk).values("answers_count", "status").get()
        made = comment_convert(user=staff, comment_id=said.pk)
        vote(made)
        back = conversion_undo(user=staff, answer_id=made.pk)
        assert back.pk == said.pk
        assert comments() == before
        assert Question.objects.filter(pk=asked.pk).values("answers_count", "status").get() == counts
        assert fresh(made).deleted_at is not None
        assert (fresh(given).comments_count, fresh(deeper).parent_id) == (3, reply.pk)

    def test_what_was_said_since_becomes_a_reply(self):
        said = comment(question())
        made = comment_convert(user=said.author, comment_id=said.pk)
        later = comment(made)
        conversion_undo(user=said.author, answer_id=made.pk)
        assert (fresh(later).answer_id, fresh(later).parent_id) == (None, said.pk)

    def test_an_accepted_one_unsettles_the_question_when_it_is_a_comment_again(self):
        said = comment(question())
        made = comment_convert(user=said.author, comment_id=said.pk)
        accept(fresh(made), said.question.author)
        conversion_undo(user=member(staff=True), answer_id=made.pk)
        assert (fresh(said.question).status, fresh(said.question).accepted_answer_id) == ("open", None)

    def test_an_answer_that_was_none_is_not_found_and_nothing_happens_twice(self):
        staff, said = member(staff=True), comment(question())
        with pytest.raises(NotFound):
            conversion_undo(user=staff, answer_id=answer().pk)
        made = comment_convert(user=staff, comment_id=said.pk)
        with pytest.raises(Moved):
            comment_convert(user=staff, comment_id=said.pk)
        with pytest.raises(NotFound):
            comment_restore(user=staff, comment_id=said.pk)
        conversion_undo(user=staff, answer_id=made.pk)
        with pytest.raises(NotFound):
            conversion_undo(user=staff, answer_id=made.pk)
        assert comment_convert(user=staff, comment_id=said.pk).pk != made.pk

    def test_both_events_are_told(self):
        heard = []
        receives(events.CommentConverted, events.AnswerPosted)(heard.append)
        said = comment(question())
        with committed():
            made = comment_convert(user=said.author, comment_id=said.pk)
        mine = [type(event) for event in heard if event.answer_id == made.pk]
        assert sorted(kind.__name__ for kind in mine) == ["AnswerPosted", "CommentConverted"]

    def test_it_goes_along_with_a_merge_and_back(self):
        staff, said = member(staff=True), comment(question())
        made = comment_convert(user=staff, comment_id=said.pk)
        merge = questions_merge(user=staff, source_id=said.question_id, target_id=question().pk)
        assert fresh(said).question_id == fresh(made).question_id == merge.target_id
        merge_undo(user=staff, merge_id=merge.pk)
        conversion_undo(user=staff, answer_id=made.pk)
        assert fresh(said).question_id == merge.source_id


class Threads(TestCase):
    """Whatever is said, converted, undone, deleted and restored: nothing is lost or counted wrong."""

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 7)), min_size=2, max_size=14))
    def test_counters_and_places_hold(self, steps):
        staff = member(staff=True)
        given_ = answer(question(staff), staff)
        asked = given_.question
        for act, which in steps:
            rows = list(Comment.objects.filter(question=asked).order_by("pk"))
            one = rows[which % len(rows)] if rows else None
            try:
                if act == 0 or one is None:
                    under = one.answer if one else given_
                    kind, pk = ("answer", under.pk) if under else ("question", asked.pk)
                    comment_create(user=staff, kind=kind, post_id=pk, body="So.", parent_id=one.pk if one else None)
                elif act == 1:
                    comment_convert(user=staff, comment_id=one.pk)
                elif act == 2:
                    conversion_undo(user=staff, answer_id=one.became_id or 0)
                elif act == 3:
                    comment_delete(user=staff, comment_id=one.pk)
                else:
                    comment_restore(user=staff, comment_id=one.pk)
            except PortalError:
                continue
        assert questions_recount(ids=[asked.pk]) == 0
        assert answers_recount(ids=list(Answer.objects.filter(question=asked).values_list("pk", flat=True))) == 0
        for reply in Comment.objects.filter(parent__isnull=False).select_related("parent"):
            assert (reply.question_id, reply.answer_id) == (reply.parent.question_id, reply.parent.answer_id)
