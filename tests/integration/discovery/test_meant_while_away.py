"""While the engine is away, the database's answers know the termbase too: synonyms, and words of other languages."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from portal.discovery.selectors import search_run, similar_run, suggest_run
from portal.questions.models import Question
from portal.questions.services.questions import question_delete
from search.documents import Expansion, SearchRequest
from search.queries.database import MOST_MEANT, MOST_WORDS, texts_asked
from tests.factories.curation import entry
from tests.factories.events import committed
from tests.factories.knowledge import article
from tests.factories.questions import question, topic

BANK, BLINKS, LAMP = "Повербанк не заряжается", "My portable charger blinks", "A lamp hums"


@pytest.fixture
def away(no_index):
    """Questions about one thing in two languages and about another, a termbase, and no engine."""
    question(title=BANK, body="Мигает дважды.", language="ru")
    question(title=BLINKS, body="It stays dark.")
    question(title=LAMP, body="All night.")
    entry(en=["power bank", "portable charger"], ru=["повербанк", "внешний аккумулятор"], typed_en="juice pack")


def found(text, *, reads=("en",), **more):
    """Returns the titles that the database finds."""
    page = search_run(user=None, request=SearchRequest(text=text, reads=reads, **more))
    assert page.degraded and page.engine == "database"
    return [result.hit.title for result in page.results]


@pytest.mark.parametrize("text", ["power bank", "Power Banks", "juice pack", "внешний аккумулятор", "ПОВЕРБАНК"])
def test_what_the_words_mean_is_found_in_each_language(away, text):
    assert set(found(text)) == {BANK, BLINKS}


def test_what_holds_the_very_words_comes_first(away):
    question(title="Where is the power bank?")
    assert found("power bank")[0] == "Where is the power bank?"


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("power bank", {"literal": True}),
        ("lamp -power", {}),
        ("lamp", {}),
    ],
    ids=str,
)
def test_where_nothing_besides_is_meant(away, text, more):
    assert set(found(text, **more)) <= {LAMP}


def test_a_phrase_stands_as_it_is(away):
    assert found('"portable charger" power bank') == [BLINKS]


def test_the_filters_hold_for_what_is_meant(away):
    assert found("power bank", languages=("ru",)) == [BANK]
    assert found("power bank language:ru") == [BANK]
    assert found("power bank is:accepted") == []


def test_articles_and_topics_too(away):
    article("A portable charger on a plane")
    topic("Chargers", ru="Внешний аккумулятор")
    assert "A portable charger on a plane" in found("power bank", types=("article",))
    assert len(found("power bank", types=("topic",))) == 1


def test_suggestions_and_earlier_questions_too(away):
    page = suggest_run(user=None, text="power bank", language="en")
    assert page.degraded and {BANK, BLINKS} <= {result.hit.title for result in page.results}
    page = similar_run(user=None, title="The power bank", language="en")
    assert page.degraded and {result.hit.title for result in page.results} == {BANK, BLINKS}


def test_what_is_deleted_is_not_found_by_a_synonym_either(away):
    with committed():
        question_delete(user=Question.objects.get(title=BANK).author, question_id=Question.objects.get(title=BANK).pk)
    assert found("power bank") == [BLINKS]
    assert BANK not in Client().get("/en/search/", {"q": "power bank"}).content.decode()


def test_pages_and_the_api_mark_what_is_meant_and_say_who_answered(away):
    text = Client().get("/en/search/", {"q": "power bank"}).content.decode()
    assert "<mark>portable</mark> <mark>charger</mark>" in text
    told = Client().get("/api/v1/search", {"q": "power bank"}).json()
    assert (told["degraded"], told["engine"], told["total"]) == (True, "database", 2)


def test_it_costs_no_query_more_and_not_much_time(away):
    """Bounded texts in one condition: as many queries with sixteen texts as with one."""
    Question.objects.bulk_create(
        [
            Question(title=f"Question number {number}", body="Лорем ипсум dolor " * 40, author=row.author, slug="x")
            for row in Question.objects.all()[:1]
            for number in range(2_000)
        ]
    )
    entry(en=["alpha beta", *(f"gamma{number}" for number in range(30))])
    found("lamp")
    with CaptureQueriesContext(
        connection,
    ) as plain:
        found("lamp")
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as meant:
        found("alpha beta lamp hums all night because someone touched the power bank")
    assert len(meant) <= len(plain) + 1
    assert time.perf_counter() - started < 2


class TestTexts:
    def test_the_longest_words_and_then_what_they_mean(self):
        also = (
            Expansion("Portable Charger", 0.9, "power bank", "synonym"),
            Expansion("повербанк", 0.6, "power bank", "translation"),
            Expansion("powder", 0.9, "power", "spelling"),
        )
        asked = texts_asked(SearchRequest(text="A Power bank", expansions=also))
        assert list(asked.items()) == [
            ("power", 5),
            ("bank", 4),
            ("portable charger", 0.9 * 10),
            ("повербанк", 0.6 * 10),
        ]

    @pytest.mark.parametrize("text", ["", "  ", "is:open", "language:ru"])
    def test_without_words_nothing_is_meant(self, text):
        also = (Expansion("charger", 0.9, "bank", "synonym"),)
        assert texts_asked(SearchRequest(text=text, expansions=also)) == {}

    def test_a_single_letter_is_looked_for_when_there_is_nothing_else(self):
        assert texts_asked(SearchRequest(text="X")) == {"x": 1}

    @given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=40))
    def test_never_more_than_sixteen_and_never_an_empty_one(self, text, meant):
        also = tuple(Expansion(each, 0.9, text) for each in meant)
        asked = texts_asked(SearchRequest(text=text, expansions=also))
        assert len(asked) <= MOST_WORDS + MOST_MEANT
        assert all(worth > 0 for worth in asked.values())
