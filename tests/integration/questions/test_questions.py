"""Asking, editing, deleting and settling questions."""

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.core.errors import Invalid, NotAllowed, NotFound, SignInNeeded, Stale, StateForbids
from portal.questions.models import Question, Revision, Status
from portal.questions.services.answers import answer_accept, answer_create
from portal.questions.services.comments import comment_create
from portal.questions.services.life import question_ask_details, question_lock, question_reopen, question_settle
from portal.questions.services.questions import question_create, question_delete, question_edit, question_restore
from portal.questions.services.votes import vote_cast
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question, topic

pytestmark = pytest.mark.django_db


def ask(user, **changed):
    fields = {"title": "How do I reset it?", "body": "Please **help**.", "language": "en"} | changed
    return question_create(user=user, **fields)


class TestAsking:
    def test_a_stranger_is_asked_to_sign_in(self):
        with pytest.raises(SignInNeeded):
            ask(AnonymousUser())

    def test_a_question_is_rendered_once_and_its_first_version_kept(self):
        topic("Firmware")
        asked = ask(member(), topics=["firmware"])
        assert asked.body_html == "<p>Please <strong>help</strong>.</p>\n"
        assert (asked.status, asked.version, asked.slug) == (Status.OPEN, 1, "how-do-i-reset-it")
        first = Revision.objects.get(question=asked)
        assert (first.number, first.body, first.topics) == (1, "Please **help**.", ["firmware"])

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"title": "Why?"}, "title"),
            ({"title": "x" * 151}, "title"),
            ({"title": "     a     "}, "title"),
            ({"body": "   "}, "body"),
            ({"body": "<script>alert(1)</script>"}, "body"),
            ({"body": "x" * 60_001}, "body"),
            ({"language": "tlh"}, "language"),
            ({"topics": ["nothing-like-that"]}, "topics"),
            ({"topics": ["a", "b", "c", "d", "e", "f"]}, "topics"),
        ],
    )
    def test_bad_fields_are_named_and_nothing_is_kept(self, changed, field):
        with pytest.raises(Invalid) as refused:
            ask(member(), **changed)
        assert list(refused.value.fields) == [field]
        assert refused.value.fields[field][0]
        assert not Question.objects.exists()

    def test_a_title_of_any_script_gets_an_address(self):
        assert ask(member(), title="電源が入りません", language="ja").slug == "電源が入りません"
        assert ask(member(), title="?????", language="en").slug == "question"

    def test_a_title_that_is_the_name_of_a_page_below_gets_another_address(self):
        assert ask(member(), title="history").slug == "history-question"


class TestEditing:
    def test_the_author_and_staff_may_edit_and_nobody_else(self):
        asked = question()
        with pytest.raises(NotAllowed):
            question_edit(user=member(), question_id=asked.pk, version=1, title="Something else entirely")
        question_edit(user=asked.author, question_id=asked.pk, version=1, title="A better title")
        edited = question_edit(user=member(staff=True), question_id=asked.pk, version=2, title="The best title")
        assert (edited.title, edited.version, edited.slug) == ("The best title", 3, "the-best-title")
        assert [each.title for each in edited.revisions.all()][1:] == ["A better title", "The best title"]

    def test_an_edit_of_an_older_version_changes_nothing(self):
        asked = question()
        question_edit(user=asked.author, question_id=asked.pk, version=1, body="First come.")
        with pytest.raises(Stale):
            question_edit(user=asked.author, question_id=asked.pk, version=1, body="Too late.")
        asked.refresh_from_db()
        assert (asked.body, asked.version) == ("First come.", 2)

    def test_topics_are_replaced_not_added(self):
        for name in ("Firmware", "Battery"):
            topic(name)
        asked = question(topics=("firmware",))
        question_edit(user=asked.author, question_id=asked.pk, version=1, topics=["battery"])
        assert list(asked.topics.slugs()) == ["battery"]

    def test_an_imported_title_that_breaks_the_rule_may_stay_but_not_be_written(self):
        asked = question()
        Question.objects.filter(pk=asked.pk).update(title="Why?")
        kept = question_edit(user=asked.author, question_id=asked.pk, version=1, title="Why?", body="More words.")
        assert kept.title == "Why?"
        with pytest.raises(Invalid):
            question_edit(user=asked.author, question_id=asked.pk, version=2, title="How?")

    def test_the_askers_edit_takes_the_mark_of_missing_details_away(self):
        asked = question()
        staff = member(staff=True)
        assert question_ask_details(user=staff, question_id=asked.pk).status == Status.NEEDS_DETAILS
        edited = question_edit(user=asked.author, question_id=asked.pk, version=1, body="Model K2, firmware 4.1.")
        assert edited.status == Status.OPEN


class TestDeleting:
    def test_others_may_not(self):
        asked = question()
        with pytest.raises(NotAllowed):
            question_delete(user=member(), question_id=asked.pk)

    def test_an_asker_may_not_take_answers_away_from_others(self):
        given = answer()
        with pytest.raises(StateForbids):
            question_delete(user=given.question.author, question_id=given.question_id)

    def test_it_comes_back_whole(self):
        given = accept(answer())
        before = Question.objects.filter(pk=given.question_id).values().get()
        staff = member(staff=True)
        question_delete(user=staff, question_id=given.question_id)
        with pytest.raises(NotFound):
            question_edit(user=staff, question_id=given.question_id, version=1, body="Hidden.")
        question_restore(user=staff, question_id=given.question_id)
        assert Question.objects.filter(pk=given.question_id).values().get() == before

    def test_an_outsider_cannot_bring_it_back(self):
        asked = question()
        question_delete(user=asked.author, question_id=asked.pk)
        with pytest.raises(SignInNeeded):
            question_restore(user=AnonymousUser(), question_id=asked.pk)
        with pytest.raises(NotFound):
            question_restore(user=member(), question_id=asked.pk)


class TestSettling:
    def test_only_staff(self):
        asked = question()
        for act in (
            lambda user: question_settle(user=user, question_id=asked.pk, status="closed"),
            lambda user: question_reopen(user=user, question_id=asked.pk),
            lambda user: question_ask_details(user=user, question_id=asked.pk),
            lambda user: question_lock(user=user, question_id=asked.pk, locked=True),
        ):
            with pytest.raises(NotAllowed):
                act(member())
            with pytest.raises(SignInNeeded):
                act(AnonymousUser())

    @pytest.mark.parametrize("status", ["closed", "obsolete", "archived"])
    def test_settle_and_reopen_lead_back_to_where_it_was(self, status):
        given = accept(answer())
        staff = member(staff=True)
        settled = question_settle(user=staff, question_id=given.question_id, status=status, reason="Because.")
        assert (settled.status, settled.settled_reason, settled.settled_by) == (status, "Because.", staff)
        reopened = question_reopen(user=staff, question_id=given.question_id)
        assert (reopened.status, reopened.settled_at, reopened.settled_reason) == (Status.ACCEPTED, None, "")

    def test_reopening_what_is_open_is_refused(self):
        with pytest.raises(StateForbids):
            question_reopen(user=member(staff=True), question_id=question().pk)

    def test_a_duplicate_needs_another_visible_question(self):
        first, second = question(), question()
        staff = member(staff=True)
        with pytest.raises(Invalid):
            question_settle(user=staff, question_id=second.pk, status="duplicate")
        with pytest.raises(Invalid):
            question_settle(user=staff, question_id=second.pk, status="duplicate", duplicate_of=second.pk)
        with pytest.raises(NotFound):
            question_settle(user=staff, question_id=second.pk, status="duplicate", duplicate_of=10**12)
        marked = question_settle(user=staff, question_id=second.pk, status="duplicate", duplicate_of=first.pk)
        assert marked.duplicate_of == first
        with pytest.raises(Invalid):
            question_settle(user=staff, question_id=first.pk, status="duplicate", duplicate_of=second.pk)

    def test_an_unknown_status_is_refused(self):
        with pytest.raises(Invalid):
            question_settle(user=member(staff=True), question_id=question().pk, status="accepted")

    def test_closed_takes_no_answers_but_comments_and_votes(self):
        asked = question()
        question_settle(user=member(staff=True), question_id=asked.pk, status="closed")
        other = member()
        with pytest.raises(StateForbids):
            answer_create(user=other, question_id=asked.pk, body="Too late?")
        assert comment_create(user=other, kind="question", post_id=asked.pk, body="I see.").pk
        assert vote_cast(user=other, kind="question", post_id=asked.pk, value=1) == 1

    @pytest.mark.parametrize("how", ["archived", "locked"])
    def test_archived_and_locked_refuse_everything_from_members_with_a_reason(self, how):
        given = answer()
        asked = given.question
        staff, other = member(staff=True), member()
        if how == "locked":
            question_lock(user=staff, question_id=asked.pk, locked=True)
        else:
            question_settle(user=staff, question_id=asked.pk, status="archived")
        tries = [
            lambda: answer_create(user=other, question_id=asked.pk, body="One more."),
            lambda: comment_create(user=other, kind="question", post_id=asked.pk, body="Hm."),
            lambda: vote_cast(user=other, kind="answer", post_id=given.pk, value=1),
            lambda: question_edit(user=asked.author, question_id=asked.pk, version=1, body="Changed."),
            lambda: answer_accept(user=asked.author, answer_id=given.pk),
        ]
        for attempt in tries:
            with pytest.raises(StateForbids) as refused:
                attempt()
            assert how in str(refused.value)
