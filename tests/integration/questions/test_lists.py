"""Lists of questions: tabs, topics with those below them, languages, and pages that stay whole while people write."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.core.clock import now
from portal.core.errors import NotFound, PortalError
from portal.questions.models import Question, Status
from portal.questions.selectors.lists import TABS, UNANSWERED, home_questions, of_topic, question_list
from portal.questions.services.life import question_ask_details, question_settle
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question, topic

from .scene import signed_in

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


def listed(user=STRANGER, **asked):
    """Returns the titles of one page of a list."""
    return [row.title for row in question_list(user=user, **asked).rows]


def walk(user=STRANGER, size=3, between=None, **asked):
    """Returns the numbers of all rows, page by page; ``between`` is called after each page."""
    seen, cursor = [], None
    while True:
        page = question_list(user=user, cursor=cursor, size=size, **asked)
        seen += [row.pk for row in page.rows]
        cursor = page.next
        if cursor is None:
            return seen
        if between:
            between()


class TestTabs:
    @pytest.fixture
    def five(self):
        """One question of each kind of status, asked a day apart, the oldest first."""
        staff, made = member(staff=True), {}
        for number, name in enumerate(("open", "needs_details", "answered", "accepted", "closed")):
            asked = made[name] = question(title=f"About {name}")
            moment = now() - timedelta(days=10 - number)
            Question.objects.filter(pk=asked.pk).update(created_at=moment, last_activity_at=moment)
        question_ask_details(user=staff, question_id=made["needs_details"].pk)
        answer(made["answered"])
        accept(answer(made["accepted"]))
        question_settle(user=staff, question_id=made["closed"].pk, status="closed")
        return made

    def test_newest_are_all_by_the_moment_of_asking(self, five):
        names = ("closed", "accepted", "answered", "needs_details", "open")
        assert listed(tab="newest") == [f"About {name}" for name in names]

    def test_unanswered_are_those_that_wait(self, five):
        assert listed(tab="unanswered") == ["About needs_details", "About open"]

    def test_active_are_by_what_happened_last(self, five):
        answer(five["open"])
        assert listed(tab="active")[0] == "About open"

    def test_lively_are_by_votes_answers_and_age(self, five):
        Question.objects.filter(pk=five["open"].pk).update(hot=10**9)
        assert listed()[0] == listed(tab="hot")[0] == "About open"

    @pytest.mark.parametrize("status", [status.value for status in Status])
    def test_a_status_narrows_any_tab(self, five, status):
        expected = [f"About {status}"] if status in five else []
        assert listed(status=status) == expected
        assert listed(tab="newest", status=status) == expected
        assert listed(tab="unanswered", status=status) == (expected if status in UNANSWERED else [])

    @pytest.mark.parametrize("tab", ["", "HOT", "new", "for_you", "newest "])
    def test_a_tab_that_is_not_there(self, tab):
        with pytest.raises(NotFound):
            question_list(user=STRANGER, tab=tab)

    @pytest.mark.parametrize("tab", TABS)
    def test_what_is_deleted_is_in_none(self, tab):
        asked = question()
        question_delete(user=asked.author, question_id=asked.pk)
        for user in (STRANGER, asked.author, member(staff=True)):
            assert listed(user, tab=tab) == []


class TestForYou:
    def test_it_offers_what_waits_in_languages_that_one_reads_and_not_ones_own(self):
        reader = member(reads=("ja", "ru"))
        question(reader, title="My own question", language="ru")
        question(title="One in Russian", language="ru")
        question(title="One in Arabic", language="ar")
        answer(question(title="Already answered", language="ja"))
        question(title="One in Japanese", language="ja")
        assert sorted(listed(reader, tab="for-you", reads=("ja", "ru"))) == ["One in Japanese", "One in Russian"]

    def test_without_languages_it_offers_all_that_waits(self):
        for language in ("en", "ja"):
            question(title=f"One in {language}", language=language)
        assert len(listed(member(), tab="for-you")) == 2

    def test_a_stranger_has_no_such_tab_and_finds_what_waits(self):
        question(title="It waits")
        page = signed_in(STRANGER).get("/en/questions/?tab=for-you").content.decode()
        assert "It waits" in page
        assert ">For you</a>" not in page
        assert ">For you</a>" in signed_in(member()).get("/en/questions/").content.decode()


class TestTopics:
    @pytest.fixture
    def tree(self):
        """Three levels, a question at each, and one beside them."""
        top = topic("Printing", ru="Печать")
        middle = topic("Laser", parent=top)
        low = topic("Toner", parent=middle)
        topic("Scanning")
        for slug in ("printing", "laser", "toner", "scanning"):
            question(title=f"About {slug}", topics=(slug,))
        return top, middle, low

    @pytest.mark.parametrize(
        ("slug", "below"),
        [
            ("printing", {"printing", "laser", "toner"}),
            ("laser", {"laser", "toner"}),
            ("toner", {"toner"}),
            ("scanning", {"scanning"}),
            ("nothing", set()),
            ("Printing", set()),
        ],
    )
    def test_a_topic_holds_what_lies_below_it(self, tree, slug, below):
        assert set(listed(topic=slug)) == {f"About {name}" for name in below}

    def test_a_question_of_several_topics_of_a_tree_is_listed_once(self, tree):
        question(title="About all", topics=("printing", "laser", "toner"))
        assert listed(topic="printing").count("About all") == 1
        assert of_topic(Question.objects.all(), "printing").count() == 4

    def test_the_page_names_the_topic_in_the_readers_language(self, tree):
        page = signed_in(STRANGER).get("/ru/questions/?topic=printing").content.decode()
        assert "Печать" in page
        assert "About toner" in page

    def test_a_topic_a_language_and_a_status_together(self, tree):
        question(title="The one", topics=("laser",), language="ja")
        question(title="Not this one", language="ja")
        assert listed(topic="printing", language="ja", status="open") == ["The one"]

    def test_an_authors_questions(self):
        who = member("nadia")
        question(who, title="Hers alone")
        question(title="Another's one")
        assert listed(author="nadia") == ["Hers alone"]
        assert listed(author="nobody") == []


class TestPages:
    @pytest.mark.parametrize("tab", ["hot", "newest", "active", "unanswered"])
    def test_new_questions_on_the_way_move_nothing(self, tab):
        there = {question().pk for _ in range(7)}
        seen = walk(tab=tab, between=question)
        assert len(seen) == len(set(seen))
        assert there <= set(seen)

    def test_deletions_on_the_way_hide_only_what_was_deleted(self):
        rows = [question() for _ in range(8)]

        def delete_one():
            gone = rows.pop(0)
            question_delete(user=gone.author, question_id=gone.pk)

        seen = walk(tab="newest", between=delete_one)
        assert {row.pk for row in rows} <= set(seen)
        assert len(seen) == len(set(seen))

    def test_rows_of_one_moment_are_told_apart(self):
        moment = now()
        there = [question().pk for _ in range(7)]
        Question.objects.update(created_at=moment, last_activity_at=moment, hot=1.5)
        for tab in ("hot", "newest", "active"):
            assert walk(tab=tab, size=2) == sorted(there, reverse=True)

    def test_a_last_page_that_is_full_has_no_next(self):
        for _ in range(6):
            question()
        page = question_list(user=STRANGER, size=6)
        assert (len(page.rows), page.next) == (6, None)

    def test_a_cursor_of_another_tab_is_refused_or_reads_nothing_twice(self):
        for _ in range(4):
            question()
        cursor = question_list(user=STRANGER, tab="newest", size=2).next
        with pytest.raises(PortalError):
            question_list(user=STRANGER, tab="hot", cursor=cursor)

    @pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "WzEsMl0", "WyIiLDFd", "e30", "%00", "W10=" * 500])
    def test_a_cursor_that_nobody_made_is_refused(self, cursor):
        with pytest.raises(PortalError):
            question_list(user=STRANGER, tab="newest", cursor=cursor)

    def test_a_row_carries_all_that_it_shows(self, django_assert_num_queries):
        topic("Battery")
        for _ in range(5):
            question(topics=("battery",))
        with django_assert_num_queries(4):
            rows = question_list(user=STRANGER).rows
            shown = [(r.title, r.author.username, [i.tag.name_in("ru") for i in r.topic_items.all()]) for r in rows]
        assert len(shown) == 5


class TestAddresses:
    @pytest.mark.parametrize("name", ["topic", "language", "status", "after"])
    @pytest.mark.parametrize("value", ["\x00", "x" * 500, "'", "<b>", "%", "🖨", "../..", "\u202e"])
    def test_any_parameter_is_a_page_or_a_plain_refusal(self, name, value):
        question()
        page = signed_in(STRANGER).get("/en/questions/", {name: value})
        assert page.status_code in ((200, 400) if name == "after" else (200,))
        assert "<b>" not in page.content.decode().split("<main")[1].split("</main>")[0].replace("<b>0</b>", "")

    def test_no_character_that_a_database_refuses_reaches_it(self, monkeypatch):
        """PostgreSQL has no NUL in texts and says so with an error."""
        from portal.questions.views import lists

        asked = {}
        select = lists.select
        monkeypatch.setattr(lists, "select", lambda **given: asked.update(given) or select(**given))
        signed_in(STRANGER).get("/en/questions/", {"topic": "a\x00b", "language": "\x00en", "status": "open\x00"})
        assert (asked["topic"], asked["language"], asked["status"]) == ("ab", "en", "open")

    def test_the_way_to_older_ones_keeps_what_narrows(self):
        topic("Battery")
        for _ in range(21):
            question(topics=("battery",))
        page = signed_in(STRANGER).get("/en/questions/?tab=newest&topic=battery&language=en").content.decode()
        (older,) = [part for part in page.split('"') if part.startswith("?") and "after=" in part]
        assert "topic=battery" in older
        assert "tab=newest" in older
        deeper = signed_in(STRANGER).get("/en/questions/" + older.replace("&amp;", "&")).content.decode()
        assert '<meta name="robots" content="noindex, follow">' in deeper
        assert deeper.count('class="question-row"') == 1


class TestHome:
    def test_it_shows_what_lives_in_ones_language(self):
        for language in ("en", "ru"):
            for number in range(8):
                question(title=f"{language} question {number}", language=language)
        shown = home_questions(user=STRANGER, language="ru")
        assert len(shown["lively"]) == 6
        assert len(shown["waiting"]) == 3
        assert {row.language for rows in shown.values() for row in rows} == {"ru"}

    def test_what_is_answered_does_not_wait(self):
        answer(question(title="Answered one here"))
        shown = home_questions(user=STRANGER, language="en")
        assert ([row.title for row in shown["lively"]], shown["waiting"]) == (["Answered one here"], [])

    def test_it_takes_few_queries(self, django_assert_max_num_queries):
        topic("Battery")
        for _ in range(9):
            question(topics=("battery",))
        with django_assert_max_num_queries(5):
            home_questions(user=STRANGER, language="en")
