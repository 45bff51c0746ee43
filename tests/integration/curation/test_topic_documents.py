"""Topics as something to be suggested: what the index holds of them, and when it learns of a change."""

import pytest
from django.test import Client

from portal.core.models import Topic
from portal.core.topics import topics_changed
from portal.curation.indexing import document, every_id, fallback, load
from portal.curation.services.topics import topic_forget, topic_names_set
from portal.discovery.selectors import search_run, suggest_run
from search.documents import SearchRequest
from search.models import OutboxEntry
from tests.factories.accounts import member
from tests.factories.questions import question, topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def printing() -> Topic:
    made = topic("Printing", ru="Печать", ja="印刷", ar="الطباعة")
    topics_changed([made.pk])
    return made


def suggested(typed: str, language: str = "en") -> list[tuple[str, str | None]]:
    """The titles of the topics suggested, with their language."""
    page = suggest_run(user=None, text=typed, language=language, types=("topic",))
    return [(result.hit.title, result.hit.language) for result in page.results]


class TestSuggesting:
    @pytest.mark.parametrize(
        ("typed", "language", "shown"),
        [
            ("prin", "en", ("Printing", None)),
            ("печа", "ru", ("Печать", "ru")),
            ("印", "ja", ("印刷", "ja")),
            ("いんさ", "ja", ("印刷", "ja")),
            ("طباع", "ar", ("الطباعة", "ar")),
            ("prin", "ru", ("Printing", None)),
            ("печа", "en", ("Печать", "ru")),
        ],
    )
    def test_by_its_name_in_each_language(self, index, printing, typed, language, shown):
        index()
        assert suggested(typed, language) == [shown]

    def test_it_leads_to_its_page(self, index, printing):
        index()
        (result,) = suggest_run(user=None, text="prin", language="en").results
        assert result.kind.name == "topic"
        assert result.path.endswith("/topics/printing/")
        assert result.hit.title_html == "<mark>Prin</mark>ting"

    def test_beside_questions_and_members(self, index, printing):
        question(title="Printing is slow")
        member("printmaster")
        index()
        page = suggest_run(user=None, text="prin", language="en")
        assert [result.hit.type for result in page.results] == ["question", "member", "topic"]

    def test_the_api_tells_it_as_any_result(self, index, printing):
        index()
        (told,) = Client().get("/api/v1/suggest?q=prin&language=en").json()["results"]
        assert (told["type"], told["id"], told["title"]) == ("topic", printing.pk, "Printing")
        assert told["url"].endswith("/topics/printing/")


class TestChanges:
    def test_a_new_name_is_known_and_the_old_one_forgotten(self, index, printing):
        index()
        topic_names_set(topic=printing, names={"ru": ("Принтеры", ""), "ja": ("", "")})
        index()
        assert suggested("принт", "ru") == [("Принтеры", "ru")]
        assert suggested("печа", "ru") == []
        assert suggested("印刷", "ja") == []

    def test_a_deleted_topic_is_gone_at_once_and_from_the_index(self, index, printing):
        index()
        topic_forget(topic=printing)
        assert suggested("prin") == [], "the database is asked again"
        index()
        assert OutboxEntry.objects.count() == 0
        assert list(every_id()) == []

    def test_the_cms_tells_the_search(self, index, client):
        client.force_login(member(staff=True), backend="portal.accounts.backends.PortalBackend")
        form = {
            "name": "Scanning",
            "slug": "",
            "kind": "topic",
            "parent": "",
            "description": "",
            "name_ru": "Сканирование",
        }
        assert client.post("/cms/snippets/core/topic/add/", form).status_code == 302
        index()
        assert suggested("скан", "ru") == [("Сканирование", "ru")]
        made = Topic.objects.get(slug="scanning")
        client.post(f"/cms/snippets/core/topic/edit/{made.pk}/", {**form, "slug": "scanning", "name": "Copying"})
        index()
        assert suggested("copy") == [("Copying", None)]
        client.post(f"/cms/snippets/core/topic/delete/{made.pk}/")
        index()
        assert suggested("copy") == []


class TestSearching:
    def test_topics_are_no_results_of_a_search_at_large(self, index, printing):
        question(title="Printing is slow", topics=("printing",))
        index()
        page = search_run(user=None, request=SearchRequest(text="printing"))
        assert [result.hit.type for result in page.results] == ["question"]
        assert page.total == 1
        assert "topic" not in dict(page.facets["type"])
        assert search_run(user=None, request=SearchRequest(text="", sort="newest")).total == 1 + 1  # and its asker

    def test_who_asks_for_topics_finds_them(self, index, printing):
        index()
        page = search_run(user=None, request=SearchRequest(text="печать", types=("topic",), reads=("ru",)))
        assert [result.hit.title for result in page.results] == ["Печать"]


class TestWithoutAnEngine:
    @pytest.mark.parametrize("words", ["print", "PRINT", "Печать", "印刷", "zz printing"])
    def test_the_database_finds_by_any_name(self, printing, words):
        assert [each.id for each in fallback(SearchRequest(text=words))] == [str(printing.pk)]

    @pytest.mark.parametrize(
        "fields",
        [
            {"text": "xylophone"},
            {"statuses": ("open",)},
            {"authors": ("mira",)},
            {"topics": ("other",)},
            {"text": "\x00q"},
        ],
    )
    def test_and_nothing_that_does_not_fit(self, printing, fields):
        assert list(fallback(SearchRequest(**fields))) == []

    @pytest.mark.parametrize("pk", ["x", "²", "9" * 30, "-1", ""])
    def test_odd_numbers_are_nobody(self, printing, pk):
        assert list(load([pk])) == []
        assert len(fallback(SearchRequest(exclude=(("topic", pk),)))) == 1

    def test_it_leaves_out_what_is_known(self, printing):
        assert list(fallback(SearchRequest(exclude=(("topic", str(printing.pk)),)))) == []


def test_a_document_holds_its_words_once(printing):
    made = document(printing)
    assert made.names == (("ar", "الطباعة"), ("ja", "印刷"), ("ru", "Печать"))
    assert made.topics == ("printing",)


def test_reading_topics_takes_two_queries(printing, django_assert_num_queries):
    ids = [str(topic(f"Topic {number}").pk) for number in range(10)]
    with django_assert_num_queries(2):
        assert len(list(load(ids))) == 10
