"""Reading queries, plans and weights."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.documents import DocumentKey, SearchDocument, SearchRequest, SimilarRequest, SuggestRequest
from search.queries import weights
from search.queries.building import beginnings, filtered, search_text, term_stems
from search.queries.parsing import ParsedQuery, minimum_matches, parse_query, query_stems
from search.queries.plan import DEEPEST_OFFSET, LARGEST_PAGE, Filters, SearchPlan, SimilarPlan, SuggestPlan
from search.queries.telling import LONGEST_QUERY
from search.queries.tree import Bool, Everything, Near, OneOf, Term
from tests.search.documents import COMMUNITY, PRINTER


@pytest.mark.parametrize(
    ("typed", "parsed"),
    [
        ("printer error", ParsedQuery("printer error")),
        ('"paper jam" printer', ParsedQuery("printer paper jam", phrases=("paper jam",))),
        ("“paper jam”", ParsedQuery("paper jam", phrases=("paper jam",))),
        ("«замятие бумаги»", ParsedQuery("замятие бумаги", phrases=("замятие бумаги",))),
        ("printer -jam", ParsedQuery("printer", excluded=("jam",))),
        ('printer -"paper jam"', ParsedQuery("printer", excluded=("paper jam",))),
        ("E-104", ParsedQuery("E-104")),
        ("a - b", ParsedQuery("a - b")),
        ("-jam", ParsedQuery("-jam")),
        ('say "hello', ParsedQuery('say "hello')),
        ('""', ParsedQuery("")),
        ("   ", ParsedQuery("")),
        ('What is "backprop"?', ParsedQuery("What is ? backprop", lifted=("backprop",))),
        (
            'one two three four "five six"',
            ParsedQuery("one two three four five six", lifted=("five six",)),
        ),
    ],
)
def test_operators(typed: str, parsed: ParsedQuery) -> None:
    assert parse_query(typed) == parsed


@given(st.text(max_size=300))
def test_any_text_is_a_query(typed: str) -> None:
    parsed = parse_query(typed)
    assert len(parsed.text) <= len(typed)


def test_a_query_is_read_in_each_language_of_the_reader() -> None:
    assert query_stems("Häuser", ()) == ["hauser"]
    assert set(query_stems("Häuser", ("de",))) == {"hauser", "haus"}
    assert query_stems("принтеры принтеры", ("ru", "de")) == ["принтер"]


@pytest.mark.parametrize(("terms", "minimum"), [(0, 1), (1, 1), (4, 1), (7, 1), (8, 2), (12, 3), (64, 16)])
def test_how_many_words_must_match(terms: int, minimum: int) -> None:
    assert minimum_matches(terms) == minimum


def test_a_plan_bounds_what_it_is_asked() -> None:
    plan = SearchPlan.of(SearchRequest(text="word " * 10, offset=10**9, limit=10**9))
    assert (plan.offset, plan.limit) == (DEEPEST_OFFSET, LARGEST_PAGE)
    long = SearchPlan.of(SearchRequest(text=" ".join(f"w{n}" for n in range(500))))
    assert long.minimum == minimum_matches(LONGEST_QUERY)
    assert len(long.weighed(long.stems, lambda field, term: 1, 10).stems) == LONGEST_QUERY
    assert len(long.unweighed().stems) == LONGEST_QUERY


@pytest.mark.parametrize(
    ("request_", "sort"),
    [
        (SearchRequest(text="a printer"), "relevance"),
        (SearchRequest(text=""), "newest"),
        (SearchRequest(text="!!"), "newest"),
        (SearchRequest(text="", sort="votes"), "votes"),
        (SearchRequest(text="printer", sort="sideways"), "relevance"),  # type: ignore[arg-type]
    ],
)
def test_the_order_of_a_plan(request_: SearchRequest, sort: str) -> None:
    assert SearchPlan.of(request_).sort == sort


def test_filters_without_one_facet() -> None:
    filters = Filters(("public",), types=("question",), topics=("printers",))
    assert filters.without("topic") == Filters(("public",), types=("question",))
    assert filters.without("") == filters


def test_every_query_is_filtered_by_visibility() -> None:
    plain = filtered(Everything(), Filters(("public", "members")))
    assert plain.filters == (OneOf("visibility", ("public", "members")),)
    excluded = filtered(Everything(), Filters((), exclude=(DocumentKey("question", "1"),)))
    assert excluded.must_not == (OneOf("uid", ("question:1",)),)
    assert excluded.filters == (OneOf("visibility", ()),)


def test_an_empty_text_asks_for_everything() -> None:
    plan = SearchPlan.of(SearchRequest())
    assert search_text(plan, plan.unweighed(), None, partial(term_stems, plan.reads)) == Everything()


def test_suggestions_ask_for_each_beginning() -> None:
    plan = SuggestPlan.of(SuggestRequest("How do I extraordinarily-long-beginning"))
    assert plan.beginnings[:3] == ("how", "do", "i")
    assert max(map(len, plan.beginnings)) == 16
    node = next(beginnings(plan))
    assert isinstance(node, Bool)
    assert node.must[0].minimum == len(plan.beginnings)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("typed", "minimums"),
    [("a", [1]), ("a b", [2]), ("a b c", [3, 2]), ("printer", [1, 1]), ("a b printer", [3, 3, 2]), ("e-10455", [3, 2])],
)
def test_what_is_asked_for_one_after_the_other(typed: str, minimums: list[int]) -> None:
    asked = list(beginnings(SuggestPlan.of(SuggestRequest(typed))))
    assert [node.must[0].minimum for node in asked] == minimums  # type: ignore[union-attr]


def test_only_words_of_five_letters_are_taken_for_mistyped() -> None:
    _exact, near, _some = beginnings(SuggestPlan.of(SuggestRequest("the pritner e12345")))
    kinds = [type(each) for each in near.must[0].should]  # type: ignore[union-attr]
    assert kinds == [Term, Near, Term]


def test_kana_alone_are_asked_for_by_their_sound_too() -> None:
    assert SuggestPlan.of(SuggestRequest("インサツ")).readings == ("いんさつ",)
    assert SuggestPlan.of(SuggestRequest("いんさ")).readings == ("いんさ",)
    for typed in ("印刷", "いんさつ x", "印さつ", "print", "принт"):
        assert SuggestPlan.of(SuggestRequest(typed)).readings == ()


def test_each_kind_is_asked_by_itself() -> None:
    plan = SuggestPlan.of(SuggestRequest("p", types=("question", "topic"), visibility=("public", "space:1")))
    assert [each.types for each in plan.kinds] == [("question",), ("topic",)]
    assert {each.visibility for each in plan.kinds} == {("public", "space:1")}
    assert [each.types for each in SuggestPlan.of(SuggestRequest("p")).kinds] == [()]


def similar_plan(title: list[str], body: dict[str, int], known: dict[str, int]) -> SimilarPlan:
    return SimilarPlan.of(SimilarRequest("t"), title, body, lambda term: known.get(term, 0), 1_000)


def test_a_similar_plan_keeps_the_telling_terms() -> None:
    body = {f"common{n}": 1 for n in range(40)} | {"rare": 1}
    known = {f"common{n}": 900 for n in range(40)} | {"rare": 2, "title": 500}
    plan = similar_plan(["title"], body, known)
    terms = [term for term, _ in plan.terms]
    assert len(terms) == 24
    assert {"rare", "title"} <= set(terms)


def test_a_similar_plan_leaves_unknown_terms_out() -> None:
    assert similar_plan(["nowhere"], {"neither": 3}, {}).terms == ()


def test_terms_of_the_title_weigh_more() -> None:
    weighed = dict(similar_plan(["one"], {"two": 1}, {"one": 5, "two": 5}).terms)
    assert weighed["one"] > weighed["two"]


def test_a_prior_stays_small() -> None:
    best = replace(PRINTER, accepted=True, official=True, score=10**6)
    worst = replace(PRINTER, accepted=False, status="obsolete", score=-(10**6))
    assert 0.6 <= weights.prior(worst) < weights.prior(PRINTER) < weights.prior(best) <= 1.25


def test_questions_and_articles_age_and_members_do_not() -> None:
    old, new = (replace(PRINTER, updated_at=datetime(year, 6, 1, tzinfo=UTC)) for year in (2015, 2025))
    assert weights.prior(new) - weights.prior(old) == pytest.approx(10 * weights.FRESHNESS_PRIOR, abs=0.0002)
    members = [replace(each, type="member") for each in (old, new)]
    assert weights.prior(members[0]) == weights.prior(members[1])
    far = [replace(PRINTER, updated_at=datetime(year, 1, 1, tzinfo=UTC)) for year in (1970, 2009, 2031, 9000)]
    assert weights.prior(far[0]) == weights.prior(far[1])
    assert weights.prior(far[2]) == weights.prior(far[3])


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_the_rank_by_votes_never_contradicts_the_votes(one: int, another: int) -> None:
    ranks = [weights.votes_rank(replace(PRINTER, score=score)) for score in sorted((one, another))]
    assert ranks[0] <= ranks[1]
    assert all(-(2**63) <= rank < 2**63 for rank in ranks)


@pytest.mark.parametrize("document", COMMUNITY, ids=lambda document: document.key.uid)
def test_a_document_survives_its_json(document: SearchDocument) -> None:
    assert SearchDocument.from_dict(document.as_dict()) == document
    assert SearchDocument.from_dict({**document.as_dict(), "of_a_later_version": 1}) == document


@pytest.mark.parametrize(
    "change",
    [{"title": "x"}, {"score": 8}, {"visibility": ("members",)}, {"accepted": False}, {"topics": ()}, {"answers": ""}],
)
def test_any_change_changes_the_hash(change: dict[str, object]) -> None:
    assert replace(PRINTER, **change).content_hash() != PRINTER.content_hash()
    assert 0 <= PRINTER.content_hash() < 2**63


def test_a_key_may_hold_colons_in_its_id() -> None:
    key = DocumentKey("article", "a:b")
    assert DocumentKey.from_uid(key.uid) == key
