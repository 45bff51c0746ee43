"""How questions reach the search: their documents, the database's own look-up, and the outbox."""

from datetime import timedelta

import pytest
from django.db import transaction

from portal.core.clock import now
from portal.core.errors import PortalError
from portal.discovery.registry import result_types
from portal.questions import indexing
from portal.questions.models import Answer, Question
from portal.questions.services.answers import answer_delete, answer_unaccept
from portal.questions.services.passport import obsolete_mark
from portal.questions.services.questions import question_delete, question_restore
from search.documents import SearchRequest
from search.models import OutboxEntry
from search.registry import indexed_type
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, comment, question, topic, vote

from .scene import scene
from .test_rights_table import TABLE

pytestmark = pytest.mark.django_db


def document(asked):
    """Returns the document of a question as the index would get it."""
    (found,) = indexing.load([str(asked.pk)])
    return found


def found(**asked):
    """Returns the titles that the database's look-up finds."""
    return [each.title for each in indexing.fallback(SearchRequest(**asked))]


class TestDocument:
    def test_it_holds_what_a_question_is_found_by(self):
        topic("Battery")
        topic("Charger")
        who = member("nadia")
        asked = question(
            who, title="Why so <hot>?", body="It gets **very** hot.\n\n- one\n- two", topics=("battery", "charger")
        )
        made = document(asked)
        assert (made.type, made.id, made.title, made.language) == ("question", str(asked.pk), "Why so <hot>?", "en")
        assert made.body == "It gets very hot. one two"
        assert made.topics == ("battery", "charger")
        assert (made.author, made.status, made.visibility) == ("nadia", "open", ("public",))
        assert (made.created_at, made.updated_at) == (asked.created_at, asked.last_activity_at)
        assert (made.accepted, made.official, made.answers_count, made.source_id) == (False, False, 0, None)

    def test_it_is_about_the_wider_topics_too(self):
        devices = topic("Devices")
        topic("Charger", parent=topic("Battery", parent=devices))
        asked = question(title="It gets too hot", topics=("charger",))
        assert document(asked).topics == ("charger", "battery", "devices")
        for slug in ("charger", "battery", "devices"):
            assert found(topics=(slug,)) == ["It gets too hot"]
        topic("Cables", parent=devices)
        assert found(topics=("cables",)) == []

    def test_the_accepted_answer_comes_first_then_they_are_in_the_order_of_the_page(self):
        asked = question()
        answer(asked, body="Fourth.")
        voted = answer(asked, body="Second.")
        vote(voted)
        answer(asked, member(staff=True), body="Third.", official=True)
        accept(answer(asked, body="First."))
        made = document(Question.objects.get(pk=asked.pk))
        assert made.answers == "First. Second. Third. Fourth."
        assert (made.accepted, made.official, made.answers_count, made.status) == (True, True, 4, "accepted")

    def test_a_deleted_answer_is_no_part_of_it(self):
        asked = question()
        gone = answer(asked, body="Regrettable.")
        answer(asked, body="Useful.")
        answer_delete(user=gone.author, answer_id=gone.pk)
        made = document(asked)
        assert (made.answers, made.answers_count) == ("Useful.", 1)

    def test_comments_are_no_part_of_it(self):
        asked = question()
        comment(asked, body="Unfindable remark.")
        assert "Unfindable" not in document(asked).body + document(asked).answers

    def test_a_deleted_question_has_none_and_gets_it_back(self):
        asked = question()
        question_delete(user=asked.author, question_id=asked.pk)
        assert list(indexing.load([str(asked.pk)])) == []
        assert str(asked.pk) not in set(indexing.every_id())
        question_restore(user=asked.author, question_id=asked.pk)
        assert document(asked).id == str(asked.pk)
        assert str(asked.pk) in set(indexing.every_id())

    def test_long_texts_are_cut(self):
        asked = question(body="word " * 11_000)
        answer(asked, body="other " * 9_000)
        made = document(asked)
        assert len(made.body) <= indexing.BODY_LONGEST
        assert len(made.answers) <= indexing.ANSWERS_LONGEST

    def test_an_imported_question_keeps_its_number_there_and_may_have_no_author(self):
        asked = question()
        Question.objects.filter(pk=asked.pk).update(source_key="4711", author=None, author_name="Somebody")
        made = document(asked)
        assert (made.source_id, made.author) == ("4711", None)

    def test_many_cost_no_more_queries_than_one(self, django_assert_max_num_queries):
        topic("Battery")
        ids = []
        for _ in range(6):
            asked = question(topics=("battery",))
            answer(asked)
            ids.append(str(asked.pk))
        with django_assert_max_num_queries(5):
            assert len(list(indexing.load(ids))) == 6

    def test_what_was_never_there_has_no_document(self):
        assert list(indexing.load(["1", "2", "999999"])) == []
        assert list(indexing.load([])) == []


class TestFallback:
    def test_words_are_looked_for_in_title_and_body(self):
        question(title="A lamp that blinks", body="At night.")
        question(title="Something else", body="The LAMP again.")
        question(title="No light at all", body="Nothing.")
        assert found(text="lamp") == ["A lamp that blinks", "Something else"]
        assert found(text="nothing-like-this") == []

    def test_a_word_in_the_title_weighs_more_and_long_words_more_than_short(self):
        question(title="The printer of the year", body="x")
        question(title="Jams in the tray", body="the printer the the")
        assert found(text="the printer")[0] == "The printer of the year"

    def test_without_words_everything_is_listed(self):
        titles = {question(title=f"Question number {n}").title for n in range(3)}
        assert set(found()) == set(found(text="   ")) == titles

    @pytest.mark.parametrize(
        ("narrowed", "left"),
        [
            ({"statuses": ("answered",)}, {"Second one here"}),
            ({"statuses": ("answered", "open")}, {"First one here", "Second one here", "Third one here"}),
            ({"topics": ("battery",)}, {"First one here"}),
            ({"topics": ("battery", "charger")}, {"First one here", "Second one here"}),
            ({"topics": ("nothing",)}, set()),
            ({"languages": ("ja",)}, {"Third one here"}),
            ({"authors": ("nadia",)}, {"First one here"}),
            ({"authors": ("nobody",)}, set()),
            ({"languages": ("en",), "topics": ("charger",), "statuses": ("answered",)}, {"Second one here"}),
        ],
    )
    def test_filters_narrow_it(self, narrowed, left):
        topic("Battery")
        topic("Charger")
        question(member("nadia"), title="First one here", topics=("battery",))
        answer(question(title="Second one here", topics=("charger",)))
        question(title="Third one here", language="ja")
        assert set(found(**narrowed)) == left
        assert set(found(text="one", **narrowed)) == left

    def test_a_question_of_two_wanted_topics_is_found_once(self):
        topic("Battery")
        topic("Charger")
        question(title="Both of them", topics=("battery", "charger"))
        assert found(topics=("battery", "charger")) == ["Both of them"]

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            ("newest", ["Gamma one", "Beta one", "Alpha one"]),
            ("votes", ["Beta one", "Gamma one", "Alpha one"]),
            ("active", ["Alpha one", "Gamma one", "Beta one"]),
        ],
    )
    def test_orders(self, sort, expected):
        moment = now()
        for days, title, score, active in ((3, "Alpha", 0, 0), (2, "Beta", 9, 2), (1, "Gamma", 4, 1)):
            asked = question(title=f"{title} one")
            Question.objects.filter(pk=asked.pk).update(
                created_at=moment - timedelta(days=days),
                score=score,
                last_activity_at=moment - timedelta(days=active),
            )
        assert found(text="one", sort=sort) == expected
        assert found(sort=sort) == expected

    def test_what_is_known_is_left_out(self):
        kept, gone = question(title="Kept of the two"), question(title="Left of the two")
        exclude = (("question", str(gone.pk)), ("article", str(kept.pk)))
        assert found(text="two", exclude=exclude) == ["Kept of the two"]

    @pytest.mark.parametrize("number", ["9" * 25, "9" * 4500, "²", "-1", "x"])
    def test_numbers_that_no_question_has_leave_nothing_out(self, number):
        question(title="Kept of the one")
        assert found(text="one", exclude=(("question", number),)) == ["Kept of the one"]

    def test_deleted_ones_are_never_found(self):
        asked = question(title="Regrettable question")
        question_delete(user=asked.author, question_id=asked.pk)
        assert found(text="regrettable") == found() == []

    def test_no_more_than_what_is_needed_is_read(self):
        for number in range(8):
            question(title=f"Number {number} of them")
        assert len(found(text="number", limit=3)) == 3
        assert len(found(text="number", offset=2, limit=3)) == 5
        assert len(found(sort="newest", limit=2)) == 2

    @pytest.mark.parametrize("text", ["100%", "a_b", "\\", "'; DROP TABLE x;--", "%%%", "?", "لا", "の"])
    def test_signs_of_the_database_are_only_signs(self, text):
        question(title=f"About {text} here", body="x")
        question(title="Something different", body="y")
        assert f"About {text} here" in found(text=text)

    def test_a_whole_paragraph_is_answered(self):
        question(title="The printer is offline")
        assert found(text="my printer " + "very " * 400 + "offline") == ["The printer is offline"]


class TestOutbox:
    # Acts that change what is found, and who does them.
    ACTS = [
        ("ask", "member"), ("edit question", "asker"), ("delete question", "staff"), ("close", "staff"),
        ("archive", "staff"), ("lock", "staff"), ("ask for details", "staff"), ("answer", "member"),
        ("edit answer", "author"), ("delete answer", "author"), ("accept", "asker"), ("vote question up", "member"),
        ("vote answer up", "member"),
    ]  # fmt: skip

    @pytest.mark.parametrize(("act", "who"), ACTS)
    def test_each_change_notes_its_question(self, act, who):
        at = scene()
        OutboxEntry.objects.all().delete()
        TABLE[act][0](at.people[who], at)
        waiting = {(each.document_type, each.object_id) for each in OutboxEntry.objects.all()}
        changed = Question.objects.latest("pk").pk if act == "ask" else at.asked.pk
        assert waiting == {("question", str(changed))}

    @pytest.mark.parametrize(("act", "who"), ACTS)
    def test_the_note_goes_when_the_change_is_taken_back(self, act, who):
        at = scene()
        OutboxEntry.objects.all().delete()
        with pytest.raises(RuntimeError), transaction.atomic():
            TABLE[act][0](at.people[who], at)
            assert OutboxEntry.objects.exists()
            raise RuntimeError
        assert not OutboxEntry.objects.exists()

    @pytest.mark.parametrize(("act", "who"), [("edit question", "member"), ("close", "asker"), ("answer", "stranger")])
    def test_a_refused_change_notes_nothing(self, act, who):
        at = scene()
        OutboxEntry.objects.all().delete()
        with pytest.raises(PortalError):
            TABLE[act][0](at.people[who], at)
        assert not OutboxEntry.objects.exists()

    def test_taking_an_acceptance_back_is_noted(self):
        given = accept(answer())
        OutboxEntry.objects.all().delete()
        answer_unaccept(user=given.question.author, answer_id=given.pk)
        assert OutboxEntry.objects.get().object_id == str(given.question_id)

    def test_a_repeated_vote_is_not_noted(self):
        asked, voter = question(), member()
        vote(asked, voter)
        OutboxEntry.objects.all().delete()
        vote(asked, voter)
        assert not OutboxEntry.objects.exists()


class TestRegistration:
    def test_the_search_knows_questions(self):
        known = indexed_type("question")
        assert known is not None
        assert (known.load, known.ids, known.fallback) == (indexing.load, indexing.every_id, indexing.fallback)

    def test_the_second_look_leaves_out_what_is_gone(self):
        kept, gone = question(), question()
        question_delete(user=gone.author, question_id=gone.pk)
        visible = result_types()["question"].visible
        paths = visible(None, [str(kept.pk), str(gone.pk), "123456789"])
        assert paths == {str(kept.pk): kept.get_absolute_url()}

    def test_the_second_look_is_one_query(self, django_assert_num_queries):
        ids = [str(question().pk) for _ in range(5)]
        with django_assert_num_queries(1):
            assert len(result_types()["question"].visible(None, ids)) == 5

    def test_answers_below_a_deleted_question_reach_no_document(self):
        given = answer(body="Secret words.")
        question_delete(user=member(staff=True), question_id=given.question_id)
        assert Answer.objects.filter(pk=given.pk, deleted_at=None).exists()
        assert list(indexing.load([str(given.question_id)])) == []


class TestOutdatedAnswers:
    def test_what_is_outdated_is_told_last_and_marks_the_question_where_no_answer_holds(self):
        asked = question()
        old, new = answer(asked, body="Old."), answer(asked, body="New.")
        vote(old)
        accept(old)
        obsolete_mark(user=old.author, answer_id=old.pk, reason="Gone.")
        made = document(Question.objects.get(pk=asked.pk))
        assert (made.answers, made.obsolete, made.accepted) == ("New. Old.", False, True)
        answer_delete(user=new.author, answer_id=new.pk)
        made = document(Question.objects.get(pk=asked.pk))
        assert (made.answers, made.obsolete) == ("Old.", True)

    def test_the_operator_finds_it_in_the_database_too(self):
        asked, fresh = question(title="An old way"), question(title="A new way")
        given = answer(asked)
        answer(fresh)
        assert found(text="is:obsolete") == []
        obsolete_mark(user=given.author, answer_id=given.pk, reason="Gone.")
        assert found(text="is:obsolete") == ["An old way"]
        assert found(text="is:outdated way") == ["An old way"]
