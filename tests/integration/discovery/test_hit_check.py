"""Permission is applied twice: what the index still holds is looked up once more before anyone sees it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from portal.discovery import registry
from portal.discovery.registry import ResultType, register_result_type, result_types
from portal.discovery.selectors import (
    DEEPEST,
    QUERY_LONGEST,
    checked,
    search_run,
    similar_run,
    suggest_run,
    visibility_of,
)
from portal.questions.models import Question
from portal.questions.services.questions import question_delete, question_edit, question_restore
from search.documents import PUBLIC, Hit, SearchRequest
from tests.factories.accounts import member
from tests.factories.questions import question


def hit(kind, pk):
    """Returns a hit as an engine gives it."""
    from portal.core.clock import now

    return Hit(
        type=kind, id=str(pk), language="en", title="T", title_html="T", excerpt_html="", score=0, source_id=None,
        accepted=False, official=False, answers_count=0, status=None, author=None, topics=(), created_at=now(),
        updated_at=now(),
    )  # fmt: skip


@pytest.fixture
def only_types(monkeypatch):
    """A registry of this test's own."""
    monkeypatch.setattr(registry, "_types", {})


class TestChecked:
    def test_hits_keep_their_order_and_lose_what_is_not_visible(self, only_types):
        asked = []

        def visible(user, ids):
            asked.append((user, list(ids)))
            return {pk: f"/x/{pk}/" for pk in ids if int(pk) % 2}

        register_result_type(ResultType("x", "Xs", "book", visible))
        found = checked("reader", [hit("x", pk) for pk in (5, 2, 1, 4, 3)])
        assert [each.path for each in found] == ["/x/5/", "/x/1/", "/x/3/"]
        assert asked == [("reader", ["5", "2", "1", "4", "3"])]

    def test_a_kind_that_nobody_registered_is_not_shown(self, only_types):
        assert checked(None, [hit("secret", 1)]) == []

    def test_each_kind_is_asked_once(self, only_types):
        calls = []
        for name in ("x", "y"):
            register_result_type(
                ResultType(name, name, "book", lambda user, ids, n=name: calls.append(n) or dict.fromkeys(ids, f"/{n}"))
            )
        found = checked(None, [hit("x", 1), hit("y", 1), hit("x", 2), hit("y", 9)])
        assert calls == ["x", "y"]
        assert [each.path for each in found] == ["/x", "/y", "/x", "/y"]

    def test_no_hits_ask_nothing(self, only_types):
        register_result_type(ResultType("x", "Xs", "book", lambda user, ids: pytest.fail("asked for nothing")))
        assert checked(None, iter(())) == []

    def test_registering_again_replaces(self, only_types):
        for path in ("/old", "/new"):
            register_result_type(ResultType("x", "Xs", "book", lambda user, ids, p=path: dict.fromkeys(ids, p)))
        assert [each.path for each in checked(None, [hit("x", 1)])] == ["/new"]

    def test_what_is_handed_out_is_a_copy(self, only_types):
        result_types()["x"] = "put in from outside"  # type: ignore[assignment]
        assert result_types() == {}

    def test_the_portal_knows_what_design_names(self):
        assert {"question", "article", "member"} <= set(result_types())
        assert all(kind.icon and str(kind.label) for kind in result_types().values())


class TestDeleted:
    """The index is seconds old: a question deleted meanwhile is shown in no place that searches."""

    @pytest.fixture
    def gone(self, index):
        asked = question(title="Regrettable remark about cables")
        index()
        assert search_run(user=None, request=SearchRequest(text="regrettable")).results
        question_delete(user=asked.author, question_id=asked.pk)
        return asked

    @pytest.mark.parametrize("reader", [None, AnonymousUser(), "author", "staff"])
    def test_search(self, gone, reader):
        user = {"author": gone.author, "staff": member(staff=True)}.get(reader, reader)
        assert search_run(user=user, request=SearchRequest(text="regrettable")).results == []

    def test_suggestions(self, gone):
        assert suggest_run(user=None, text="regrett", language="en").results == []

    def test_similar(self, gone):
        assert similar_run(user=None, title="Regrettable remark about cables").results == []

    @pytest.mark.parametrize(
        "address",
        [
            "/en/search/?q=regrettable",
            "/en/search/suggest/?q=regrett",
            "/en/search/similar/?title=Regrettable+remark+about+cables",
        ],
    )
    def test_pages(self, gone, address):
        text = Client().get(address).content.decode()
        assert "remark about cables</a>" not in text
        assert f"/questions/{gone.pk}/" not in text

    def test_once_indexed_it_is_not_even_counted_and_back_it_comes(self, gone, index):
        index()
        assert search_run(user=None, request=SearchRequest(text="regrettable")).total == 0
        question_restore(user=gone.author, question_id=gone.pk)
        index()
        assert search_run(user=None, request=SearchRequest(text="regrettable")).total == 1

    def test_a_row_that_is_gone_altogether(self, index):
        asked = question(title="Vanished question")
        index()
        Question.objects.filter(pk=asked.pk).delete()
        assert search_run(user=None, request=SearchRequest(text="vanished")).results == []


class TestPaths:
    def test_a_path_is_todays_not_the_one_of_the_index(self, index):
        asked = question(title="Old words of a title")
        index()
        edited = question_edit(user=asked.author, question_id=asked.pk, version=1, title="Fresh heading")
        (found,) = search_run(user=None, request=SearchRequest(text="old words")).results
        assert found.path == edited.get_absolute_url()
        assert found.path.endswith("/fresh-heading/")


class TestRequests:
    def test_a_reader_carries_what_everybody_carries(self):
        assert visibility_of(None) == visibility_of(AnonymousUser()) == (PUBLIC,)

    def test_a_caller_cannot_bring_a_visibility_along(self, index):
        question(title="The only cable")
        index()
        page = search_run(user=None, request=SearchRequest(text="cable", visibility=("space:1",)))
        assert len(page.results) == 1

    @pytest.mark.parametrize("text", ["a\x00b", "\x00", "x" * (QUERY_LONGEST * 3), "🖨️" * 900, "\ud800"[:0]])
    def test_any_text_is_answered(self, index, text):
        for found in (
            search_run(user=None, request=SearchRequest(text=text)),
            suggest_run(user=None, text=text, language="en"),
            similar_run(user=None, title=text, body=text),
        ):
            assert found.engine.startswith("embedded")
            assert not found.degraded

    @pytest.mark.parametrize("offset", [-5, 0, DEEPEST, DEEPEST * 100, 10**15])
    def test_any_depth_is_answered(self, index, offset):
        question(title="The only cable")
        index()
        page = search_run(user=None, request=SearchRequest(text="cable", offset=offset))
        assert page.total == 1
        assert len(page.results) == (1 if offset <= 0 else 0)

    def test_what_took_long_is_told(self, index):
        page = search_run(user=None, request=SearchRequest(text="cable"))
        assert page.took_ms >= 0
        assert page.did_you_mean is None

    def test_without_an_index_the_database_answers(self, no_index):
        question(title="The only cable")
        page = search_run(user=None, request=SearchRequest(text="cable"))
        assert (page.engine, page.degraded, len(page.results)) == ("database", True, 1)
