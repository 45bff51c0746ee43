"""Search, suggestions and similar questions over the API, on a real index filled through the outbox."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from portal.core.limits import LIMITS
from portal.questions.models import Question
from portal.questions.services.questions import question_delete
from search.engines import forget_engines
from search.indexing import drain
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question, topic

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db

RESULT = {"type", "id", "source_id", "url", "language", "title", "excerpt", "score", "accepted", "answers"}
PAGE = {"results", "did_you_mean", "facets", "took_ms", "engine", "degraded"}


@pytest.fixture
def index(settings: Any, tmp_path: Path) -> Iterator[None]:
    """An index of this test alone."""
    settings.SEARCH = {**settings.SEARCH, "EMBEDDED_PATH": tmp_path / "search", "ELASTICSEARCH_URL": None}
    forget_engines()
    call_command("search_rebuild", verbosity=0)
    yield
    forget_engines()


@pytest.fixture
def found(index: None) -> dict[str, Question]:
    """A few questions in the index."""
    topic("Printing")
    red = question(
        title="The printer blinks red and stops", body="A red light blinks after each page.", topics=("printing",)
    )
    accept(answer(red, body="Take out the torn sheet behind the rear cover."))
    ink = question(title="Ink smears on glossy paper", body="The ink does not dry on glossy paper.")
    russian = question(title="Принтер мигает красным", body="Красная лампа мигает.", language="ru")
    drain()
    return {"red": red, "ink": ink, "ru": russian}


def titles(told: dict[str, Any]) -> list[str]:
    """Returns the titles of the results."""
    return [row["title"] for row in told["results"]]


class TestSearch:
    """GET /search."""

    def test_a_stranger_finds_a_question_by_its_answer(self, stranger: Caller, found: dict[str, Question]) -> None:
        told = stranger.get("search?q=torn+sheet+cover").json()
        assert told.keys() >= PAGE
        assert told["engine"].startswith("embedded")
        assert told["degraded"] is False
        assert told["took_ms"] > 0
        row = told["results"][0]
        assert row.keys() >= RESULT
        assert (row["type"], row["id"], row["accepted"], row["answers"]) == ("question", found["red"].pk, True, 1)
        assert "<mark>" in row["excerpt"]
        path = found["red"].get_absolute_url()
        assert row["url"] == f"http://testserver{path}"
        assert stranger.client.get(path).status_code == 200

    def test_urls_hold_the_port_in_use(self, found: dict[str, Question]) -> None:
        row = Caller(Host="127.0.0.1:8123").get("search?q=glossy").json()["results"][0]
        assert row["url"].startswith("http://127.0.0.1:8123/en/questions/")

    def test_filters_narrow_it_down(self, stranger: Caller, found: dict[str, Question]) -> None:
        def ids(query: str) -> set[int]:
            return {row["id"] for row in stranger.get(f"search?type=question&{query}").json()["results"]}

        assert ids("") == {asked.pk for asked in found.values()}
        assert ids("language=ru") == {found["ru"].pk}
        assert ids("status=accepted") == {found["red"].pk}
        assert ids("status=accepted,open&language=en") == {found["red"].pk, found["ink"].pk}
        assert ids("topic=printing") == {found["red"].pk}
        assert ids("topic=no-such") == set()

    def test_types_narrow_it_down(self, stranger: Caller, found: dict[str, Question]) -> None:
        assert {row["type"] for row in stranger.get("search?type=question").json()["results"]} == {"question"}
        assert stranger.get("search?q=red&type=nothing").json()["results"] == []

    def test_facets_count(self, stranger: Caller, found: dict[str, Question]) -> None:
        facets = stranger.get("search?q=red&type=question").json()["facets"]
        assert {"value", "count"} == facets["type"][0].keys()

    def test_the_source_id_is_text(self, stranger: Caller, found: dict[str, Question]) -> None:
        Question.objects.filter(pk=found["ink"].pk).update(source_key="4711")
        call_command("search_rebuild", verbosity=0)
        rows = {row["id"]: row for row in stranger.get("search?type=question").json()["results"]}
        assert rows[found["ink"].pk]["source_id"] == "4711"
        assert rows[found["red"].pk]["source_id"] is None

    def test_a_hit_deleted_since_is_not_told(self, stranger: Caller, found: dict[str, Question]) -> None:
        question_delete(user=member(staff=True), question_id=found["ink"].pk)
        assert found["ink"].title not in titles(stranger.get("search?q=glossy").json())

    @pytest.mark.parametrize(("asked", "most"), [("1", 1), ("0", 1), ("-4", 1), ("5000", 3)])
    def test_limit_is_kept_in_bounds(self, stranger: Caller, found: dict[str, Question], asked: str, most: int) -> None:
        assert len(stranger.get(f"search?type=question&limit={asked}").json()["results"]) == most

    @pytest.mark.parametrize(
        ("query", "field"), [("limit=many", "limit"), ("sort=magic", "sort"), ("offset=x", "offset")]
    )
    def test_nonsense_is_named(self, stranger: Caller, index: None, query: str, field: str) -> None:
        assert list(problem_of(stranger.get(f"search?q=red&{query}"), 422)["errors"]) == [field]

    @pytest.mark.parametrize(
        "words",
        ["%22", "*", "AND+OR+NOT", "title:%28", "%5B%5D%7B%7D", "+-%26%7C", "~2%5E5", "a" * 7_900, "%F0%9F%92%A9",
         "%E2%80%AE", "%3Cscript%3E", "((((((((((", "/.*/", "%ff%fe", "field:value", "^"],
    )  # fmt: skip
    def test_whatever_is_typed_there_is_an_answer(
        self, stranger: Caller, found: dict[str, Question], words: str
    ) -> None:
        for call in ("search?q", "suggest?q", "similar?title"):
            response = stranger.get(f"{call}={words}")
            assert response.status_code == 200, (call, response.content[:200])
            assert b"<script>" not in response.content

    def test_excerpts_are_escaped_but_for_marks(self, stranger: Caller, index: None) -> None:
        question(title="How do I write <b>bold</b> text?", body="`<script>alert(1)</script>` is shown as wombat text")
        drain()
        row = stranger.get("search?q=wombat").json()["results"][0]
        assert "<script" not in row["excerpt"]
        assert "<mark>wombat</mark>" in row["excerpt"]
        assert row["title"] == "How do I write <b>bold</b> text?"

    def test_without_an_index_the_database_answers(self, stranger: Caller, settings: Any, tmp_path: Path) -> None:
        asked = question(title="Why does the wombat purr?")
        settings.SEARCH = {**settings.SEARCH, "EMBEDDED_PATH": tmp_path / "none", "ELASTICSEARCH_URL": None}
        forget_engines()
        try:
            told = stranger.get("search?q=wombat").json()
        finally:
            forget_engines()
        assert (told["engine"], told["degraded"]) == ("database", True)
        assert [row["id"] for row in told["results"]] == [asked.pk]

    def test_results_come_in_few_queries(
        self, stranger: Caller, found: dict[str, Question], django_assert_max_num_queries: Any
    ) -> None:
        with django_assert_max_num_queries(6):
            stranger.get("search?q=printer")

    def test_it_is_limited(self, limited: None, stranger: Caller, index: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(LIMITS, "search", (2, 60))
        assert [stranger.get("search?q=red").status_code for _ in range(3)] == [200, 200, 429]
        response = stranger.get("search?q=red")
        assert int(response.headers["Retry-After"]) > 0


class TestSuggest:
    """GET /suggest."""

    def test_titles_that_begin_like_it(self, stranger: Caller, found: dict[str, Question]) -> None:
        told = stranger.get("suggest?q=the+prin&language=en").json()
        assert found["red"].title in titles(told)
        assert told["results"][0].keys() >= RESULT

    def test_at_most_eight(self, stranger: Caller, index: None) -> None:
        for number in range(10):
            question(title=f"Wombat question number {number}")
        drain()
        for limit in ("", "&limit=50", "&limit=8"):
            assert len(stranger.get(f"suggest?q=wombat{limit}").json()["results"]) == 8
        assert len(stranger.get("suggest?q=wombat&limit=3").json()["results"]) == 3

    def test_nothing_typed_is_no_error(self, stranger: Caller, found: dict[str, Question]) -> None:
        assert stranger.get("suggest").status_code == 200
        assert stranger.get("suggest?q=").status_code == 200


class TestSimilar:
    """GET and POST /similar."""

    ASKED = {"title": "Red light blinks on my printer", "body": "It stops after one page.", "language": "en"}

    def test_both_ways_give_the_same(self, stranger: Caller, found: dict[str, Question]) -> None:
        posted = stranger.post("similar", self.ASKED).json()
        got = stranger.get(
            "similar?title=Red+light+blinks+on+my+printer&body=It+stops+after+one+page.&language=en"
        ).json()
        assert posted["results"] == got["results"]
        assert posted["results"][0]["id"] == found["red"].pk

    def test_what_is_excluded_is_left_out(self, stranger: Caller, found: dict[str, Question]) -> None:
        pk = found["red"].pk
        for exclude in (pk, str(pk), [pk], [str(pk)], f"question:{pk}", f"0,{pk}"):
            told = stranger.post("similar", self.ASKED | {"exclude": exclude}).json()
            assert pk not in [row["id"] for row in told["results"]], exclude
        told = stranger.get(f"similar?title=red+printer&exclude={pk},999").json()
        assert pk not in [row["id"] for row in told["results"]]

    def test_a_long_text_goes_by_post(self, stranger: Caller, found: dict[str, Question]) -> None:
        told = stranger.post("similar", self.ASKED | {"body": "The red light blinks. " * 5_000}).json()
        assert told["results"][0]["id"] == found["red"].pk

    def test_an_address_of_eight_kilobytes_is_read(self, stranger: Caller, found: dict[str, Question]) -> None:
        body = "The+red+light+blinks.+" * 350
        told = stranger.get(f"similar?title=Red+light+on+the+printer&body={body[:7_900]}").json()
        assert told["results"][0]["id"] == found["red"].pk

    @pytest.mark.parametrize(
        ("body", "field"),
        [({"title": 5}, "title"), ({"limit": "x"}, "limit"), ({"exclude": {}}, "exclude"), ({"body": "\x00"}, "body")],
    )
    def test_bad_fields_are_named(self, stranger: Caller, index: None, body: dict[str, Any], field: str) -> None:
        assert list(problem_of(stranger.post("similar", body), 422)["errors"]) == [field]

    def test_nothing_written_yet_is_no_error(self, stranger: Caller, found: dict[str, Question]) -> None:
        assert stranger.get("similar").status_code == 200
        assert stranger.post("similar", {}).status_code == 200

    def test_it_needs_no_token_but_refuses_a_bad_one(self, stranger: Caller, found: dict[str, Question]) -> None:
        assert stranger.post("similar", self.ASKED).status_code == 200
        problem_of(stranger.post("similar", self.ASKED, Authorization="Bearer x"), 401)
