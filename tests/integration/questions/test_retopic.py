"""What readers said of a product counts while the question is about it, and again when it comes back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.core.models import Topic
from portal.curation.services.topics import topic_forget, topic_moved
from portal.notifications.models import NoteItem
from portal.questions.models import Answer, Confirmation, Question
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.passport import obsolete_mark
from portal.questions.services.questions import question_edit
from portal.questions.services.restoring import revision_restore
from portal.questions.services.suggestions import suggestion_accept, suggestion_create
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import answer, question, topic
from tests.factories.versions import claim, product, releases, say
from tests.integration.notifications.telling import told

from .test_integrity import checked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    """Whatever language an earlier page left behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def staff():
    return member(staff=True)


@pytest.fixture
def refuted(staff):
    """An answer of which the staff said that it no longer works on the newest lamp."""
    made = releases("v1", "v2", of=product())
    topic("Paper")
    given = answer(question(topics=("lamp",)))
    claim(given, made[0])
    say(given, works=False, by=staff)
    assert fresh(given).obsolete
    return given


def fresh(post):
    return type(post).objects.get(pk=post.pk)


def retopic(given, *topics, by):
    asked = fresh(given.question)
    with committed():
        question_edit(user=by, question_id=asked.pk, version=asked.version, topics=list(topics))


def in_order():
    """Whether the check finds nothing."""
    return not checked()[1]


class TestTopicsOfAQuestion:
    def test_taken_off_it_no_longer_counts_and_put_back_it_does(self, refuted, staff):
        retopic(refuted, "paper", by=staff)
        assert not fresh(refuted).obsolete and in_order()
        retopic(refuted, "lamp", "paper", by=staff)
        assert fresh(refuted).obsolete and in_order()
        retopic(refuted, by=staff)
        assert not fresh(refuted).obsolete and in_order()
        assert Confirmation.objects.filter(answer=refuted).count() == 1

    def test_other_topics_come_and_go(self, refuted, staff):
        retopic(refuted, "lamp", "paper", by=staff)
        assert fresh(refuted).obsolete

    def test_a_topic_below_the_product_is_about_it(self, refuted, staff):
        topic("Bulb", parent=Topic.objects.get(slug="lamp"))
        retopic(refuted, "bulb", by=staff)
        assert fresh(refuted).obsolete and in_order()

    def test_what_was_said_of_another_product_takes_its_turn(self, refuted, staff):
        made = releases("K1", of=product("Kettle"))
        retopic(refuted, "kettle", by=staff)
        say(refuted, works=True, on=made[0])
        assert not fresh(refuted).obsolete and in_order()
        retopic(refuted, "lamp", by=staff)
        assert fresh(refuted).obsolete and in_order()

    def test_a_mark_by_hand_stays(self, refuted, staff):
        obsolete_mark(user=staff, answer_id=refuted.pk, reason="The lamp is no longer made.")
        retopic(refuted, "paper", by=staff)
        assert fresh(refuted).obsolete and in_order()

    def test_a_deleted_answer_comes_back_as_it_then_stands(self, refuted, staff):
        Answer.objects.filter(pk=refuted.pk).update(deleted_at=refuted.created_at)
        retopic(refuted, "paper", by=staff)
        assert not fresh(refuted).obsolete

    def test_an_older_version_brings_its_topics_back(self, refuted, staff):
        retopic(refuted, "paper", by=staff)
        revision_restore(user=staff, kind="question", post_id=refuted.question_id, number=1, version=2)
        assert fresh(refuted).obsolete and in_order()

    def test_so_does_a_suggested_edit(self, refuted, staff):
        made = suggestion_create(
            user=member(), kind="question", post_id=refuted.question_id, version=1, reason="Paper", topics=["paper"]
        )
        suggestion_accept(user=staff, suggestion_id=made.pk)
        assert not fresh(refuted).obsolete and in_order()

    def test_its_author_is_told_each_time_that_it_turns_outdated(self, refuted, staff):
        assert told(refuted.author)[0][0] == "Your answer is marked as outdated"
        mine = NoteItem.objects.filter(note__recipient=refuted.author, happening__what="outdated")
        retopic(refuted, "paper", by=staff)
        told(refuted.author)
        assert mine.count() == 1
        retopic(refuted, "lamp", by=staff)
        told(refuted.author)
        assert mine.count() == 2

    def test_an_edit_that_leaves_the_topics_asks_nothing_of_versions(self, refuted, staff):
        asked = fresh(refuted.question)
        with CaptureQueriesContext(connection) as seen:
            question_edit(user=staff, question_id=asked.pk, version=asked.version, body="Other words of the same.")
        assert fresh(refuted).obsolete
        assert seen.captured_queries and not any("confirmation" in query["sql"] for query in seen.captured_queries)


class TestElsewhere:
    def test_joined_with_a_question_about_something_else_and_parted(self, refuted, staff):
        other = question(topics=("paper",))
        with committed():
            merge = questions_merge(user=staff, source_id=refuted.question_id, target_id=other.pk)
        assert fresh(refuted).question_id == other.pk and not fresh(refuted).obsolete and in_order()
        with committed():
            merge_undo(user=staff, merge_id=merge.pk)
        assert fresh(refuted).obsolete and in_order()

    def test_a_topic_that_is_no_product_any_more(self, refuted):
        lamp = Topic.objects.get(slug="lamp")
        Topic.objects.filter(pk=lamp.pk).update(kind=Topic.Kind.TOPIC)
        topic_moved(topic=lamp)
        assert not fresh(refuted).obsolete and in_order()
        Topic.objects.filter(pk=lamp.pk).update(kind=Topic.Kind.PRODUCT)
        topic_moved(topic=lamp)
        assert fresh(refuted).obsolete and in_order()

    def test_a_topic_that_is_led_elsewhere(self, refuted, staff):
        bulb = topic("Bulb", parent=Topic.objects.get(slug="lamp"))
        retopic(refuted, "bulb", by=staff)
        Topic.objects.filter(pk=bulb.pk).update(parent=None)
        topic_moved(topic=bulb)
        assert not fresh(refuted).obsolete and in_order()

    def test_a_topic_that_is_deleted(self, refuted, staff):
        bulb = topic("Bulb", parent=Topic.objects.get(slug="lamp"))
        retopic(refuted, "bulb", by=staff)
        topic_forget(topic=bulb)
        assert not fresh(refuted).obsolete and in_order()


def test_drift_is_found_and_mended(refuted, staff):
    Question.topics.through.objects.filter(content_object=refuted.question).delete()
    said, left = checked("outdated")
    assert left and f"answer {refuted.pk}" in said
    checked("outdated", repair=True)
    assert not fresh(refuted).obsolete
    Answer.objects.filter(pk=refuted.pk).update(obsolete=True)
    assert checked("outdated")[1]
    checked("outdated", repair=True)
    assert not fresh(refuted).obsolete and in_order()
