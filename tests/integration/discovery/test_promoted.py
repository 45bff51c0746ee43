"""What is promoted among what is found: whoever promotes it, it is checked, bounded and shown once."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.discovery import promoted, registry
from portal.discovery.promoted import MOST, behind, promoted_hits
from portal.discovery.selectors import search_run
from portal.questions.services.questions import question_delete
from search.documents import SearchRequest
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import question


@pytest.fixture
def promoter(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """Promotes ``keys`` for every query, and notes what it was asked."""
    told = SimpleNamespace(keys=[], asked=[])

    def promote(text: str, language: str) -> list[tuple[str, str]]:
        told.asked.append((text, language))
        return told.keys

    monkeypatch.setattr(registry, "_promoters", [promote])
    yield told


def keys(*rows: object) -> list[tuple[str, str]]:
    return [("question", str(row.pk)) for row in rows]


def titles(request: SearchRequest) -> list[str]:
    return [hit.title for hit in promoted_hits(request)]


@pytest.mark.django_db
class TestHits:
    def test_in_the_order_of_promoting_each_once_and_five_at_most(self, promoter):
        rows = [question(title=f"Promoted number {n}") for n in range(MOST + 2)]
        promoter.keys = [*keys(*reversed(rows)), *keys(rows[0])]
        assert titles(SearchRequest(text="x")) == [row.title for row in reversed(rows)][:MOST]

    def test_what_is_gone_or_no_kind_of_result_is_passed_over(self, promoter):
        kept, gone = question(title="The kept one"), question(title="The deleted one")
        with committed():
            question_delete(user=member(staff=True), question_id=gone.pk)
        promoter.keys = [*keys(gone), ("poll", "1"), ("question", "999999"), *keys(kept)]
        assert titles(SearchRequest(text="x")) == ["The kept one"]

    @pytest.mark.parametrize("text", ["", "  ", "?!", "is:accepted", "word -other", "topic:labels word"])
    def test_nothing_for_a_query_without_words_or_with_conditions(self, promoter, text):
        promoter.keys = keys(question())
        assert promoted_hits(SearchRequest(text=text)) == []

    @pytest.mark.parametrize(
        "more",
        [{"sort": "votes"}, {"topics": ("a",)}, {"products": ("a",)}, {"statuses": ("open",)}, {"authors": ("a",)},
         {"time": "week"}, {"types": ("article",)}, {"languages": ("ru",)}, {"without_types": ("question",)}],
    )  # fmt: skip
    def test_nothing_that_a_choice_leaves_out(self, promoter, more):
        promoter.keys = keys(question())
        assert promoted_hits(SearchRequest(text="word", **more)) == []

    def test_what_is_left_out_by_the_caller_stays_out(self, promoter):
        row = question()
        promoter.keys = keys(row)
        assert promoted_hits(SearchRequest(text="word", exclude=(("question", str(row.pk)),))) == []

    def test_the_language_asked_in_is_the_chosen_one_then_the_readers_first(self, promoter):
        for more in ({"languages": ("ja",), "reads": ("ru",)}, {"reads": ("ru", "en")}, {}):
            promoted_hits(SearchRequest(text=' "Word" here ', **more))
        assert [language for _text, language in promoter.asked] == ["ja", "ru", ""]

    def test_words_are_marked_and_nothing_else_is_markup(self, promoter):
        promoter.keys = keys(question(title="A <b>label</b> & more"))
        (hit,) = promoted_hits(SearchRequest(text="labels", reads=("en",)))
        assert hit.title_html == "A &lt;b&gt;<mark>label</mark>&lt;/b&gt; &amp; more"

    def test_the_page_holds_it_once_and_counts_it(self, promoter, index):
        rows = [question(title=f"Labels number {n}") for n in range(4)]
        index()
        promoter.keys = keys(rows[3])
        page = search_run(user=None, request=SearchRequest(text="labels", limit=3))
        assert [each.promoted for each in page.results] == [True, False, False] and page.total == 4
        rest = search_run(user=None, request=SearchRequest(text="labels", limit=3, offset=3))
        assert len(rest.results) == 1 and not rest.results[0].promoted
        shown = [each.hit.id for each in [*page.results, *rest.results]]
        assert sorted(shown) == sorted(str(row.pk) for row in rows)

    def test_a_page_past_everything_is_empty(self, promoter, index):
        promoter.keys = keys(question())
        index()
        assert search_run(user=None, request=SearchRequest(text="zzz", offset=50)).results == []

    def test_the_database_answers_behind_it_too(self, promoter, no_index):
        row, other = question(title="Labels one"), question(title="Labels two")
        promoter.keys = keys(other)
        page = search_run(user=None, request=SearchRequest(text="labels"))
        assert page.degraded and [each.hit.id for each in page.results] == [str(other.pk), str(row.pk)]


def test_a_promoter_is_registered_once(monkeypatch):
    monkeypatch.setattr(registry, "_promoters", [])

    def promote(text: str, language: str) -> list[tuple[str, str]]:
        return []

    registry.register_promoter(promote)
    registry.register_promoter(promote)
    assert registry.promoters() == (promote,)
    assert promoted.promoters() == (promote,)


@given(st.integers(0, 7), st.integers(0, 12), st.integers(0, 40), st.integers(1, 9))
def test_pages_show_promoted_and_found_without_a_gap_or_a_repeat(count, found, start, size):
    """The arithmetic of pages: any page is a stretch of the list "promoted, then found"."""
    hits = [SimpleNamespace(type="question", id=f"p{n}") for n in range(count)]
    shown = hits[start : start + size]
    rest = behind(SearchRequest(offset=start, limit=size), promoted=hits, shown=len(shown))
    every = [f"f{n}" for n in range(found)]
    page = [hit.id for hit in shown] + every[rest.offset : rest.offset + rest.limit]
    assert page == ([hit.id for hit in hits] + every)[start : start + size]
    assert [identity for _kind, identity in rest.exclude] == [hit.id for hit in hits]
