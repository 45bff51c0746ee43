"""An earlier version comes back as a new one: by whom, how exactly, and never over somebody else's edit."""

import pytest

from portal.core.errors import NotAllowed, NotFound, SignInNeeded, Stale, StateForbids
from portal.core.events import _receivers
from portal.questions import events
from portal.questions.models import Answer, Post, Question, Revision
from portal.questions.services.answers import answer_delete, answer_edit
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.questions import question_delete, question_edit
from portal.questions.services.restoring import revision_restore
from search.models import OutboxEntry
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import answer, question, topic

from .scene import KINDS, everything, scene, signed_in
from .test_counters import together

REFUSALS = {"S": SignInNeeded, "N": NotAllowed}


def edited():
    """A question in three versions, with a topic in the second."""
    topic("Battery")
    asked = question(title="Why does the lamp blink?", body="First words.")
    question_edit(
        user=asked.author, question_id=asked.pk, version=1, title="Why is it dark?", body="Second.", topics=["battery"]
    )
    return question_edit(user=asked.author, question_id=asked.pk, version=2, body="Third.", language="ru")


def edited_answer(asked=None):
    """An answer in two versions."""
    given = answer(asked, body="First words.")
    return answer_edit(user=given.author, answer_id=given.pk, version=1, body="Second.")


@pytest.mark.django_db
class TestWho:
    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "SSN.NN.", strict=True)))
    def test_a_question_by_its_asker_and_staff(self, kind, letter):
        at = scene()
        question_edit(user=at.people["asker"], question_id=at.asked.pk, version=1, body="Other words.")
        before = everything()
        act = {"user": at.people[kind], "kind": "question", "post_id": at.asked.pk, "number": 1, "version": 2}
        if letter == ".":
            assert revision_restore(**act).version == 3
            return
        with pytest.raises(REFUSALS[letter]):
            revision_restore(**act)
        assert everything() == before

    @pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "SSNN.N.", strict=True)))
    def test_an_answer_by_who_gave_it_and_staff(self, kind, letter):
        at = scene()
        answer_edit(user=at.people["author"], answer_id=at.given.pk, version=1, body="Other words.")
        before = everything()
        act = {"user": at.people[kind], "kind": "answer", "post_id": at.given.pk, "number": 1, "version": 2}
        if letter == ".":
            assert revision_restore(**act).version == 3
            return
        with pytest.raises(REFUSALS[letter]):
            revision_restore(**act)
        assert everything() == before

    def test_a_locked_question_by_staff_alone(self):
        asked, staff = edited(), member(staff=True)
        question_lock(user=staff, question_id=asked.pk, locked=True)
        with pytest.raises(StateForbids):
            revision_restore(user=asked.author, kind="question", post_id=asked.pk, number=1, version=3)
        assert revision_restore(user=staff, kind="question", post_id=asked.pk, number=1, version=3).version == 4

    def test_an_archived_one_by_nobody(self):
        asked, staff = edited(), member(staff=True)
        question_settle(user=staff, question_id=asked.pk, status="archived")
        with pytest.raises(StateForbids):
            revision_restore(user=staff, kind="question", post_id=asked.pk, number=1, version=3)

    def test_what_is_deleted_is_out_of_reach(self):
        given, staff = edited_answer(), member(staff=True)
        answer_delete(user=staff, answer_id=given.pk)
        with pytest.raises(NotFound):
            revision_restore(user=given.author, kind="answer", post_id=given.pk, number=1, version=2)
        other = edited()
        question_delete(user=staff, question_id=other.pk)
        with pytest.raises(NotFound):
            revision_restore(user=staff, kind="question", post_id=other.pk, number=1, version=3)


@pytest.mark.django_db
class TestWhat:
    def test_everything_that_the_version_said_comes_back_as_a_new_one(self):
        asked = edited()
        restored = revision_restore(user=asked.author, kind="question", post_id=asked.pk, number=2, version=3)
        assert (restored.title, restored.body, restored.language) == ("Why is it dark?", "Second.", "en")
        assert "Second." in restored.body_html
        assert [item.tag.slug for item in restored.topic_items.all()] == ["battery"]
        last = Revision.objects.filter(question=asked).last()
        assert (last.number, last.restores, last.editor, last.body) == (4, 2, asked.author, "Second.")
        assert Revision.objects.filter(question=asked).count() == 4

    def test_topics_that_came_later_go_and_the_first_words_come(self):
        asked = edited()
        restored = revision_restore(user=asked.author, kind="question", post_id=asked.pk, number=1, version=3)
        assert (restored.title, restored.slug) == ("Why does the lamp blink?", "why-does-the-lamp-blink")
        assert not restored.topic_items.exists()

    def test_an_answer_too(self):
        given = edited_answer()
        restored = revision_restore(user=given.author, kind="answer", post_id=given.pk, number=1, version=2)
        assert (restored.body, restored.version) == ("First words.", 3)
        assert Revision.objects.filter(answer=given).last().restores == 1
        assert not Revision.objects.filter(question=given.question, answer=None, number=2).exists()

    def test_imported_html_comes_back_as_html_and_clean(self):
        given = answer()
        html = '<p onclick="x()">As it <strong>was</strong> <script>alert(1)</script></p>'
        Revision.objects.filter(answer=given).update(body=html, body_format=Post.Format.HTML)
        answer_edit(user=given.author, answer_id=given.pk, version=1, body="Second.")
        restored = revision_restore(user=given.author, kind="answer", post_id=given.pk, number=1, version=2)
        assert (restored.body_format, restored.body) == (Post.Format.HTML, html)
        assert restored.body_html == "<p>As it <strong>was</strong> </p>"

    def test_a_title_that_no_member_could_write_comes_back(self):
        asked = edited()
        Revision.objects.filter(question=asked, number=1).update(title="Hm?")
        restored = revision_restore(user=asked.author, kind="question", post_id=asked.pk, number=1, version=3)
        assert restored.title == "Hm?"

    def test_a_topic_that_is_gone_stays_away(self):
        asked = edited()
        Revision.objects.filter(question=asked, number=2).update(topics=["battery", "gone-long-ago"])
        restored = revision_restore(user=asked.author, kind="question", post_id=asked.pk, number=2, version=3)
        assert [item.tag.slug for item in restored.topic_items.all()] == ["battery"]

    def test_where_an_import_told_no_language_it_stays(self):
        asked = edited()
        Revision.objects.filter(question=asked, number=1).update(language="")
        restored = revision_restore(user=asked.author, kind="question", post_id=asked.pk, number=1, version=3)
        assert restored.language == "ru"

    def test_what_stands_there_now_is_not_brought_back(self):
        asked = edited()
        before = everything()
        with pytest.raises(StateForbids):
            revision_restore(user=asked.author, kind="question", post_id=asked.pk, number=3, version=3)
        assert everything() == before

    @pytest.mark.parametrize("number", [0, 4, 99])
    def test_a_version_that_never_was_is_not_found(self, number):
        asked = edited()
        with pytest.raises(NotFound):
            revision_restore(user=asked.author, kind="question", post_id=asked.pk, number=number, version=3)

    def test_listeners_and_the_search_learn_of_it(self, monkeypatch):
        asked, told = edited(), []
        OutboxEntry.objects.all().delete()
        monkeypatch.setitem(_receivers, events.QuestionEdited, [told.append])
        with committed():
            revision_restore(user=asked.author, kind="question", post_id=asked.pk, number=1, version=3)
        assert [(event.question_id, event.actor_id) for event in told] == [(asked.pk, asked.author.pk)]
        assert OutboxEntry.objects.filter(document_type="question", object_id=str(asked.pk)).exists()


@pytest.mark.django_db
class TestStale:
    @pytest.mark.parametrize("version", [0, 1, 2, 4])
    def test_another_version_than_the_newest_changes_nothing(self, version):
        asked = edited()
        before = everything()
        with pytest.raises(Stale):
            revision_restore(user=asked.author, kind="question", post_id=asked.pk, number=1, version=version)
        assert everything() == before

    def test_the_page_says_so_and_leads_to_the_history(self):
        asked = edited()
        client = signed_in(asked.author)
        root = f"/en/questions/{asked.pk}/history/"
        reply = client.post(f"{root}version/1/restore/", {"version": "2"}, follow=True)
        assert reply.redirect_chain[-1][0] == root
        assert "Somebody changed this meanwhile" in reply.content.decode()
        assert Question.objects.get(pk=asked.pk).version == 3


@pytest.mark.django_db(transaction=True)
def test_of_several_at_the_same_moment_one_is_kept():
    given = edited_answer()
    staff = [member(staff=True) for _ in range(3)]
    raised = together(
        *(
            lambda who=who: revision_restore(user=who, kind="answer", post_id=given.pk, number=1, version=2)
            for who in staff
        ),
        lambda: answer_edit(user=given.author, answer_id=given.pk, version=2, body="Mine."),
    )
    assert [type(error) for error in raised] == [Stale] * 3
    assert Answer.objects.get(pk=given.pk).version == Revision.objects.filter(answer=given).count() == 3
